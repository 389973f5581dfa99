#include "impl/service/socket_registry.hpp"

#include <algorithm>
#include <utility>

#include "impl/wire/frame.hpp"

namespace twostep::service {

std::shared_ptr<Socket> SocketRegistry::open(const UserId& user, std::optional<ClientId> client,
                                             ConnectionId connection, std::function<void()> wake) {
  auto socket = std::make_shared<Socket>(user, client, connection, std::move(wake));
  auto& shard = shard_of(user);
  const std::lock_guard lock{shard.mutex};
  if (shard.shut) {
    socket->end(Socket::End::shutting_down);
    return socket;
  }

  auto& sockets = shard.users[user];
  const auto older = std::find_if(sockets.begin(), sockets.end(), [&](const auto& other) {
    return other->connection() == connection;
  });
  if (older != sockets.end()) {
    drop(sockets, static_cast<std::size_t>(older - sockets.begin()), Socket::End::replaced);
  } else if (sockets.size() >= limits::sockets_per_user_max) {
    drop(sockets, 0, Socket::End::too_many);
  }
  sockets.push_back(socket);
  ++size_;
  return socket;
}

void SocketRegistry::leave(const Socket& socket) {
  auto& shard = shard_of(socket.user());
  const std::lock_guard lock{shard.mutex};
  const auto user = shard.users.find(socket.user());
  if (user == shard.users.end()) return;
  size_ -= std::erase_if(user->second, [&](const auto& other) { return other.get() == &socket; });
  if (user->second.empty()) shard.users.erase(user);
}

void SocketRegistry::shut_down() {
  for (auto& shard : shards_) {
    const std::lock_guard lock{shard.mutex};
    shard.shut = true;
    for (const auto& [user, sockets] : shard.users) {
      for (const auto& socket : sockets) socket->end(Socket::End::shutting_down);
      size_ -= sockets.size();
    }
    shard.users.clear();
  }
}

void SocketRegistry::ring(const Doorbell& doorbell) {
  const auto& shard = shard_of(doorbell.user);
  const std::lock_guard lock{shard.mutex};
  const auto user = shard.users.find(doorbell.user);
  if (user == shard.users.end()) return;
  const auto frame =
      std::make_shared<const std::string>(wire::notification_frame(doorbell.id, doorbell.event));
  for (const auto& socket : user->second) socket->ring(doorbell, frame);
}

void SocketRegistry::send_transient(const UserId& user, const std::vector<ClientId>& targets,
                                    ConnectionId origin, std::shared_ptr<const std::string> frame) {
  const auto& shard = shard_of(user);
  const std::lock_guard lock{shard.mutex};
  const auto found = shard.users.find(user);
  if (found == shard.users.end()) return;
  for (const auto& socket : found->second) socket->transient(targets, origin, frame);
}

bool SocketRegistry::online(const UserId& user, ClientId client) const {
  const auto& shard = shard_of(user);
  const std::lock_guard lock{shard.mutex};
  const auto found = shard.users.find(user);
  return found != shard.users.end() &&
         std::any_of(found->second.begin(), found->second.end(),
                     [&](const auto& socket) { return socket->client() == client; });
}

void SocketRegistry::close(const UserId& user, ClientId client) {
  auto& shard = shard_of(user);
  const std::lock_guard lock{shard.mutex};
  const auto found = shard.users.find(user);
  if (found == shard.users.end()) return;
  for (std::size_t i = found->second.size(); i-- > 0;) {
    if (found->second[i]->client() == client) drop(found->second, i, Socket::End::client_removed);
  }
  if (found->second.empty()) shard.users.erase(found);
}

SocketRegistry::Shard& SocketRegistry::shard_of(const UserId& user) {
  return shards_[std::hash<UserId>{}(user) % shards_.size()];
}

const SocketRegistry::Shard& SocketRegistry::shard_of(const UserId& user) const {
  return shards_[std::hash<UserId>{}(user) % shards_.size()];
}

void SocketRegistry::drop(Open& sockets, std::size_t index, Socket::End why) {
  sockets[index]->end(why);
  sockets.erase(sockets.begin() + static_cast<std::ptrdiff_t>(index));
  --size_;
}

}  // namespace twostep::service

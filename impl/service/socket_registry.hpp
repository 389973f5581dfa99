#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <unordered_map>
#include <vector>

#include "impl/service/limits.hpp"
#include "impl/service/ports.hpp"
#include "impl/service/socket.hpp"

/// The open websockets of this node, by user.
///
/// Shape      A socket is known by its user and the connection of its access token: a newer socket
///            of the same connection replaces the older, which is told to end. Sockets of different
///            connections are independent, also for the same client.
/// Threads    Any. Users are spread over shards with a mutex each, held while their sockets are
///            rung: a ring touches memory only.
/// Source     specs/02-deliver.md (DLV-05 to DLV-07).
namespace twostep::service {

class SocketRegistry final : public Sockets {
 public:
  /// From now on the socket hears of its user's notifications. See `Socket` for `wake`.
  std::shared_ptr<Socket> open(const UserId& user, std::optional<ClientId> client,
                               ConnectionId connection, std::function<void()> wake);

  void leave(const Socket& socket);  ///< Its session has ended. Nothing if it was replaced.

  /// Tells every socket to end, and every one that opens from now on.
  void shut_down();

  std::size_t size() const { return size_.load(std::memory_order_relaxed); }

  void ring(const Doorbell& doorbell) override;
  void send_transient(const UserId& user, const std::vector<ClientId>& targets, ConnectionId origin,
                      std::shared_ptr<const std::string> frame) override;
  bool online(const UserId& user, ClientId client) const override;
  void close(const UserId& user, ClientId client) override;

 private:
  using Open = std::vector<std::shared_ptr<Socket>>;  ///< Oldest first.

  struct Shard {
    mutable std::mutex mutex;
    std::unordered_map<UserId, Open> users;  ///< Without empty entries.
    bool shut = false;
  };

  Shard& shard_of(const UserId& user);
  const Shard& shard_of(const UserId& user) const;
  void drop(Open& sockets, std::size_t index, Socket::End why);

  std::array<Shard, limits::socket_shards> shards_;
  std::atomic<std::size_t> size_{0};
};

}  // namespace twostep::service

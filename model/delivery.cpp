// Step two: a frame on each open socket (DLV-01), else a native push to a phone, else nothing. It takes
// nothing out of the inbox (DLV-13), and no answer of step one waits for it (SND-04, SND-05).

#include <algorithm>
#include <utility>

#include "model/parts.hpp"

namespace twostep::model {
namespace {

const Socket* socket_of(const Backend& backend, UserId user, ConnectionId connection) {
  const auto& sockets = backend.sockets;
  const auto at = std::find_if(sockets.begin(), sockets.end(), [&](const Socket& socket) {
    return socket.user == user && socket.connection == connection;
  });
  return at != sockets.end() ? &*at : nullptr;
}

// A socket of a client gets what is for it or for all; one without a client everything (DLV-03, DLV-04).
bool is_for(const Socket& socket, const Notification& notification) {
  return !socket.client || !notification.client || *socket.client == *notification.client;
}

}  // namespace

void ring(Backend& backend, NodeId node, const Transaction::Row& row, bool transient,
          bool native_push, std::optional<UserId> actor, std::optional<ConnectionId> origin) {
  Delivery delivery{row.user, node, row.notification, transient, native_push, {}};
  for (const auto& socket : backend.sockets) {
    const bool is_origin = actor == socket.user && origin == socket.connection;
    if (socket.user == row.user && !is_origin && is_for(socket, row.notification)) {
      delivery.sockets.push_back(socket.connection);
    }
  }
  const auto* user = user_of(backend, row.user);
  const bool may_push = native_push && user != nullptr && !user->tokens.empty();
  // The third way: nothing. Who opens a socket later finds it in the catch-up (DLV-12).
  if (delivery.sockets.empty() && !may_push) return;
  delivery.native_push = may_push;
  // A user's deliveries stay together, so that equal queues are equal states.
  auto& queue = backend.deliveries;
  const auto after = std::find_if(queue.begin(), queue.end(),
                                  [&](const Delivery& other) { return row.user < other.user; });
  queue.insert(after, std::move(delivery));
}

void deliver(Backend& backend, UserId id, Effects& effects) {
  auto& queue = backend.deliveries;
  const auto is_theirs = [&](const Delivery& delivery) { return delivery.user == id; };
  auto next = std::find_if(queue.begin(), queue.end(), is_theirs);
  if (next == queue.end()) return;
  if (has(backend, Bug::frames_out_of_order)) {
    next = std::find_if(queue.rbegin(), queue.rend(), is_theirs).base() - 1;
  }
  const auto delivery = *next;
  queue.erase(next);  // Once on each socket (DLV-08).

  const auto& notification = delivery.notification;
  bool is_reached = false;
  for (const auto& connection : delivery.sockets) {
    const auto* socket = socket_of(backend, id, connection);
    if (socket == nullptr) continue;
    effects.push_back(WriteFrame{id, connection, notification, delivery.transient});
    // A socket without a client says nothing about which client was reached.
    is_reached = is_reached || (socket->client && socket->client == notification.client);
  }
  if (has(backend, Bug::pushes_what_a_socket_got)) is_reached = false;
  if (is_reached || !delivery.native_push || !notification.client) return;  // DLV-17, DLV-19.
  for (const auto& token : user_of(backend, id)->tokens) {
    if (token.client != *notification.client) continue;                         // DLV-20.
    effects.push_back(Push{{id, token.client}, token.token, notification.id});  // DLV-18.
  }
}

void open_socket(Backend& backend, const Socket& socket, Effects& effects) {
  // The newer socket of an access token replaces the older one (DLV-07).
  if (socket_of(backend, socket.user, socket.connection) != nullptr) {
    close_socket(backend, socket.user, socket.connection);
    effects.push_back(CloseSocket{socket.user, socket.connection});
  }
  insert(backend.sockets, socket);
}

void close_socket(Backend& backend, UserId user, ConnectionId connection) {
  std::erase_if(backend.sockets, [&](const Socket& socket) {
    return socket.user == user && socket.connection == connection;
  });
  for (auto& delivery : backend.deliveries) {
    if (delivery.user == user) std::erase(delivery.sockets, connection);
  }
  std::erase_if(backend.deliveries, [](const Delivery& delivery) {
    return delivery.sockets.empty() && !delivery.native_push;
  });
}

}  // namespace twostep::model

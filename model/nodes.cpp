// Servers end and start, and old notifications go.

#include <algorithm>

#include "model/parts.hpp"

namespace twostep::model {

void crash(Backend& backend, NodeId id) {
  auto& node = node_of(backend, id);
  node = {.id = id, .up = false, .sequence = node.sequence, .bits = node.bits};
  const auto is_its = [&](const auto& thing) { return thing.node == id; };
  std::erase_if(backend.jobs, is_its);
  std::erase_if(backend.database.open, is_its);  // Rolled back: all of it or nothing (SND-06).
  const auto sockets = backend.sockets;
  for (const auto& socket : sockets) {
    if (socket.node == id) close_socket(backend, socket.user, socket.connection);
  }
  // Sockets elsewhere learn of a commit from the database; only the push was this server's own.
  for (auto& delivery : backend.deliveries) {
    if (delivery.node == id) delivery.native_push = false;
  }
  std::erase_if(backend.deliveries, [](const Delivery& delivery) {
    return delivery.sockets.empty() && !delivery.native_push;
  });
  for (auto& row : backend.database.outgoing) {
    if (row.state != Outgoing::State::called || row.node != id) continue;
    row.state = Outgoing::State::ready;  // Nobody knows whether the peer has it: call again.
    row.node = {};
  }
  if (has(backend, Bug::forgets_on_crash)) {
    for (auto& user : backend.database.users) user.inbox.clear();
  }
}

void start(Backend& backend, const NodeStarted& started) {
  auto& node = node_of(backend, started.node);
  const bool keeps_bits = has(backend, Bug::reuses_ids_after_restart);
  node.up = true;
  node.sequence = keeps_bits ? node.sequence : started.sequence;
  node.bits = keeps_bits ? node.bits : started.bits;
}

void expire(Backend& backend, Time before) {
  for (auto& user : backend.database.users) {
    std::erase_if(user.inbox, [&](const Notification& old) { return old.id.ticks < before; });
  }
}

}  // namespace twostep::model

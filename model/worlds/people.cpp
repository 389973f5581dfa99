// What clients do on a stage, and what becomes of servers.

#include <algorithm>
#include <utility>

#include "model/flat.hpp"
#include "model/inbox.hpp"
#include "model/worlds/names.hpp"
#include "model/worlds/stage.hpp"

namespace twostep::model {
namespace {

void add(Trace* trace, Line::Kind kind, std::string from, std::string to, std::string text) {
  if (trace != nullptr) trace->push_back({kind, std::move(from), std::move(to), std::move(text)});
}

std::string named(const Notification& notification) {
  if (!notification.content.conversation) return "an event";
  return "m" + std::to_string(message_of(notification.content.payload) + 1);
}

Page page_for(const Stage& stage, const Device& device, std::size_t size) {
  const auto& [user, client] = device.client;
  return catch_up(stage.backends.at(user.home.value), {user, client, device.pointer, size});
}

ConnectionId connection_of(std::size_t device) { return {static_cast<std::uint32_t>(device + 1)}; }

}  // namespace

bool has_news(const Stage& stage, std::size_t index, std::size_t size) {
  const auto& device = stage.devices.at(index);
  const auto page = page_for(stage, device, size);
  return page.gap || !page.notifications.empty() || (device.connected && !device.caught_up);
}

void catch_up(Stage& stage, std::size_t index, std::size_t size, Trace* trace) {
  auto& device = stage.devices.at(index);
  const auto page = page_for(stage, device, size);
  const auto backend = name(device.client.user.home);
  const auto who = name(device.client);
  add(trace, Line::Kind::call, who, backend, device.pointer ? "what is newer?" : "what is there?");
  if (page.gap) {  // It knows now, and starts again with what there is.
    add(trace, Line::Kind::reply, backend, who, "404, the pointer is unknown");
    device.gap = true;
    device.pointer.reset();
    return;
  }
  std::string found;
  for (const auto& notification : page.notifications) {
    found += (found.empty() ? "" : ", ") + named(notification);
    device.handled.push_back(notification.id);
    device.pointer = notification.id;
  }
  device.caught_up = device.connected && !page.has_more;
  add(trace, Line::Kind::reply, backend, who,
      (found.empty() ? "nothing" : found) + (page.has_more ? ", and there is more" : ""));
}

void connect(Stage& stage, std::size_t index, NodeId node, Trace* trace) {
  auto& device = stage.devices.at(index);
  device.connected = true;
  device.caught_up = false;
  const auto& [user, client] = device.client;
  add(trace, Line::Kind::call, name(device.client), name(user.home), "open a socket");
  take(stage, user.home, SocketOpened{{user, connection_of(index), client, node}}, trace);
}

void disconnect(Stage& stage, std::size_t index, Trace* trace) {
  auto& device = stage.devices.at(index);
  device.connected = device.caught_up = false;
  const auto user = device.client.user;
  add(trace, Line::Kind::lost, name(device.client), name(user.home), "socket closed");
  take(stage, user.home, SocketClosed{user, connection_of(index)}, trace);
}

void expire_all(Stage& stage, BackendId backend, Trace* trace) {
  add(trace, Line::Kind::note, name(backend), "", "forgets what is old");
  Time newest = 0;
  const auto& users = stage.backends.at(backend.value).database.users;
  for (auto& device : stage.devices) {
    const auto* user = find_by(users, device.client.user, &User::id);
    if (user == nullptr) continue;
    for (const auto& row : user->inbox) {
      newest = std::max(newest, row.id.ticks);
      const bool is_theirs = !row.client || *row.client == device.client.id;
      const bool is_new = device.pointer && row.id > *device.pointer;
      device.missed = device.missed || (is_theirs && is_new);
    }
  }
  take(stage, backend, Expired{newest + 1}, trace);
}

void fail_commit(Stage& stage, BackendId backend, RequestId request, Trace* trace) {
  add(trace, Line::Kind::note, name(backend), "",
      "cannot commit m" + std::to_string(message_of(request) + 1));
  take(stage, backend, CommitFailed{request}, trace);
}

void pass_time(Stage& stage, Trace* trace) {
  ++stage.now;
  add(trace, Line::Kind::note, "time", "", "passes");
}

void crash(Stage& stage, BackendId backend, NodeId node, Trace* trace) {
  add(trace, Line::Kind::note, name(backend, node), "", "crashes");
  const auto& state = stage.backends.at(backend.value);
  const auto is_its = [&](RequestId request) {
    const auto* job = find_by(state.jobs, request, &Job::request);
    return job != nullptr && job->node == node;
  };
  // Who has asked this server sees the connection end; who was called by it is not listened to.
  std::vector<Call> broken;
  std::vector<Call> unheard;
  for (const auto& call : stage.calls) {
    if (call.to == backend && call.stage == Call::Stage::served && is_its(call.inbound))
      broken.push_back(call);
    if (call.from == backend && !call.given_up && is_its(call.request)) unheard.push_back(call);
  }
  for (std::size_t number = 0; number < stage.sent.size(); ++number) {
    if (stage.sent[number].stage == Sent::Stage::pending && is_its(request_of(number))) {
      stage.sent[number].stage = Sent::Stage::broken;
    }
  }
  for (const auto& socket : state.sockets) {
    if (socket.node != node) continue;
    auto& device = stage.devices.at(socket.connection.value - 1);
    device.connected = device.caught_up = false;
  }
  for (auto call : unheard) {
    remove(stage.calls, call);
    call.given_up = true;
    if (call.stage != Call::Stage::answered) insert(stage.calls, call);
  }
  take(stage, backend, NodeCrashed{node}, trace);
  for (const auto& call : broken) {
    const auto at = std::lower_bound(stage.calls.begin(), stage.calls.end(), call);
    if (at != stage.calls.end() && *at == call)
      lose(stage, static_cast<std::size_t>(at - stage.calls.begin()), trace);
  }
}

void restart(Stage& stage, BackendId backend, NodeId node, Trace* trace) {
  add(trace, Line::Kind::note, name(backend, node), "", "starts");
  const auto& nodes = stage.backends.at(backend.value).nodes;
  const auto* state = find_by(nodes, node, &Node::id);
  constexpr std::uint64_t incarnation =
      1 << 8;  // Above the number of the node: bits never used before.
  take(stage, backend,
       NodeStarted{node, 0, (state != nullptr ? state->bits : node.value) + incarnation}, trace);
}

}  // namespace twostep::model

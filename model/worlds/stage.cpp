#include "model/worlds/stage.hpp"

#include <algorithm>
#include <cassert>
#include <string>
#include <utility>

#include "model/flat.hpp"
#include "model/worlds/names.hpp"

namespace twostep::model {
namespace {

// A request id says which message it belongs to, and by which way it came: so it is the same in
// every history, and unique within a backend.
constexpr std::uint64_t ids_per_message = 64;
enum class Way : std::uint64_t { posted = 0, forwarded = 8, told = 16, asked = 32 };
constexpr std::uint64_t ids_per_way = 8;
constexpr std::uint32_t payloads_per_message = 16;

void add(Trace* trace, Line::Kind kind, std::string from, std::string to, std::string text) {
  if (trace != nullptr) trace->push_back({kind, std::move(from), std::move(to), std::move(text)});
}

std::string named(RequestId request) { return "m" + std::to_string(message_of(request) + 1); }
std::string named(Payload payload) { return "m" + std::to_string(message_of(payload) + 1); }

std::string clients_of(const std::vector<Addressed>& recipients) {
  std::vector<Client> clients;
  for (const auto& recipient : recipients) clients.push_back(recipient.client);
  return clients.empty() ? "nobody" : names(clients);
}

std::string asked_for(const Call& call) {
  switch (call.kind) {
    case Call::Kind::ask:
      return "which clients have " + names(call.users) + "?";
    case Call::Kind::tell:
      return "store " + named(call.request) + " for " + clients_of(call.message.recipients);
    case Call::Kind::forward:
      return name(call.message.sender) + " sends " + named(call.request);
  }
  return {};
}

std::string answered_with(const Call& call) {
  if (call.kind == Call::Kind::forward) return text(call.outcome);
  if (call.kind == Call::Kind::tell) {
    return call.outcome.verdict == Verdict::accepted ? "stored" : "not stored";
  }
  std::vector<Client> clients;
  for (const auto& [user, ids] : call.clients) {
    for (const auto& id : ids) clients.push_back({user, id});
  }
  return clients.empty() ? "none" : names(clients);
}

Call* served(Stage& stage, BackendId callee, RequestId inbound) {
  for (auto& call : stage.calls) {
    if (call.to == callee && call.stage == Call::Stage::served && call.inbound == inbound)
      return &call;
  }
  return nullptr;
}

Device* device_of(Stage& stage, const Client& client) {
  for (auto& device : stage.devices) {
    if (device.client == client) return &device;
  }
  return nullptr;
}

void make_call(Stage& stage, Call call) {
  const auto at = std::lower_bound(stage.calls.begin(), stage.calls.end(), call);
  stage.calls.insert(at, std::move(call));
}

void change(Stage& stage, std::size_t index, const auto& how) {
  auto call = std::move(stage.calls[index]);
  stage.calls.erase(stage.calls.begin() + static_cast<std::ptrdiff_t>(index));
  how(call);
  stage.calls.insert(std::lower_bound(stage.calls.begin(), stage.calls.end(), call),
                     std::move(call));
}

void answer_call(Stage& stage, BackendId callee, RequestId inbound, const auto& with) {
  auto* call = served(stage, callee, inbound);
  if (call == nullptr) return;
  const auto index = static_cast<std::size_t>(call - stage.calls.data());
  if (call->given_up) {  // Nobody listens.
    stage.calls.erase(stage.calls.begin() + static_cast<std::ptrdiff_t>(index));
    return;
  }
  change(stage, index, [&](Call& answered) {
    answered.stage = Call::Stage::answered;
    answered.inbound = {};
    with(answered);
  });
}

void handle(Device& device, NotificationId id) {
  device.handled.push_back(id);
  device.pointer = std::max(device.pointer.value_or(id), id);
}

// What a backend asks for happens on the stage.
struct Happen {
  Stage& stage;
  BackendId backend;
  Trace* trace;
  std::size_t seen_before;

  void operator()(const AskClients& effect) const {
    make_call(
        stage,
        {.from = backend, .to = effect.peer, .request = effect.request, .users = effect.users});
  }
  void operator()(const TellToStore& effect) const {
    make_call(stage, {.from = backend,
                      .to = effect.peer,
                      .request = effect.request,
                      .kind = Call::Kind::tell,
                      .message = effect.message});
  }
  void operator()(const Forward& effect) const {
    make_call(stage, {.from = backend,
                      .to = effect.owner,
                      .request = effect.request,
                      .kind = Call::Kind::forward,
                      .message = effect.message});
  }
  void operator()(const Answer& effect) const {
    const auto number = message_of(effect.request);
    if (effect.request == request_of(number)) {
      auto& sent = stage.sent[number];
      sent.stage = Sent::Stage::answered;
      sent.outcome = effect.outcome;
      add(trace, Line::Kind::reply, name(backend), name(sent.sender), text(effect.outcome));
    } else {
      answer_call(stage, backend, effect.request,
                  [&](Call& call) { call.outcome = effect.outcome; });
    }
  }
  void operator()(const AnswerClients& effect) const {
    answer_call(stage, backend, effect.request, [&](Call& call) { call.clients = effect.users; });
  }
  void operator()(const AnswerStore& effect) const {
    answer_call(stage, backend, effect.request, [&](Call& call) {
      if (!effect.stored) call.outcome.verdict = Verdict::store_failed;
    });
  }
  void operator()(const Stored& effect) const {
    if (trace == nullptr) return;
    const auto& [id, client, content] = effect.notification;
    const auto who = client ? name(Client{effect.user, *client}) : name(effect.user);
    const auto what =
        "stores " + (content.conversation ? named(content.payload) : std::string{"an event"});
    // What one commit made visible is one line.
    if (trace->size() > seen_before && trace->back().text.starts_with(what)) {
      trace->back().text += ", " + who;
    } else {
      add(trace, Line::Kind::note, name(backend), "", what + " for " + who);
    }
  }
  void operator()(const WriteFrame& effect) const {
    auto& device = stage.devices.at(effect.connection.value - 1);
    const auto& [id, client, content] = effect.notification;
    add(trace, Line::Kind::frame, name(backend), name(device.client),
        (effect.transient ? "transient frame " : "frame ") +
            (content.conversation ? named(content.payload) : std::string{"an event"}));
    if (effect.transient) {
      device.passing.push_back(content.payload);
      return;
    }
    device.framed.push_back(id);
    // Until it has caught up, what comes over the socket is in the inbox anyway (DLV-11).
    const bool is_known =
        std::find(device.handled.begin(), device.handled.end(), id) != device.handled.end();
    if (device.caught_up && !is_known) handle(device, id);
  }
  void operator()(const Push& effect) const {
    if (auto* device = device_of(stage, effect.client)) device->pushed.push_back(effect.id);
    add(trace, Line::Kind::frame, name(backend), name(effect.client), "push");
  }
  void operator()(const CloseSocket& effect) const {
    auto& device = stage.devices.at(effect.connection.value - 1);
    device.connected = device.caught_up = false;
  }
};

}  // namespace

RequestId request_of(std::size_t message) { return {(message + 1) * ids_per_message}; }
std::size_t message_of(RequestId request) { return request.value / ids_per_message - 1; }

Payload payload_of(std::size_t message, std::size_t client) {
  assert(client + 1 < payloads_per_message);
  return {static_cast<std::uint32_t>(message * payloads_per_message + client + 1)};
}
std::size_t message_of(Payload payload) { return (payload.value - 1) / payloads_per_message; }
std::size_t client_of(Payload payload) { return (payload.value - 1) % payloads_per_message; }

Time clock_of(const Stage& stage, BackendId backend, NodeId node) {
  for (const auto& clock : stage.clocks) {
    if (clock.backend == backend && clock.node == node) return stage.now + clock.ahead;
  }
  return stage.now;
}

void take(Stage& stage, BackendId backend, const Event& event, Trace* trace) {
  Effects effects;
  step(stage.backends.at(backend.value), event, effects);
  const Happen happen{stage, backend, trace, trace != nullptr ? trace->size() : 0};
  for (const auto& effect : effects) std::visit(happen, effect);
}

void run(Stage& stage, BackendId backend, Event own, Trace* trace) {
  const auto& state = stage.backends.at(backend.value);
  if (auto* proceed = std::get_if<Proceed>(&own)) {
    const auto* job = find_by(state.jobs, proceed->request, &Job::request);
    proceed->now = clock_of(stage, backend, job->node);
    const auto is_ours = [&](const Addressed& recipient) {
      return recipient.client.user.home == backend;
    };
    const auto& recipients = job->message.recipients;
    const bool stores = std::any_of(recipients.begin(), recipients.end(), is_ours);
    if (job->phase == Job::Phase::storing && stores && !job->message.transient) {
      add(trace, Line::Kind::note, name(backend, job->node), "",
          "takes ids for " + named(job->request));
    }
    if (job->phase == Job::Phase::deciding) {
      add(trace, Line::Kind::note, name(backend), "", "decides on " + named(job->request));
    }
  }
  take(stage, backend, own, trace);
}

void send(Stage& stage, std::size_t number, const Message& message, NodeId node, Trace* trace) {
  add(trace, Line::Kind::call, name(message.sender), name(message.sender.user.home),
      "send " + named(request_of(number)) + " to " + clients_of(message.recipients));
  stage.sent.at(number) = {message.sender, Sent::Stage::pending, {}};
  take(stage, message.sender.user.home, SendRequested{request_of(number), node, message, {}, {}},
       trace);
}

void arrive(Stage& stage, std::size_t index, NodeId node, Trace* trace) {
  const auto call = stage.calls.at(index);
  add(trace, Line::Kind::call, name(call.from), name(call.to), asked_for(call));
  // A call that is told again may meet itself, still being served: each is a request of its own.
  const auto way = call.kind == Call::Kind::ask    ? Way::asked
                   : call.kind == Call::Kind::tell ? Way::told
                                                   : Way::forwarded;
  RequestId inbound{request_of(message_of(call.request)).value + static_cast<std::uint64_t>(way)};
  while (served(stage, call.to, inbound) != nullptr) ++inbound.value;
  assert(inbound.value % ids_per_way < ids_per_way - 1);
  change(stage, index, [&](Call& arrived) {
    arrived.stage = Call::Stage::served;
    arrived.inbound = inbound;
    arrived.message = {};
    arrived.users.clear();
  });
  switch (call.kind) {
    case Call::Kind::ask:
      return take(stage, call.to, ClientsAsked{inbound, node, call.from, call.users}, trace);
    case Call::Kind::tell:
      return take(stage, call.to, StoreAsked{inbound, node, call.from, call.message, call.request},
                  trace);
    case Call::Kind::forward:
      return take(stage, call.to, SendRequested{inbound, node, call.message, {}, call.from}, trace);
  }
}

void return_answer(Stage& stage, std::size_t index, Trace* trace) {
  const auto call = stage.calls.at(index);
  stage.calls.erase(stage.calls.begin() + static_cast<std::ptrdiff_t>(index));
  add(trace, Line::Kind::reply, name(call.to), name(call.from), answered_with(call));
  // Between backends an error is no answer: the caller only learns that the call failed.
  const auto verdict = call.outcome.verdict;
  if (verdict == Verdict::peer_failed || verdict == Verdict::store_failed) {
    return take(stage, call.from, CallFailed{call.request, call.to, answered_with_error}, trace);
  }
  switch (call.kind) {
    case Call::Kind::ask:
      return take(stage, call.from, ClientsAnswered{call.request, call.to, call.clients}, trace);
    case Call::Kind::tell:
      return take(stage, call.from, PeerStored{call.request, call.to}, trace);
    case Call::Kind::forward:
      return take(stage, call.from, OwnerAnswered{call.request, call.outcome}, trace);
  }
}

void lose(Stage& stage, std::size_t index, Trace* trace) {
  const auto call = stage.calls.at(index);
  stage.calls.erase(stage.calls.begin() + static_cast<std::ptrdiff_t>(index));
  const bool is_answer = call.stage == Call::Stage::answered;
  add(trace, Line::Kind::lost, name(is_answer ? call.to : call.from),
      name(is_answer ? call.from : call.to),
      is_answer                           ? answered_with(call)
      : call.stage == Call::Stage::served ? "connection ends"
                                          : asked_for(call));
  if (!call.given_up) take(stage, call.from, CallFailed{call.request, call.to, no_answer}, trace);
}

void give_up(Stage& stage, std::size_t index, Trace* trace) {
  const auto call = stage.calls.at(index);
  change(stage, index, [](Call& abandoned) { abandoned.given_up = true; });
  add(trace, Line::Kind::note, name(call.from), "", "waits no longer for " + name(call.to));
  take(stage, call.from, CallFailed{call.request, call.to, no_answer}, trace);
}

}  // namespace twostep::model

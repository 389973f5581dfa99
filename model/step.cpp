#include "model/step.hpp"

#include <algorithm>
#include <utility>

#include "model/parts.hpp"

namespace twostep::model {

User* user_of(Backend& backend, UserId id) {
  return find_by(backend.database.users, id, &User::id);
}

Conversation* conversation_of(Backend& backend, ConversationId id) {
  return find_by(backend.database.conversations, id, &Conversation::id);
}

Node& node_of(Backend& backend, NodeId id) {
  auto* node = find_by(backend.nodes, id, &Node::id);
  if (node != nullptr) return *node;
  insert(backend.nodes, Node{.id = id});
  return *find_by(backend.nodes, id, &Node::id);
}

Job* job_of(Backend& backend, RequestId id) { return find_by(backend.jobs, id, &Job::request); }

void end_job(Backend& backend, RequestId id) {
  std::erase_if(backend.jobs, [&](const Job& job) { return job.request == id; });
}

namespace {

using Phase = Job::Phase;

void proceed(Backend& backend, const Proceed& proceed, Effects& effects) {
  auto* job = job_of(backend, proceed.request);
  if (job == nullptr) return;
  switch (job->phase) {
    case Phase::deciding:
      return decide(backend, *job, proceed.now, effects);
    case Phase::storing:
      if (can_begin(backend, *job)) begin(backend, *job, proceed.now, effects);
      return;
    case Phase::committing:
      return commit(backend, *job, effects);
    case Phase::stored:
      return tell_peers(backend, *job, effects);
    case Phase::acknowledging:
      return answer(backend, *job, effects);
    case Phase::asking:
    case Phase::telling:
    case Phase::forwarded:
      return;  // Waits for others.
  }
}

bool can_proceed(const Backend& backend, const Job& job) {
  switch (job.phase) {
    case Phase::deciding:
    case Phase::committing:
    case Phase::stored:
    case Phase::acknowledging:
      return true;
    case Phase::storing:
      return can_begin(backend, job);
    case Phase::asking:
    case Phase::telling:
    case Phase::forwarded:
      return false;
  }
  return false;
}

void call_failed(Backend& backend, const CallFailed& failed, Effects& effects) {
  if (auto* job = job_of(backend, failed.request)) {
    if (job->phase == Phase::asking) return peer_failed_to_answer(backend, *job, failed, effects);
    if (job->phase == Phase::telling) return peer_told(backend, *job, failed.peer, false, effects);
    if (job->phase == Phase::forwarded) {
      return owner_answered(backend,
                            {failed.request,
                             {.verdict = Verdict::peer_failed,
                              .failed_peer = failed.peer,
                              .failure = failed.failure}},
                            effects);
    }
  }
  queue_answered(backend, failed.request, failed.peer, false);
}

void peer_stored(Backend& backend, const PeerStored& stored, Effects& effects) {
  auto* job = job_of(backend, stored.request);
  if (job != nullptr && job->phase == Phase::telling) {
    return peer_told(backend, *job, stored.peer, true, effects);
  }
  queue_answered(backend, stored.request, stored.peer, true);
}

struct Take {
  Backend& backend;
  Effects& effects;

  void operator()(const SendRequested& event) {
    const bool is_ours = event.message.conversation.owner == self(backend);
    is_ours ? request_send(backend, event, effects) : forward(backend, event, effects);
  }
  void operator()(const ClientsAsked& event) { ask_clients(backend, event, effects); }
  void operator()(const StoreAsked& event) { ask_store(backend, event, effects); }
  void operator()(const Changed& event) {
    for (const auto& change : event.changes) apply(backend, change);
    store_notes(backend, event, effects);
  }
  void operator()(const ClientsAnswered& event) { clients_answered(backend, event); }
  void operator()(const PeerStored& event) { peer_stored(backend, event, effects); }
  void operator()(const OwnerAnswered& event) { owner_answered(backend, event, effects); }
  void operator()(const CallFailed& event) { call_failed(backend, event, effects); }
  void operator()(const Proceed& event) { proceed(backend, event, effects); }
  void operator()(const Deliver& event) { deliver(backend, event.user, effects); }
  void operator()(const CallNext& event) { call_next(backend, event, effects); }
  void operator()(const CommitFailed& event) {
    if (auto* job = job_of(backend, event.request)) abort(backend, *job, effects);
  }
  void operator()(const RetryDue& event) { retry(backend, event.peer); }
  void operator()(const SocketOpened& event) { open_socket(backend, event.socket, effects); }
  void operator()(const SocketClosed& event) {
    close_socket(backend, event.user, event.connection);
  }
  void operator()(const NodeCrashed& event) { crash(backend, event.node); }
  void operator()(const NodeStarted& event) { start(backend, event); }
  void operator()(const Expired& event) { expire(backend, event.before); }
};

}  // namespace

void step(Backend& backend, const Event& event, Effects& effects) {
  std::visit(Take{backend, effects}, event);
}

Step step(Backend before, const Event& event) {
  Effects effects;
  step(before, event, effects);
  return {std::move(before), std::move(effects)};
}

std::vector<Event> ready(const Backend& backend) {
  std::vector<Event> events;
  for (const auto& job : backend.jobs) {
    if (can_proceed(backend, job)) events.push_back(Proceed{job.request});
  }
  const Delivery* previous = nullptr;
  for (const auto& delivery : backend.deliveries) {
    if (previous == nullptr || previous->user != delivery.user)
      events.push_back(Deliver{delivery.user});
    previous = &delivery;
  }
  const auto worker = std::find_if(backend.nodes.begin(), backend.nodes.end(),
                                   [](const Node& node) { return node.up; });
  const Outgoing* before = nullptr;
  for (const auto& row : backend.database.outgoing) {
    const bool is_first = before == nullptr || before->peer != row.peer;
    if (is_first && row.state == Outgoing::State::ready && worker != backend.nodes.end()) {
      events.push_back(CallNext{row.peer, worker->id});
    }
    before = &row;
  }
  return events;
}

void settle(Backend& backend, Time now, Effects& effects) {
  for (auto events = ready(backend); !events.empty(); events = ready(backend)) {
    auto& event = events.front();
    if (auto* proceed = std::get_if<Proceed>(&event)) proceed->now = now;
    step(backend, event, effects);
  }
}

}  // namespace twostep::model

// Peers that are told later: a queue each, in the order of commits, one call at a time, until the
// peer confirms. In profile `queued` a lost confirmation makes a second message; in `outbox` the
// peer knows what it has.

#include <algorithm>

#include "model/parts.hpp"

namespace twostep::model {
namespace {

using State = Outgoing::State;

auto first_for(std::vector<Outgoing>& queue, BackendId peer) {
  return std::find_if(queue.begin(), queue.end(),
                      [&](const Outgoing& row) { return row.peer == peer; });
}

}  // namespace

void enqueue(Backend& backend, const Job& job) {
  std::vector<BackendId> peers;
  for (const auto& recipient : job.message.recipients) {
    const auto home = recipient.client.user.home;
    if (home != self(backend)) insert(peers, home);
  }
  for (const auto& peer : peers) {
    // A peer's rows stay together, so that equal queues are equal states.
    auto& queue = backend.database.outgoing;
    const auto after = std::find_if(queue.begin(), queue.end(),
                                    [&](const Outgoing& row) { return peer < row.peer; });
    queue.insert(after, Outgoing{peer, job.request, for_peer(job.message, peer), State::ready, {}});
  }
}

bool is_queued(const Backend& backend, RequestId request, BackendId peer) {
  const auto& queue = backend.database.outgoing;
  return std::any_of(queue.begin(), queue.end(), [&](const Outgoing& row) {
    return row.peer == peer && row.request == request && row.state == State::called;
  });
}

void call_next(Backend& backend, const CallNext& next, Effects& effects) {
  auto& queue = backend.database.outgoing;
  const auto row = first_for(queue, next.peer);
  if (row == queue.end() || row->state != State::ready) return;
  row->state = State::called;
  row->node = next.node;
  effects.push_back(TellToStore{row->request, row->peer, row->message});
}

void queue_answered(Backend& backend, RequestId request, BackendId peer, bool stored) {
  if (!is_queued(backend, request, peer)) return;
  auto& queue = backend.database.outgoing;
  const auto row = first_for(queue, peer);
  if (stored) {
    queue.erase(row);
  } else {
    row->state = State::waiting;
    row->node = {};
  }
}

void retry(Backend& backend, BackendId peer) {
  auto& queue = backend.database.outgoing;
  const auto row = first_for(queue, peer);
  if (row != queue.end() && row->state == State::waiting) row->state = State::ready;
}

}  // namespace twostep::model

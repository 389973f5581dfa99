// Ids and transactions: how a message becomes a part of inboxes.

#include <algorithm>
#include <utility>

#include "model/parts.hpp"

namespace twostep::model {
namespace {

constexpr std::uint16_t sequence_mask = 0x3fff;

// The id of the next notification of this inbox, by a server whose clock shows `now`.
NotificationId next_id(const Backend& backend, Node& node, const User& user, Time now) {
  switch (backend.configuration.ids) {
    case IdPolicy::monotonic:
      // Above everything in this inbox, whatever the clocks (TID-04, TID-06), and near to them
      // otherwise (TID-07); and above what this server gave to
      // other inboxes, so that no two of its ids are the same (TID-02).
      node.last_ticks = std::max({now, user.head.ticks + 1, node.last_ticks + 1});
      return {node.last_ticks, node.sequence, node.bits};
    case IdPolicy::wall_clock:
      // A clock that stands still or goes back changes the sequence, and nothing else (TID-09).
      if (now <= node.last_ticks) node.sequence = (node.sequence + 1) & sequence_mask;
      node.last_ticks = now;
      return {now, node.sequence, node.bits};
  }
  return {};
}

Content content_of(const Message& message, const Addressed& recipient) {
  return {message.conversation, message.sender, message.time, recipient.ciphertext, message.shared};
}

// A copy of its own, under an id of its own, for each valid client of this backend (SND-11, TID-02);
// in a recipients' backend too, whatever the owner's time is (FED-31).
std::vector<Transaction::Row> rows_of(Backend& backend, const Job& job, Time now) {
  std::vector<Transaction::Row> rows;
  for (const auto& recipient : job.message.recipients) {
    const auto& client = recipient.client;
    auto* user = user_of(backend, client.user);
    if (user == nullptr) continue;
    const auto id = next_id(backend, node_of(backend, job.node), *user, now);
    std::optional<ClientId> only = client.id;
    if (has(backend, Bug::one_copy_for_all_clients)) only.reset();
    rows.push_back({client.user, {id, only, content_of(job.message, recipient)}});
  }
  return rows;
}

void make_visible(Backend& backend, const Transaction::Row& row, Effects& effects) {
  auto* user = user_of(backend, row.user);
  if (user == nullptr) return;
  insert(user->inbox, row.notification);
  user->head = std::max(user->head, row.notification.id);
  effects.push_back(Stored{row.user, row.notification});
}

// Whether somebody else is between taking ids of one of these inboxes and making them visible.
bool is_head_taken(const Backend& backend, const Message& message) {
  for (const auto& transaction : backend.database.open) {
    for (const auto& row : transaction.rows) {
      for (const auto& recipient : message.recipients) {
        if (recipient.client.user == row.user) return true;
      }
    }
  }
  return false;
}

}  // namespace

bool can_begin(const Backend& backend, const Job& job) {
  // Ids and commits of an inbox go in the same order because its head is held from one to the other
  // (TID-05); all heads are taken at once, so nobody waits for one holding another.
  if (backend.configuration.ids == IdPolicy::wall_clock || job.message.transient) return true;
  return has(backend, Bug::releases_head_early) || !is_head_taken(backend, job.message);
}

void begin(Backend& backend, Job& job, Time now, Effects& effects) {
  auto rows = rows_of(backend, job, now);
  if (job.message.transient) {  // On open sockets only (DLV-16).
    for (const auto& row : rows)
      ring(backend, job.node, row, true, false, job.message.sender.user, job.origin);
    job.phase = Job::Phase::stored;
    return;
  }
  if (has(backend, Bug::acknowledges_before_commit) && job.role == Job::Role::owner) {
    effects.push_back(Answer{job.request, job.outcome});
  }
  insert(backend.database.open, Transaction{job.request, job.node, std::move(rows)});
  job.phase = Job::Phase::committing;
}

void commit(Backend& backend, Job& job, Effects& effects) {
  auto& open = backend.database.open;
  auto* transaction = find_by(open, job.request, &Transaction::request);
  // In the same commit, so that being told twice stores once, whatever ends in between (`outbox`).
  const bool is_outbox = backend.configuration.profile == Profile::outbox;
  const bool is_repeated = is_outbox && job.role == Job::Role::recipient &&
                           !has(backend, Bug::forgets_what_it_received) &&
                           !insert(backend.database.received, Received{*job.from, job.told_as});
  if (is_repeated) transaction->rows.clear();
  if (is_outbox && job.role == Job::Role::owner) enqueue(backend, job);

  while (!transaction->rows.empty()) {
    const auto row = transaction->rows.front();
    transaction->rows.erase(transaction->rows.begin());
    make_visible(backend, row, effects);
    ring(backend, job.node, row, false, job.message.native_push, job.message.sender.user,
         job.origin);
    if (has(backend, Bug::stores_for_some) && !transaction->rows.empty()) return;
  }
  open.erase(open.begin() + (transaction - open.data()));
  job.phase = Job::Phase::stored;
}

void abort(Backend& backend, Job& job, Effects& effects) {
  if (job.phase != Job::Phase::committing) return;
  auto& open = backend.database.open;
  const auto* transaction = find_by(open, job.request, &Transaction::request);
  open.erase(open.begin() + (transaction - open.data()));
  job.outcome = {.verdict = Verdict::store_failed};
  answer(backend, job, effects);
}

void answer(Backend& backend, Job& job, Effects& effects) {
  const bool failed = job.outcome.verdict == Verdict::store_failed;
  if (job.role == Job::Role::recipient) {  // FED-28.
    effects.push_back(AnswerStore{job.request, !failed});
  } else if (!has(backend, Bug::acknowledges_before_commit)) {
    effects.push_back(Answer{job.request, job.outcome});
  }
  end_job(backend, job.request);
}

void store_notes(Backend& backend, const Changed& changed, Effects& effects) {
  auto& node = node_of(backend, changed.node);
  for (const auto& note : changed.notes) {
    auto* user = user_of(backend, note.user);
    if (user == nullptr) continue;
    const auto id = next_id(backend, node, *user, changed.now);
    const Transaction::Row row{note.user, {id, note.client, {.payload = note.payload}}};
    if (!changed.transient) make_visible(backend, row, effects);
    ring(backend, changed.node, row, changed.transient, false, changed.actor, changed.origin);
  }
}

}  // namespace twostep::model

// The owner of a conversation: it asks everybody's backend for clients, decides, stores for its own
// users, and tells the others.

#include <algorithm>
#include <utility>

#include "model/mismatch.hpp"
#include "model/parts.hpp"

namespace twostep::model {
namespace {

using Phase = Job::Phase;

void refuse(Backend& backend, RequestId request, Outcome outcome, Effects& effects) {
  effects.push_back(Answer{request, std::move(outcome)});
  end_job(backend, request);
}

std::vector<UserId> members_at(const Conversation& conversation, BackendId peer) {
  std::vector<UserId> members;
  for (const auto& member : conversation.members) {
    if (member.home == peer) members.push_back(member);
  }
  return members;
}

// Those that have to be asked: each backend of a member, but our own.
std::vector<BackendId> peers_of(const Conversation& conversation, BackendId own) {
  std::vector<BackendId> peers;
  for (const auto& member : conversation.members) {
    if (member.home != own) insert(peers, member.home);
  }
  return peers;
}

// Those that have to be told: each other backend with a valid recipient.
std::vector<BackendId> peers_of(const Message& message, BackendId own) {
  std::vector<BackendId> peers;
  for (const auto& recipient : message.recipients) {
    if (recipient.client.user.home != own) insert(peers, recipient.client.user.home);
  }
  return peers;
}

// A client registered before this moment is expected (SND-16), one deleted or removed is not (SND-17,
// SND-18); of other backends, whom they named and who still is a member.
void expect_who_is_there(Backend& backend, Job& job, const Conversation& conversation) {
  std::erase_if(job.participants,
                [&](const UserId& user) { return !contains(conversation.members, user); });
  std::erase_if(job.expected,
                [&](const Client& client) { return !contains(conversation.members, client.user); });
  for (const auto& member : members_at(conversation, self(backend))) {
    const auto* user = user_of(backend, member);
    if (user == nullptr) continue;
    insert(job.participants, member);
    for (const auto& client : user->clients) insert(job.expected, Client{member, client});
  }
}

// Profile `queued`: of a backend out of reach, whoever is addressed is taken for a client.
void take_on_trust(Job& job, const Conversation& conversation) {
  auto& status = job.outcome.status;
  for (const auto& peer : job.unreachable) {
    for (const auto& member : members_at(conversation, peer)) {
      bool addressed = false;
      for (const auto& recipient : job.message.recipients) {
        if (recipient.client.user != member) continue;
        addressed = true;
        insert(job.expected, recipient.client);
        if (recipient.client != job.message.sender)
          insert(status.failed_to_confirm, recipient.client);
      }
      insert(job.participants, member);
      if (!addressed) insert(status.out_of_reach, member);
    }
  }
}

}  // namespace

void request_send(Backend& backend, const SendRequested& request, Effects& effects) {
  const auto& message = request.message;
  auto* conversation = conversation_of(backend, message.conversation);
  // Membership comes before everything else, and a stranger learns nothing (SND-33, SND-35;
  // FED-16). A peer speaks for its own users (FED-38).
  if (conversation == nullptr || !contains(conversation->members, message.sender.user) ||
      message.sender.user.home != request.from.value_or(self(backend))) {
    effects.push_back(Answer{request.request, {.verdict = Verdict::no_conversation}});
    return;
  }
  Job job{.request = request.request, .node = request.node};
  job.from = request.from;
  job.origin = request.origin;
  job.message = message;
  // Every other backend of a member is asked at the same time, once, and nothing is remembered
  // from last time (FED-12 to FED-15, FED-21); the sender's own too, while it waits for us (FED-39).
  job.awaited = peers_of(*conversation, self(backend));
  for (const auto& peer : job.awaited) {
    effects.push_back(AskClients{job.request, peer, members_at(*conversation, peer)});
    if (has(backend, Bug::asks_twice)) effects.push_back(effects.back());
  }
  job.phase = job.awaited.empty() ? Phase::deciding : Phase::asking;
  insert(backend.jobs, job);
}

void clients_answered(Backend& backend, const ClientsAnswered& answer) {
  auto* job = job_of(backend, answer.request);
  if (job == nullptr || job->phase != Phase::asking || !remove(job->awaited, answer.peer)) return;
  const auto* conversation = conversation_of(backend, job->message.conversation);
  for (const auto& [user, clients] : answer.users) {
    // A peer speaks for its own users, and we asked for members only. Who it does not know has no
    // clients, and is not even a participant: what is addressed to them is redundant (FED-19).
    if (user.home != answer.peer || conversation == nullptr) continue;
    if (!contains(conversation->members, user)) continue;
    insert(job->participants, user);
    for (const auto& client : clients) insert(job->expected, Client{user, client});
  }
  if (has(backend, Bug::stores_before_all_answered)) job->awaited.clear();
  if (job->awaited.empty()) job->phase = Phase::deciding;
}

void peer_failed_to_answer(Backend& backend, Job& job, const CallFailed& failed, Effects& effects) {
  if (!remove(job.awaited, failed.peer)) return;
  if (backend.configuration.profile == Profile::queued) {
    insert(job.unreachable, failed.peer);
  } else if (!has(backend, Bug::treats_a_down_peer_as_empty)) {
    // Nobody gets it, with any strategy (FED-20, FED-42).
    refuse(backend, job.request,
           {.verdict = Verdict::peer_failed, .failed_peer = failed.peer, .failure = failed.failure},
           effects);
    return;
  }
  if (job.awaited.empty()) job.phase = Phase::deciding;
}

void decide(Backend& backend, Job& job, Time now, Effects& effects) {
  auto& message = job.message;
  auto& status = job.outcome.status;
  message.time = status.time = now;
  const auto* conversation = conversation_of(backend, message.conversation);
  if (conversation == nullptr || !contains(conversation->members, message.sender.user)) {
    refuse(backend, job.request, {.verdict = Verdict::no_conversation}, effects);
    return;
  }
  expect_who_is_there(backend, job, *conversation);
  take_on_trust(job, *conversation);
  // The sending client before missing clients (SND-34, SND-35; FED-39).
  if (!contains(job.expected, message.sender)) {
    refuse(backend, job.request, {.verdict = Verdict::unknown_client}, effects);
    return;
  }
  // The same rules for clients of all backends (FED-18), also if nobody is addressed (SND-30).
  auto mismatch = compare(message, job.participants, job.expected);
  if (has(backend, Bug::mismatch_ignores_first_client) && !mismatch.missing.empty()) {
    mismatch.missing.erase(mismatch.missing.begin());
  }
  if (has(backend, Bug::stores_for_strangers)) mismatch.valid = message.recipients;
  if (has(backend, Bug::stores_for_sender) && !message.recipients.empty()) {
    insert(mismatch.valid, Addressed{message.sender, message.recipients.front().ciphertext});
  }
  status.missing = std::move(mismatch.missing);
  status.redundant = std::move(mismatch.redundant);  // Never a reason to refuse (SND-23).
  status.deleted = std::move(mismatch.deleted);
  if (!status.missing.empty()) {
    job.outcome.verdict = Verdict::clients_missing;
    status.failed_to_confirm.clear();
    status.out_of_reach.clear();
    if (!has(backend, Bug::stores_what_it_refuses)) {
      refuse(backend, job.request, job.outcome, effects);
      return;
    }
  }
  message.recipients = std::move(mismatch.valid);
  message.strategy = {};
  job.participants.clear();
  job.expected.clear();
  job.phase = Phase::storing;
}

void tell_peers(Backend& backend, Job& job, Effects& effects) {
  job.phase = Phase::acknowledging;
  if (job.role != Job::Role::owner) return;
  if (backend.configuration.profile == Profile::queued) enqueue(backend, job);
  if (backend.configuration.profile != Profile::m1) return;
  // One request for each backend with a valid recipient (FED-23), and only now that it is stored
  // here: before all had answered nobody was told (FED-17).
  job.awaited = peers_of(job.message, self(backend));
  for (const auto& peer : job.awaited) {
    effects.push_back(TellToStore{job.request, peer, for_peer(job.message, peer)});
  }
  if (!job.awaited.empty()) job.phase = Phase::telling;
}

void peer_told(Backend& backend, Job& job, BackendId peer, bool stored, Effects& effects) {
  if (!contains(job.awaited, peer)) return;
  if (!stored && has(backend, Bug::tells_again_after_failure)) {
    effects.push_back(TellToStore{job.request, peer, for_peer(job.message, peer)});
    return;
  }
  remove(job.awaited, peer);
  // Neither repeated nor undone: it is reported (FED-15, FED-25).
  for (const auto& recipient : job.message.recipients) {
    if (stored || recipient.client.user.home != peer) continue;
    if (!has(backend, Bug::hides_partial_delivery)) {
      insert(job.outcome.status.failed_to_send, recipient.client);
    }
  }
  if (job.awaited.empty()) job.phase = Phase::acknowledging;  // FED-24.
}

// FED-26, FED-27: what else the message says goes to everybody.
Message for_peer(const Message& message, BackendId peer) {
  auto part = message;
  std::erase_if(part.recipients,
                [&](const Addressed& recipient) { return recipient.client.user.home != peer; });
  return part;
}

}  // namespace twostep::model

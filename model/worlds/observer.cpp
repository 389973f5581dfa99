#include "model/worlds/observer.hpp"

#include <algorithm>

namespace twostep::model {

bool is_among(const std::vector<Client>& clients, const Client& client) {
  return std::find(clients.begin(), clients.end(), client) != clients.end();
}

bool is_expected(const Setup& setup, std::size_t message, const Client& client) {
  const auto& members = setup.members;
  return client != setup.messages[message].sender && is_among(setup.clients, client) &&
         std::find(members.begin(), members.end(), client.user) != members.end();
}

bool is_valid(const Setup& setup, std::size_t message, const Client& client) {
  return is_among(setup.messages[message].to, client) && is_expected(setup, message, client);
}

bool is_complete(const Setup& setup, std::size_t message) {
  return std::all_of(setup.clients.begin(), setup.clients.end(), [&](const Client& client) {
    return !is_expected(setup, message, client) || is_among(setup.messages[message].to, client);
  });
}

const User* user_of(const Stage& stage, UserId id) {
  return find_by(stage.backends[id.home.value].database.users, id, &User::id);
}

std::size_t copies(const Stage& stage, std::size_t message, const Client& client) {
  const auto* user = user_of(stage, client.user);
  if (user == nullptr) return 0;
  const auto is_copy = [&](const Notification& row) {
    return row.client == client.id && message_of(row.content.payload) == message;
  };
  return static_cast<std::size_t>(std::count_if(user->inbox.begin(), user->inbox.end(), is_copy));
}

bool is_queued(const Stage& stage, std::size_t message, const Client& client) {
  const auto& queue = stage.backends[owner.value].database.outgoing;
  return std::any_of(queue.begin(), queue.end(), [&](const Outgoing& row) {
    return message_of(row.request) == message && row.peer == client.user.home;
  });
}

Reach reach_at(const Setup& setup, const Stage& stage, std::size_t message, BackendId backend) {
  Reach reach;
  for (const auto& client : setup.clients) {
    if (client.user.home != backend || !is_valid(setup, message, client)) continue;
    const bool has_copy = copies(stage, message, client) > 0;
    reach.any = reach.any || has_copy;
    reach.all = reach.all && has_copy;
  }
  return reach;
}

Reach reach(const Setup& setup, const Stage& stage, std::size_t message) {
  Reach all;
  for (const auto& backend : stage.backends) {
    const auto here = reach_at(setup, stage, message, backend.configuration.self);
    all.any = all.any || here.any;
    all.all = all.all && here.all;
  }
  return all;
}

bool is_open(const Sent& sent) { return sent.stage == Sent::Stage::pending; }

bool is_accepted(const Sent& sent) {
  return sent.stage == Sent::Stage::answered && sent.outcome.verdict == Verdict::accepted;
}

bool is_refused(const Setup& setup, std::size_t message, const Sent& sent) {
  const auto& outcome = sent.outcome;
  const bool is_remote = setup.messages[message].sender.user.home != owner;
  const bool is_unknown = is_remote && outcome.verdict == Verdict::peer_failed &&
                          outcome.failed_peer == owner && outcome.failure == no_answer;
  return sent.stage == Sent::Stage::answered && outcome.verdict != Verdict::accepted && !is_unknown;
}

}  // namespace twostep::model

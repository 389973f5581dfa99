// Which states of a world differ only in names.
//
// Interchangeable are backends that do not own the conversation, with their users, and messages: as far as
// the setup does not tell them apart. Users of one backend are not: their ids are given in the order of their
// names, within one transaction. Neither are its servers: the names of ids say which server gave them, and
// decide between ids of one instant. A planted bug may tell apart what nothing else does, so it switches all
// of this off.

#include "model/explore/engine/symmetry.hpp"

#include <algorithm>
#include <cstddef>
#include <map>
#include <numeric>
#include <optional>
#include <utility>

#include "model/worlds/world.hpp"

namespace twostep::model {
namespace {

using Places = std::vector<std::size_t>;

Places identity(std::size_t count) {
  Places places(count);
  std::iota(places.begin(), places.end(), std::size_t{0});
  return places;
}

// What a permutation of the clients means for users and backends; nothing if it tears them apart.
std::optional<Renaming> renaming_of(const Setup& setup, const Places& clients) {
  Renaming to{clients, {}, {}, {}};
  std::map<UserId, UserId> users;
  std::map<BackendId, BackendId> backends{{BackendId{0}, BackendId{0}}};
  for (std::size_t i = 0; i < clients.size(); ++i) {
    const auto& from = setup.clients[i];
    const auto& into = setup.clients[clients[i]];
    if (from.id != into.id) return std::nullopt;
    if (users.try_emplace(from.user, into.user).first->second != into.user) return std::nullopt;
    const auto home = backends.try_emplace(from.user.home, into.user.home).first->second;
    if (home != into.user.home) return std::nullopt;
  }
  for (std::uint16_t i = 0; i < setup.nodes.size(); ++i) {
    to.backends.push_back(backends.contains({i}) ? backends.at({i}) : BackendId{i});
    if (setup.nodes[i] != setup.nodes[to.backends[i].value]) return std::nullopt;
    if (to.backends[i] != BackendId{i} && !setup.ahead.empty()) return std::nullopt;
  }
  // The order of the users of one backend has to stay.
  for (auto one = users.begin(); one != users.end(); ++one) {
    const auto next = std::next(one);
    if (next == users.end() || next->first.home != one->first.home) continue;
    if (next->second < one->second) return std::nullopt;
  }
  to.users.assign(users.begin(), users.end());
  return to;
}

// What everything is called afterwards. A user's home goes with the user, a client with its user. Number 0
// of requests and payloads says that there is none.
struct Names {
  const Renaming& to;

  BackendId operator()(BackendId backend) const { return to.backends[backend.value]; }
  UserId operator()(UserId user) const {
    for (const auto& [from, into] : to.users) {
      if (from == user) return into;
    }
    return user;
  }
  RequestId operator()(RequestId request) const {
    if (request == RequestId{}) return request;
    const auto message = message_of(request);
    return {request_of(to.messages[message]).value + (request.value - request_of(message).value)};
  }
  Payload operator()(Payload payload) const {
    if (payload == Payload{}) return payload;
    return payload_of(to.messages[message_of(payload)], to.clients[client_of(payload)]);
  }
};

template <class Element>
bool keeps(const Renaming& to, const std::vector<Element>& names) {
  auto after = names;
  explore::rename(after, Names{to});
  return std::is_permutation(after.begin(), after.end(), names.begin(), names.end());
}

// Whether one planned message, renamed, is another.
bool is_same_plan(const Renaming& to, Planned from, const Planned& into) {
  explore::rename(from, Names{to});
  std::sort(from.strategy.users.begin(), from.strategy.users.end());
  return from.sender == into.sender && from.strategy == into.strategy &&
         from.transient == into.transient &&
         std::is_permutation(from.to.begin(), from.to.end(), into.to.begin(), into.to.end());
}

template <class Element>
std::vector<Element> moved(const std::vector<Element>& elements, const Places& to) {
  auto after = elements;
  for (std::size_t i = 0; i < elements.size(); ++i) after[to[i]] = elements[i];
  return after;
}

template <class... Vectors>
void sort_all(Vectors&... vectors) {
  (std::sort(vectors.begin(), vectors.end()), ...);
}

void put_in_order(Job& job) {
  auto& status = job.outcome.status;
  sort_all(job.message.recipients, job.message.strategy.users, job.participants, job.expected,
           job.awaited, job.unreachable, status.missing, status.redundant, status.deleted,
           status.failed_to_send, status.failed_to_confirm, status.out_of_reach);
}

void put_in_order(Outcome& outcome) {
  auto& status = outcome.status;
  sort_all(status.missing, status.redundant, status.deleted, status.failed_to_send,
           status.failed_to_confirm, status.out_of_reach);
}

void put_in_order(Backend& backend) {
  auto& database = backend.database;
  for (auto& conversation : database.conversations) sort_all(conversation.members);
  for (auto& row : database.outgoing) sort_all(row.message.recipients, row.message.strategy.users);
  for (auto& job : backend.jobs) put_in_order(job);
  sort_all(database.users, database.conversations, database.received, database.open, backend.jobs,
           backend.sockets);
  // Queues: one for each peer, one for each user, each in the order of its commits.
  std::stable_sort(
      database.outgoing.begin(), database.outgoing.end(),
      [](const Outgoing& one, const Outgoing& other) { return one.peer < other.peer; });
  std::stable_sort(
      backend.deliveries.begin(), backend.deliveries.end(),
      [](const Delivery& one, const Delivery& other) { return one.user < other.user; });
}

void put_in_order(Call& call) {
  sort_all(call.message.recipients, call.message.strategy.users, call.users, call.clients);
  put_in_order(call.outcome);
}

WorldState renamed(const WorldState& state, const Renaming& to) {
  auto after = state;
  explore::rename(after, Names{to});

  auto& stage = after.stage;
  sort_all(stage.backends);
  stage.devices = moved(stage.devices, to.clients);
  stage.sent = moved(stage.sent, to.messages);
  for (auto& backend : stage.backends) put_in_order(backend);
  for (auto& call : stage.calls) put_in_order(call);
  for (auto& sent : stage.sent) put_in_order(sent.outcome);
  sort_all(stage.calls);
  return after;
}

}  // namespace

std::vector<Renaming> World::renamings_of(const Setup& setup) {
  std::vector<Renaming> renamings;
  if (setup.bug != Bug{}) return renamings;
  auto clients = identity(setup.clients.size());
  do {
    const auto to = renaming_of(setup, clients);
    if (!to || !keeps(*to, setup.members) || !keeps(*to, setup.phones) ||
        !keeps(*to, setup.readers) || !keeps(*to, setup.listeners)) {
      continue;
    }
    const auto in_turn = identity(setup.messages.size());
    auto messages = in_turn;
    do {
      const bool is_same = std::all_of(in_turn.begin(), in_turn.end(), [&](std::size_t i) {
        return is_same_plan(*to, setup.messages[i], setup.messages[messages[i]]);
      });
      if (!is_same || (setup.in_turn && messages != in_turn)) continue;
      renamings.push_back(*to);
      renamings.back().messages = messages;
    } while (std::next_permutation(messages.begin(), messages.end()));
  } while (std::next_permutation(clients.begin(), clients.end()));
  renamings.erase(renamings.begin());  // The first renames nothing.
  return renamings;
}

WorldState World::canonical(const WorldState& state) const {
  if (renamings_.empty()) return state;
  auto least = state;
  auto least_bytes = explore::bytes_of(state);
  for (const auto& to : renamings_) {
    auto other = renamed(state, to);
    auto bytes = explore::bytes_of(other);
    if (bytes >= least_bytes) continue;
    least = std::move(other);
    least_bytes = std::move(bytes);
  }
  return least;
}

}  // namespace twostep::model

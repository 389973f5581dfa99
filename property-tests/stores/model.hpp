#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "property-tests/stores/edit.hpp"

/// What a store holds, and what a change does to it, without any store: plain maps, and each rule said
/// again.
///
/// Ids are the store's to give, so the model is told which they were; at what time they may stand is its
/// own to say.
///
/// Threads    Plain values.
/// Source     impl/store/inbox.hpp and the other tables beside it; specs/03-catch-up.md (CUP),
///            specs/04-time-uuid.md (TID).
namespace twostep::properties::stores {

struct Kept {
  std::vector<ClientId> targets;
  ConnectionId origin;
  std::string event;

  friend bool operator==(const Kept&, const Kept&) = default;
};

struct Inbox {
  std::optional<TimeUuid> head;
  std::map<TimeUuid, Kept> kept;

  friend bool operator==(const Inbox&, const Inbox&) = default;
};

struct State {
  std::map<UserId, Inbox> inboxes;
  std::map<std::string, std::string> rows;  ///< Everything else, in words.

  friend bool operator==(const State&, const State&) = default;
};

/// What a change must say; it is done to `state`. `given` are the ids that the store gave.
/// Requires   It does not throw.
std::string apply(State& state, const Ids& ids, const Change& change,
                  const std::vector<TimeUuid>& given);

/// Expiry: how many notifications were older.
std::size_t forget(State& state, Instant oldest);

std::string answer(const State& state, const Question& question);

std::string described(const State& state);

/// The first rows that are not the same; empty: there are none.
std::string difference(const State& expected, const State& seen);

}  // namespace twostep::properties::stores

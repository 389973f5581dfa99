#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/worlds/world.hpp"

/// A history of a named world, to be kept and played again.
namespace twostep::model {

struct Recorded {
  std::string world;
  std::string bug{};        ///< The name of a planted bug, or empty.
  std::size_t initial = 0;  ///< Which of the world's initial states.
  std::vector<WorldAction> actions{};
  friend bool operator==(const Recorded&, const Recorded&) = default;
};

/// The record of a history of `world`: its first state, and the state behind each step. These may be
/// representatives (`World::canonical`); what is recorded then is a history that goes the same way. Nothing
/// if there is none.
std::optional<Recorded> record(const World& world, const WorldState& first,
                               const std::vector<WorldState>& afters);

/// One action to a line, each with what is seen of it.
std::string json(const Recorded& recorded);

/// Reads what `json` wrote, and of a report of twostep-explore the first history.
std::optional<Recorded> recorded_from(std::string_view json);

/// Each action as it is seen, on a line of its own.
std::vector<std::string> steps_of(const Recorded& recorded);

/// Plays it again; nothing if there is no such world or an action is not possible.
std::optional<Trace> replay(const Recorded& recorded);

}  // namespace twostep::model

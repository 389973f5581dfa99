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

/// One action to a line, each with what is seen of it.
std::string json(const Recorded& recorded);

/// Reads what `json` wrote, and nothing else.
std::optional<Recorded> recorded_from(std::string_view json);

/// Plays it again; nothing if there is no such world or an action is not possible.
std::optional<Trace> replay(const Recorded& recorded);

}  // namespace twostep::model

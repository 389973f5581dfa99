#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "model/explore/app/explored.hpp"

/// The worlds that can be explored by name.
namespace twostep::model::explore {

/// What a world is documented to have. A run that counts otherwise has found a change of the model.
struct Documented {
  std::uint64_t states;
  std::uint64_t transitions;
  std::uint64_t depth;
  friend bool operator==(const Documented&, const Documented&) = default;
};

struct World {
  std::string_view name;
  std::string_view about;
  Documented documented;  ///< With symmetry, where the world has one.
  std::function<Explored(const Options&)> explore;
};

std::span<const World> all_worlds();
const World* find_world(std::string_view name);

}  // namespace twostep::model::explore

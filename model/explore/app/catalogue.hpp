#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>

#include "model/bug.hpp"
#include "model/explore/app/explored.hpp"

/// The worlds that can be explored by name.
namespace twostep::model::explore {

/// What a world is documented to have. A run that counts otherwise has found a change of the model.
struct Documented {
  std::uint64_t states = 0;
  std::uint64_t transitions = 0;
  std::uint64_t depth = 0;
  std::string_view shows{};  ///< A property that does not hold here, and is meant not to.
  friend bool operator==(const Documented&, const Documented&) = default;
};

struct NamedWorld {
  std::string_view name;
  std::string_view about;
  Documented documented;  ///< With symmetry, where the world has one.
  bool can_have_bugs = false;
  std::function<Explored(const Options&, Bug)> explore{};
};

std::span<const NamedWorld> all_worlds();
const NamedWorld* find_world(std::string_view name);

}  // namespace twostep::model::explore

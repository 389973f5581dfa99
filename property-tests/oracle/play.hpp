#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "model/bug.hpp"
#include "property-tests/campaign/decisions.hpp"
#include "property-tests/world/plant.hpp"

/// A history of commands, one after the other, carried out by the model and by `impl`: whatever anybody
/// can see has to be the same.
///
/// Threads    One; runs share nothing.
namespace twostep::properties::oracle {

struct Start {
  std::uint64_t seed = 1;
  std::optional<Decisions> given = {};  ///< Repeat these instead of drawing from the seed.
  std::uint32_t commands_max = 60;
  Plant plant = Plant::none;
  model::Bug bug{};  ///< In the model: then it is the model that is wrong, and found out.
};

struct Played {
  Decisions decisions;  ///< With these it happens again.
  std::uint64_t hash = 0;
  std::uint64_t commands = 0;
  std::vector<std::string> told;          ///< Command by command, with what was seen.
  std::optional<std::string> difference;  ///< Of the last command.
};

Played play(const Start& start);

/// The smallest history found in which the two still differ, as a dialogue, and how to see it again.
std::string tell_smallest(const Start& start, const Played& failed);

}  // namespace twostep::properties::oracle

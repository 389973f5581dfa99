#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "model/bug.hpp"
#include "property-tests/campaign/decisions.hpp"
#include "property-tests/world/plant.hpp"

/// A history of commands, carried out by the model and by `impl`. Of one after the other, whatever anybody
/// can see has to be the same; of several at a time, it has to be something that the model can do too.
///
/// Threads    One; runs share nothing.
namespace twostep::properties::oracle {

struct Start {
  std::uint64_t seed = 1;
  std::optional<Decisions> given = {};  ///< Repeat these instead of drawing from the seed.
  std::uint32_t commands_max = 60;
  Plant plant = Plant::none;
  bool overlaps = false;  ///< Ends with some commands at the same time.
  model::Bug bug{};       ///< In the model: then it is the model that is wrong, and found out.
};

struct Played {
  Decisions decisions;  ///< With these it happens again.
  std::uint64_t hash = 0;
  std::uint64_t commands = 0;
  bool undecided = false;                 ///< Too much could have happened to say whether it may.
  std::vector<std::string> told;          ///< Command by command, with what was seen.
  std::optional<std::string> difference;  ///< Of the last command.
};

Played play(const Start& start);

/// The smallest history found in which the two still differ, as a dialogue, and how to see it again.
std::string tell_smallest(const Start& start, const Played& failed);

}  // namespace twostep::properties::oracle

#pragma once

#include <array>
#include <cstdint>

#include "property-tests/oracle/command.hpp"
#include "property-tests/oracle/expected.hpp"
#include "property-tests/world/choices.hpp"

/// Which commands a history is made of.
namespace twostep::properties::oracle {

/// What one history is made of: every one has its own weights, and leaves some commands out.
struct Habits {
  std::array<std::uint32_t, 11> weights{};
  std::uint32_t commands = 0;
};

Habits draw_habits(Choices& choices, std::uint32_t commands_max);

/// The same without what has no single moment, of commands that are under way together.
Habits overlapping(Habits habits, const Cast& cast);

/// One command, mostly a sensible one: `now` says what there is.
Command draw_command(Choices& choices, const Cast& cast, const Habits& habits, const Expected& now,
                     std::size_t number);

}  // namespace twostep::properties::oracle

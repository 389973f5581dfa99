#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "property-tests/world/choices.hpp"
#include "property-tests/world/database.hpp"
#include "property-tests/world/gateway.hpp"
#include "property-tests/world/network.hpp"

/// What one run is made of: how large its world is, what its people do, and which faults it has.
///
/// Every run draws its own mix, and leaves out most of what there is: faults hide each other, and a run
/// with two features in abundance finds what a run with a little of everything does not (swarm testing).
namespace twostep::properties {

/// What can happen, one at a time.
enum class Act {
  send,
  catch_up,
  connect,
  hang_up,
  add_client,
  remove_client,
  add_member,
  remove_member,
  add_push_token,
  crash_node,
  start_node,
  fail_over,
  set_clock,
  cut_network,
  rename,
  add_talk,
  sweep,
  meet,
  count_,
};

inline constexpr auto acts = static_cast<std::size_t>(Act::count_);

struct Mix {
  std::uint32_t backends = 1;
  std::uint32_t nodes = 1;    ///< Of each backend.
  std::uint32_t users = 2;    ///< Of each backend.
  std::uint32_t clients = 1;  ///< Of each user, at the most.
  std::uint32_t talks = 1;    ///< Conversations of each backend.
  store::IdPolicy ids = store::IdPolicy::monotonic;

  DatabaseHabits database;
  GatewayHabits gateway;
  bool federated = false;  ///< Conversations have members of every backend.
  NetworkHabits network;
  Ticks bells_max{0};
  Ticks trip_max{0};             ///< From a device to a node, and back.
  std::uint32_t trips_lost = 0;  ///< So many in a thousand.
  Ticks frame_max{0};            ///< How long a slow device takes to read a frame.
  Ticks skew_max{0};
  Ticks retention = std::chrono::days{28};
  bool strangers = false;   ///< Not everybody is connected with everybody at first.
  std::uint32_t width = 1;  ///< See `Scheduler`.

  Ticks gap_max{0};  ///< Between two acts.
  std::array<std::uint32_t, acts> weights{};
  std::uint32_t commands = 0;
};

/// The mix of a run with at most so many commands.
Mix draw_mix(Choices& choices, std::uint32_t commands_max);

/// Three backends with ten clients each that mostly send: what speed is measured with.
Mix busy_mix(std::uint32_t commands);

std::string_view name_of(Act act);

/// Draws one by its weight; the first has whatever is left over.
Act draw_act(Choices& choices, const Mix& mix);

}  // namespace twostep::properties

// Symmetry must leave out nothing: the states it visits are one for each orbit of all states.

#include <gtest/gtest.h>

#include <set>
#include <vector>

#include "model/bug.hpp"
#include "model/explore/engine/search.hpp"
#include "model/worlds/named.hpp"
#include "model/worlds/world.hpp"

namespace twostep::model {
namespace {

struct Case {
  std::string_view world;
  std::size_t names;  ///< How many ways to name things there are.
};

class Symmetry : public testing::TestWithParam<Case> {};

TEST_P(Symmetry, VisitsOneStateOfEachOrbit) {
  const auto setup = setup_named(GetParam().world);
  ASSERT_TRUE(setup);
  const World world{*setup};
  EXPECT_EQ(World::renamings_of(*setup).size() + 1, GetParam().names);

  std::set<explore::Bytes> states;
  std::set<explore::Bytes> orbits;
  std::vector<WorldState> todo;
  const auto add = [&](const WorldState& state) {
    if (!states.insert(explore::bytes_of(state)).second) return;
    orbits.insert(explore::bytes_of(world.canonical(state)));
    todo.push_back(state);
  };
  for (const auto& state : world.initial_states()) add(state);
  while (!todo.empty()) {
    const auto state = todo.back();
    todo.pop_back();
    world.next(state, [&](const auto&, const auto& after) { add(after); });
  }
  // A representative is itself reachable: renaming leads to nothing new.
  for (const auto& orbit : orbits) ASSERT_TRUE(states.contains(orbit));

  explore::Search<World> search{world, {.threads = 2}};
  const auto report = search.run();

  EXPECT_EQ(report.end, explore::End::complete);
  EXPECT_EQ(report.counts.states, orbits.size());
}

INSTANTIATE_TEST_SUITE_P(Worlds, Symmetry,
                         testing::Values(Case{"expiry", 6}, Case{"step-two", 2},
                                         Case{"one-backend", 1}));

TEST(Symmetries, AreThoseOfTheSetup) {
  EXPECT_EQ(World::renamings_of(*setup_named("m1-three")).size(), 3u);  // B and C; two messages.
  EXPECT_TRUE(World::renamings_of(*setup_named("m1-two")).empty());

  auto with_bug = *setup_named("m1-three");
  with_bug.bug = Bug::asks_twice;
  EXPECT_TRUE(World::renamings_of(with_bug).empty());
}

}  // namespace
}  // namespace twostep::model

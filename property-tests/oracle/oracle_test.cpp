#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <utility>

#include "property-tests/oracle/play.hpp"

namespace twostep::properties::oracle {
namespace {

TEST(Oracle, WhatImplDoesIsWhatTheModelSays) {
  for (std::uint64_t seed = 1; seed <= 60; ++seed) {
    const Start start{.seed = seed};
    const auto played = play(start);
    ASSERT_FALSE(played.difference) << "seed " << seed << '\n' << tell_smallest(start, played);
    ASSERT_EQ(play(start).hash, played.hash) << "seed " << seed;
  }
}

TEST(Oracle, WhatImplDoesAtTheSameTimeIsWhatTheModelMayDo) {
  std::uint64_t undecided = 0;
  for (std::uint64_t seed = 1; seed <= 200; ++seed) {
    const Start start{.seed = seed, .commands_max = 12, .overlaps = true};
    const auto played = play(start);
    ASSERT_FALSE(played.difference) << "seed " << seed << '\n' << tell_smallest(start, played);
    undecided += played.undecided ? 1 : 0;
  }
  EXPECT_LE(undecided, 4u);
}

TEST(Oracle, KeptHistoriesDoNotDifferNow) {
  for (const auto& entry : std::filesystem::directory_iterator{TWOSTEP_ORACLE_KEPT}) {
    if (entry.path().extension() != ".run") continue;
    SCOPED_TRACE(entry.path());
    std::ifstream in{entry.path()};
    const auto decisions = read_decisions(in);
    ASSERT_TRUE(decisions);
    EXPECT_EQ(play({.seed = decisions->seed, .given = decisions}).difference, std::nullopt);
  }
}

bool differs(Start start, std::uint64_t seeds) {
  for (const auto end = start.seed + seeds; start.seed < end; ++start.seed)
    if (play(start).difference) return true;
  return false;
}

// A comparison that has never failed is not known to work. Whichever of the two is wrong, they differ.
TEST(Oracle, ModelThatIsWrongDiffersFromImpl) {
  using enum model::Bug;
  for (const auto bug :
       {acknowledges_before_commit, forgets_on_crash, mismatch_ignores_first_client,
        stores_what_it_refuses, stores_for_strangers, stores_for_sender, one_copy_for_all_clients,
        forgets_gap, since_is_inclusive, pushes_what_a_socket_got, frames_out_of_order,
        treats_a_down_peer_as_empty, tells_again_after_failure, asks_twice, hides_partial_delivery,
        waits_while_forwarding, stores_before_all_answered})
    EXPECT_TRUE(differs({.bug = bug}, 200)) << static_cast<int>(bug);
}

TEST(Oracle, WorldThatIsWrongDiffersFromTheModel) {
  for (const auto plant : {Plant::loses_last_row, Plant::forgets_heads, Plant::never_rings,
                           Plant::repeats_frame, Plant::skips_frame, Plant::delivers_to_neighbour,
                           Plant::page_without_its_last, Plant::pushes_to_everybody})
    EXPECT_TRUE(differs({.plant = plant}, 200)) << static_cast<int>(plant);
}

// A model that may do more than it should explains what is right, too: so here it is the world that is wrong.
// The search begins shortly before it succeeds, because under a sanitizer it would take minutes.
TEST(Oracle, WorldThatIsWrongAtTheSameTimeDoesWhatTheModelCannot) {
  const std::pair<Plant, std::uint64_t> plants[] = {{Plant::tears_commit, 100},
                                                    {Plant::answers_before_commit, 250},
                                                    {Plant::ids_by_wall_clock, 2'200}};
  for (const auto& [plant, seed] : plants)
    EXPECT_TRUE(
        differs({.seed = seed, .commands_max = 12, .plant = plant, .overlaps = true}, 4'000))
        << static_cast<int>(plant);
}

}  // namespace
}  // namespace twostep::properties::oracle

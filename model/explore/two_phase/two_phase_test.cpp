#include "model/explore/two_phase/two_phase.hpp"

#include <gtest/gtest.h>

#include "model/explore/engine/search.hpp"

namespace twostep::model::explore {
namespace {

struct Published {
  int participants;
  std::uint64_t states;
  std::uint64_t orbits;
};

// The counts of states are those of TLC, SPIN and Stateright; the orbits were counted independently.
constexpr Published published[] = {{3, 288, 80}, {5, 8'832, 314}};

TEST(TwoPhase, HasThePublishedNumberOfStates) {
  for (const auto& [participants, states, orbits] : published) {
    for (const unsigned threads : {1u, 2u, 4u}) {
      const auto report = explore(TwoPhase{participants}, {.threads = threads, .symmetry = false});

      EXPECT_TRUE(report.holds());
      EXPECT_EQ(report.counts.states, states);
      EXPECT_EQ(report.counts.depth, std::uint64_t(3 * participants + 1));
    }
  }
}

// TLC says 1,146 generated and depth 11: it counts the initial state in both.
TEST(TwoPhase, HasThePublishedNumberOfTransitions) {
  const auto report = explore(TwoPhase{3}, {.symmetry = false});

  EXPECT_EQ(report.counts.transitions, 1'145u);
  EXPECT_EQ(report.counts.depth, 10u);
}

TEST(TwoPhase, HasThePublishedNumberOfOrbits) {
  for (const auto& [participants, states, orbits] : published) {
    EXPECT_EQ(explore(TwoPhase{participants}, {}).counts.states, orbits);
  }
  EXPECT_EQ(explore(TwoPhase{8}, {.threads = 2}).counts.states, 1'461u);
  EXPECT_EQ(explore(TwoPhase{10}, {.threads = 2}).counts.states, 3'300u);
}

}  // namespace
}  // namespace twostep::model::explore

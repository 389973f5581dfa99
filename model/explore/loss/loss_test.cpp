#include "model/explore/loss/loss.hpp"

#include <gtest/gtest.h>

#include "model/explore/loss/plot.hpp"

namespace twostep::model::explore {
namespace {

constexpr Sample small{.histories = 3, .messages = 300};

// TID-09: with ids from clocks, clocks that differ lose messages, and so do slow commits alone.
TEST(Loss, NothingIsLostOnlyIfClocksAgreeAndCommitsAreImmediate) {
  EXPECT_EQ(measure({.skew_ms = 0, .commit_delay_ms = 0}, small).lost, 0u);
  EXPECT_GT(measure({.skew_ms = 50, .commit_delay_ms = 0}, small).lost, 0u);
  EXPECT_GT(measure({.skew_ms = 0, .commit_delay_ms = 20}, small).lost, 0u);
}

TEST(Loss, MoreSkewLosesMore) {
  const auto little = measure({.skew_ms = 5, .commit_delay_ms = 1}, small);
  const auto much = measure({.skew_ms = 500, .commit_delay_ms = 1}, small);

  EXPECT_LT(little.lost, much.lost);
}

// TID-06: whatever the clocks and however slow the commits.
TEST(Loss, MonotonicIdsLoseNothing) {
  for (const double skew_ms : {0.0, 50.0, 3'600'000.0}) {
    const auto losses =
        measure({.skew_ms = skew_ms, .commit_delay_ms = 20, .ids = IdPolicy::monotonic}, small);

    EXPECT_EQ(losses.lost, 0u);
    EXPECT_EQ(losses.sent, 900u);
  }
}

TEST(Loss, TheSameSampleGivesTheSameLosses) {
  const Conditions conditions{.skew_ms = 10, .commit_delay_ms = 5};

  EXPECT_EQ(measure(conditions, small).lost, measure(conditions, small).lost);
}

TEST(Loss, WhatIsMeasuredIsShown) {
  const std::vector<Measured> measured{{{.skew_ms = 10}, {200, 5, 2, 1}}};

  EXPECT_NE(table(measured).find("2.5000 %"), std::string::npos);
  EXPECT_NE(csv(measured).find("wall-clock,10,0,100,8,200,5,2,1\n"), std::string::npos);
  EXPECT_NE(svg(measured).find("<polyline"), std::string::npos);
}

}  // namespace
}  // namespace twostep::model::explore

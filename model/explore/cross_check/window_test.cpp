#include "model/explore/cross_check/window.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "model/explore/engine/search.hpp"

namespace twostep::model::explore {
namespace {

TEST(Window, HoldsAndShowsWhatItWasMadeToShow) {
  const auto report = explore(Window{{.messages = 1, .faults = 1}}, {.threads = 2});

  EXPECT_TRUE(report.holds());
  EXPECT_EQ(report.counts.states, 387u);  // SPIN counts as many.
  EXPECT_EQ(report.counts.transitions, 1'196u);
}

// What M1 cannot exclude: one fault between the two calls of a peer, and some have the message.
TEST(Window, OneCrashInTheWindowDeliversToSome) {
  const auto report = explore(Window{{.messages = 1, .faults = 1}}, {});

  ASSERT_FALSE(report.witnesses.empty());
  const auto& last = report.witnesses[0].history.last();
  EXPECT_EQ(last.faults, 1);
  EXPECT_NE(last.stored[0], last.stored[1]);
}

TEST(Window, WithoutFaultsEverybodyGetsEverything) {
  const auto report = explore(Window{{.messages = 2, .faults = 0}}, {});

  ASSERT_EQ(report.findings.size(), 2u);
  for (const auto& finding : report.findings) EXPECT_EQ(finding.fault, Fault::never_met);
}

}  // namespace
}  // namespace twostep::model::explore

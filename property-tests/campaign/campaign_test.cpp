#include <gtest/gtest.h>

#include <filesystem>
#include <sstream>

#include "property-tests/campaign/finding.hpp"

namespace twostep::properties {
namespace {

std::string shown(const std::vector<Violation>& violations) {
  std::string text;
  for (const auto& violation : violations)
    text += violation.property + ": " + violation.what + '\n';
  return text;
}

// A campaign that fits into a test. A longer one is `./run properties`.
TEST(Campaign, EveryPropertyHoldsAndEverySeedRepeatsItself) {
  Coverage coverage;
  Judged judged;
  ++judged.counts[static_cast<std::size_t>(Rule::repeats_itself)];
  for (std::uint64_t seed = 1; seed <= 100; ++seed) {
    SCOPED_TRACE(seed);
    const Start start{.seed = seed, .commands_max = 60};
    const auto first = run(start);
    ASSERT_EQ(shown(first.violations), "");
    ASSERT_EQ(run(start).hash, first.hash);
    coverage += first.coverage;
    judged += first.judged;
  }
  for (const auto situation : coverage.never_seen())
    ADD_FAILURE() << "never: " << name_of(situation);
  for (const auto rule : judged.never()) ADD_FAILURE() << "never judged: " << name_of(rule);
}

TEST(Campaign, DecisionsRepeatARunWithoutItsSeedsOfChance) {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    const auto first = run({.seed = seed, .commands_max = 60});
    std::stringstream file;
    write(file, first.decisions);
    const auto decisions = read_decisions(file);
    ASSERT_TRUE(decisions);
    EXPECT_EQ(run({.seed = decisions->seed, .given = decisions}).hash, first.hash);
  }
}

/// The first run in which the planted fault is found.
RunResult seek(Plant plant, std::uint64_t seeds) {
  for (std::uint64_t seed = 1; seed <= seeds; ++seed) {
    auto result = run({.seed = seed, .commands_max = 150, .plant = plant});
    if (!result.violations.empty()) return result;
  }
  return {};
}

class Planted : public ::testing::TestWithParam<PlantName> {};

// A property that has never failed is not known to work: each of these is found, and soon.
TEST_P(Planted, FaultIsFound) { EXPECT_NE(shown(seek(GetParam().plant, 800).violations), ""); }

INSTANTIATE_TEST_SUITE_P(All, Planted, ::testing::ValuesIn(plant_names), [](const auto& of) {
  std::string name{of.param.name};
  std::replace(name.begin(), name.end(), '-', '_');
  return name;
});

TEST(Shrinking, LeavesWhatTheFaultNeedsAndNothingElse) {
  Start start{.seed = 1, .commands_max = 60, .plant = Plant::page_without_its_last};
  const auto failed = seek(start.plant, 150);
  ASSERT_FALSE(failed.violations.empty());
  start.seed = failed.decisions.seed;

  const auto finding = find_smallest(start, failed);

  EXPECT_EQ(finding.violation.property, failed.violations.front().property);
  EXPECT_LE(finding.decisions.commands.size(), 1u);
  EXPECT_FALSE(finding.lines.empty());
}

// Runs that once failed stay, as the decisions that were taken in them.
TEST(Regressions, EveryKeptRunHoldsNow) {
  for (const auto& entry : std::filesystem::directory_iterator{TWOSTEP_REGRESSIONS}) {
    if (entry.path().extension() != ".run") continue;
    SCOPED_TRACE(entry.path());
    const auto decisions = read_kept(entry.path());
    ASSERT_TRUE(decisions);
    EXPECT_EQ(shown(run({.seed = decisions->seed, .given = decisions}).violations), "");
  }
}

}  // namespace
}  // namespace twostep::properties

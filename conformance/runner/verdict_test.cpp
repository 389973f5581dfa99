#include "conformance/runner/verdict.hpp"

#include <gtest/gtest.h>

namespace twostep::conformance {
namespace {

Clause clause_of(Level level) {
  return {.id = "SND-01",
          .level = level,
          .chapter = "",
          .section = "",
          .source = "",
          .text = "",
          .seen_by = "send"};
}

TestResult test_that(Outcome outcome, const std::string& name = "Snd01.Test") {
  return {.name = name, .clause = "SND-01", .attempts = {{.outcome = outcome}}};
}

Verdict verdict_of(const std::vector<TestResult>& results, Level level = Level::must,
                   const std::vector<KnownFailure>& known = {}) {
  const auto clause = clause_of(level);
  return judge({&clause}, results, known).front().verdict;
}

const std::vector<KnownFailure> known_clause = {{.clause = "SND-01", .reason = "r", .link = "l"}};
const std::vector<KnownFailure> known_test = {{.test = "Snd01.Test", .reason = "r", .link = "l"}};

TEST(Verdicts, OneFailureDecides) {
  EXPECT_EQ(verdict_of({test_that(Outcome::passed), test_that(Outcome::failed)}), Verdict::fail);
  EXPECT_EQ(verdict_of({test_that(Outcome::unknown), test_that(Outcome::failed)}), Verdict::fail);
}

TEST(Verdicts, AFailureWeighsAsMuchAsTheClause) {
  EXPECT_EQ(verdict_of({test_that(Outcome::failed)}, Level::should), Verdict::non_strict);
  EXPECT_EQ(verdict_of({test_that(Outcome::failed)}, Level::may), Verdict::informational);
}

TEST(Verdicts, NoEvidenceIsNoPass) {
  EXPECT_EQ(verdict_of({}), Verdict::not_covered);
  EXPECT_EQ(verdict_of({test_that(Outcome::not_covered)}), Verdict::not_covered);
  EXPECT_EQ(verdict_of({test_that(Outcome::unknown), test_that(Outcome::passed)}),
            Verdict::unknown);
  EXPECT_EQ(verdict_of({test_that(Outcome::broken)}), Verdict::unknown);
}

TEST(Verdicts, AKnownFailureIsOneOnlyWhileItFails) {
  for (const auto& known : {known_clause, known_test}) {
    EXPECT_EQ(verdict_of({test_that(Outcome::failed)}, Level::must, known), Verdict::known_failure);
    EXPECT_EQ(verdict_of({test_that(Outcome::passed)}, Level::must, known), Verdict::stale);
    EXPECT_EQ(verdict_of({test_that(Outcome::not_covered)}, Level::must, known),
              Verdict::not_covered);
  }
}

TEST(Verdicts, AKnownFailureHidesNoOther) {
  EXPECT_EQ(verdict_of({test_that(Outcome::failed), test_that(Outcome::failed, "Snd01.Other")},
                       Level::must, known_test),
            Verdict::fail);
}

TEST(Verdicts, AnAcceptableReadingIsInformational) {
  auto test = test_that(Outcome::passed);
  test.attempts.front().readings = {"answers 400"};
  EXPECT_EQ(verdict_of({test}), Verdict::informational);
}

TEST(Verdicts, AFailureIsDescribedByItsRepeats) {
  auto test = test_that(Outcome::failed);
  const auto with = [&](Outcome second, Outcome third) {
    test.attempts = {{.outcome = Outcome::failed}, {.outcome = second}, {.outcome = third}};
    return test.pattern();
  };
  EXPECT_EQ(with(Outcome::failed, Outcome::failed), "always");
  EXPECT_EQ(with(Outcome::passed, Outcome::failed), "flaky");
  EXPECT_EQ(with(Outcome::passed, Outcome::passed), "only under load");
  EXPECT_EQ(test.outcome(), Outcome::failed);
}

TEST(Verdicts, DecideTheExitCode) {
  const auto clause = clause_of(Level::must);
  const auto exit_after = [&](Outcome outcome) {
    const std::vector<TestResult> results = {test_that(outcome)};
    return exit_for(judge({&clause}, results, {}), results);
  };
  EXPECT_EQ(exit_after(Outcome::passed), Exit::conformant);
  EXPECT_EQ(exit_after(Outcome::not_covered), Exit::inconclusive);
  EXPECT_EQ(exit_after(Outcome::failed), Exit::not_conformant);
  EXPECT_EQ(exit_after(Outcome::unknown), Exit::inconclusive);
  EXPECT_EQ(exit_after(Outcome::broken), Exit::broken);
}

}  // namespace
}  // namespace twostep::conformance

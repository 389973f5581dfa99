#include "conformance/runner/verdict.hpp"

#include <algorithm>
#include <array>
#include <optional>

namespace twostep::conformance {
namespace {

const KnownFailure* known_for(const TestResult& test, const std::vector<KnownFailure>& known) {
  const auto found = std::ranges::find_if(known, [&](const KnownFailure& entry) {
    return entry.clause == test.clause || entry.test == test.name;
  });
  return found == known.end() ? nullptr : &*found;
}

std::string first_line(const std::string& text) { return text.substr(0, text.find('\n')); }

/// The tests of one clause, sorted by how they ended.
struct Tally {
  int passed = 0;
  int failed_unexpectedly = 0;
  std::optional<std::string> known = {};  ///< Reason of a known failure that failed.
  std::optional<std::string> stale = {};  ///< Name of a test that is listed as failing and passed.
  std::optional<std::string> unknown = {};      ///< Why the first such test is.
  std::optional<std::string> not_covered = {};  ///< Why the first such test is.
  std::optional<std::string> reading = {};
};

Tally tally_of(const std::vector<const TestResult*>& tests,
               const std::vector<KnownFailure>& known) {
  Tally tally;
  for (const auto* test : tests) {
    const auto* entry = known_for(*test, known);
    switch (test->outcome()) {
      case Outcome::passed:
        ++tally.passed;
        if (entry != nullptr && entry->test == test->name) tally.stale = test->name;
        if (!test->first().readings.empty()) tally.reading = test->first().readings.front();
        break;
      case Outcome::failed:
        if (entry != nullptr) {
          tally.known = entry->reason + " (" + entry->link + ")";
        } else {
          ++tally.failed_unexpectedly;
        }
        break;
      case Outcome::not_covered:
        if (!tally.not_covered) tally.not_covered = first_line(test->first().message);
        break;
      case Outcome::unknown:
      case Outcome::broken:
      case Outcome::must_run_alone:
        if (!tally.unknown) tally.unknown = first_line(test->first().message);
        break;
    }
  }
  return tally;
}

/// A clause that is listed as a whole is stale once nothing in it fails any more.
bool whole_clause_is_stale(const Clause& clause, const Tally& tally,
                           const std::vector<KnownFailure>& known) {
  const bool listed = std::ranges::any_of(
      known, [&](const KnownFailure& entry) { return entry.clause == clause.id; });
  return listed && !tally.known && !tally.unknown && tally.passed > 0;
}

void judge(Judgement& judgement, const std::vector<KnownFailure>& known) {
  const auto& clause = *judgement.clause;
  if (judgement.tests.empty()) {
    judgement.reason = clause.observable() ? "no test was run" : std::string(clause.seen_by);
    return;
  }
  const auto tally = tally_of(judgement.tests, known);
  const auto set = [&](Verdict verdict, const std::string& reason) {
    judgement.verdict = verdict;
    judgement.reason = reason;
  };
  if (tally.failed_unexpectedly > 0) {
    switch (clause.level) {
      case Level::must:
        return set(Verdict::fail, "");
      case Level::should:
        return set(Verdict::non_strict, "");
      case Level::may:
        return set(Verdict::informational, "not made use of");
    }
  }
  if (tally.stale || whole_clause_is_stale(clause, tally, known)) {
    return set(Verdict::stale, "listed as a known failure, but it passes: take it off the list");
  }
  if (tally.known) return set(Verdict::known_failure, *tally.known);
  if (tally.unknown) return set(Verdict::unknown, *tally.unknown);
  if (tally.passed == 0) return set(Verdict::not_covered, *tally.not_covered);
  if (tally.reading) return set(Verdict::informational, *tally.reading);
  set(Verdict::pass, tally.not_covered ? "in part: " + *tally.not_covered : "");
}

}  // namespace

std::vector<Judgement> judge(const std::vector<const Clause*>& wanted,
                             const std::vector<TestResult>& results,
                             const std::vector<KnownFailure>& known) {
  std::vector<Judgement> judgements;
  for (const auto* clause : wanted) {
    Judgement judgement{.clause = clause};
    for (const auto& result : results) {
      if (result.clause == clause->id) judgement.tests.push_back(&result);
    }
    judge(judgement, known);
    judgements.push_back(std::move(judgement));
  }
  return judgements;
}

std::map<Verdict, int> counts(const std::vector<Judgement>& judgements) {
  std::map<Verdict, int> counts;
  for (const auto& judgement : judgements) ++counts[judgement.verdict];
  return counts;
}

Exit exit_for(const std::vector<Judgement>& judgements, const std::vector<TestResult>& results) {
  const auto any = [&](Verdict verdict) {
    return std::ranges::any_of(
        judgements, [&](const Judgement& judgement) { return judgement.verdict == verdict; });
  };
  if (any(Verdict::fail) || any(Verdict::stale)) return Exit::not_conformant;
  const bool broken = std::ranges::any_of(
      results, [](const TestResult& result) { return result.outcome() == Outcome::broken; });
  if (broken) return Exit::broken;
  // A run in which nothing was put to the question says nothing.
  const bool evidence = any(Verdict::pass) || any(Verdict::informational) ||
                        any(Verdict::non_strict) || any(Verdict::known_failure);
  return any(Verdict::unknown) || !evidence ? Exit::inconclusive : Exit::conformant;
}

std::string_view word_for(Verdict verdict) {
  constexpr std::array<std::string_view, verdict_count> words = {
      "pass",          "fail",  "non-strict",  "informational",
      "known failure", "stale", "not covered", "unknown"};
  return words.at(static_cast<std::size_t>(verdict));
}

}  // namespace twostep::conformance

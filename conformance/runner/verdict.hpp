#pragma once

#include <map>
#include <string>
#include <vector>

#include "conformance/runner/clause.hpp"
#include "conformance/runner/test_result.hpp"
#include "conformance/support/target.hpp"

/// What the tests of a clause say about it, taken together.
namespace twostep::conformance {

enum class Verdict {
  pass,
  fail,
  non_strict,     ///< A SHOULD that was missed.
  informational,  ///< One of several acceptable readings, or a MAY that is not made use of.
  known_failure,  ///< It fails, and the target file says so.
  stale,          ///< The target file says that it fails, but it does not.
  not_covered,
  unknown,
};

inline constexpr int verdict_count = 8;

struct Judgement {
  const Clause* clause;
  Verdict verdict = Verdict::not_covered;
  std::string reason = {};  ///< One line: why it is not covered, unknown, known to fail, ….
  std::vector<const TestResult*> tests = {};
};

/// One judgement for each clause of `wanted`, in their order. A clause without a result is not
/// covered; it says why.
std::vector<Judgement> judge(const std::vector<const Clause*>& wanted,
                             const std::vector<TestResult>& results,
                             const std::vector<KnownFailure>& known);

std::map<Verdict, int> counts(const std::vector<Judgement>& judgements);

/// Exit codes of the program.
enum class Exit {
  conformant = 0,
  not_conformant = 1,
  inconclusive = 2,
  unreachable = 3,
  broken = 4
};

Exit exit_for(const std::vector<Judgement>& judgements, const std::vector<TestResult>& results);

std::string_view word_for(Verdict verdict);

}  // namespace twostep::conformance

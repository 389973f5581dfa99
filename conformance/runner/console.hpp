#pragma once

#include <cstddef>
#include <set>
#include <string>
#include <vector>

#include "conformance/runner/verdict.hpp"

/// What the operator sees while the tests run, and at the end.
///
/// On a terminal progress is one line that is written over; in a pipe it is a line per test.
/// Colours only on a terminal, and never if `NO_COLOR` is set.
namespace twostep::conformance {

class Console {
 public:
  explicit Console(std::size_t tests);

  void finished(const TestResult& result);

  /// The table of verdicts, and where the report lies.
  void summary(const std::vector<Judgement>& judgements, const std::string& report, double seconds);

 private:
  std::string coloured(Verdict verdict, const std::string& text) const;

  std::size_t tests_;
  std::size_t finished_ = 0;
  std::size_t failed_ = 0;
  std::set<std::string> setups_shown_ = {};
  bool terminal_;
  bool colours_;
};

/// The letters before the dash: "SND" for "SND-02".
std::string chapter_of(const Clause& clause);

}  // namespace twostep::conformance

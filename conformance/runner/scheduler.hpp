#pragma once

#include <functional>
#include <string>
#include <vector>

#include "conformance/runner/test_result.hpp"
#include "conformance/support/patience.hpp"

/// Runs tests as processes: many at once, then alone what disturbs others, then failures again.
namespace twostep::conformance {

struct Schedule {
  std::vector<std::string> tests;  ///< In this order.
  std::string histories;           ///< Folder for their histories.
  int jobs = 4;
  int repeats = 2;                  ///< How often a failure is repeated to see if it is stable.
  Milliseconds time_limit{60'000};  ///< Of one test; then it is killed.
};

/// @param finished  called after each first attempt, for progress.
std::vector<TestResult> run(const Schedule& schedule,
                            const std::function<void(const TestResult&)>& finished);

}  // namespace twostep::conformance

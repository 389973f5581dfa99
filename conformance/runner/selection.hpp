#pragma once

#include <string>
#include <vector>

#include "conformance/runner/arguments.hpp"
#include "conformance/runner/clause.hpp"

/// Which tests and clauses a run is about.
namespace twostep::conformance {

struct Selection {
  std::vector<std::string> tests;      ///< In the order in which they are to run.
  std::vector<const Clause*> clauses;  ///< Those that are to be judged, in order.
};

Selection select(const Arguments& arguments, const std::vector<std::string>& all_tests);

/// Test suites that name no clause. Must be empty: an assertion without a clause is refused.
std::vector<std::string> without_clause(const std::vector<std::string>& tests);

/// Clauses that can be observed from outside and have no test.
std::vector<const Clause*> without_test(const std::vector<std::string>& tests);

/// "SND-02" for "Snd02.Whatever".
std::string clause_of_test(const std::string& test);

}  // namespace twostep::conformance

#pragma once

#include <string>
#include <vector>

#include "conformance/runner/arguments.hpp"
#include "conformance/runner/test_result.hpp"
#include "conformance/runner/verdict.hpp"
#include "conformance/support/target.hpp"

/// What a run leaves behind, in the folder of `--report`:
///
///   index.html    everything on one page that needs nothing else
///   results.json  the same for programs
///   junit.xml     for continuous integration
///   summary.md    for a pull request
///   histories/    what each test did and saw
namespace twostep::conformance {

struct Report {
  const Target& target;
  const Arguments& arguments;
  const std::vector<Judgement>& judgements;
  const std::vector<TestResult>& results;
  double seconds;
  Exit exit;
};

void write_reports(const Report& report);

std::string html_report(const Report& report);
std::string json_report(const Report& report);
std::string junit_report(const Report& report);
std::string markdown_report(const Report& report);

/// "Conformant: …": the run in one sentence.
std::string headline(const Report& report);

/// The command that repeats one test against the same target.
std::string repeat_command(const Report& report, const TestResult& test);

}  // namespace twostep::conformance

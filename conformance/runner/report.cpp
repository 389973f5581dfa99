#include "conformance/runner/report.hpp"

#include <filesystem>
#include <fstream>

#include "conformance/support/context.hpp"
#include "conformance/support/json.hpp"

namespace twostep::conformance {
namespace {

void write(const std::filesystem::path& file, const std::string& text) {
  std::ofstream out{file, std::ios::binary | std::ios::trunc};
  out << text;
  if (!out.flush()) throw std::runtime_error("cannot write " + file.string());
}

std::string number(int count, const char* what) { return std::to_string(count) + " " + what; }

}  // namespace

void write_reports(const Report& report) {
  const std::filesystem::path folder{report.arguments.report};
  std::filesystem::create_directories(folder);
  write(folder / "results.json", json_report(report));
  write(folder / "junit.xml", junit_report(report));
  write(folder / "summary.md", markdown_report(report));
  write(folder / "index.html", html_report(report));
  if (!report.arguments.junit.empty()) write(report.arguments.junit, junit_report(report));
}

std::string headline(const Report& report) {
  auto counted = counts(report.judgements);
  const auto hold = counted[Verdict::pass] + counted[Verdict::informational];
  auto text = number(hold, "clauses hold");
  for (const auto verdict : {Verdict::fail, Verdict::stale, Verdict::non_strict,
                             Verdict::known_failure, Verdict::unknown, Verdict::not_covered}) {
    if (counted[verdict] > 0) {
      text += ", " + number(counted[verdict], std::string(word_for(verdict)).c_str());
    }
  }
  switch (report.exit) {
    case Exit::conformant:
      return "Conformant: " + text;
    case Exit::not_conformant:
      return "Not conformant: " + text;
    case Exit::inconclusive:
      return "Inconclusive: " + text;
    case Exit::unreachable:
      return "The target cannot be reached";
    case Exit::broken:
      return "The suite itself failed: " + text;
  }
  return text;
}

std::string repeat_command(const Report& report, const TestResult& test) {
  const auto& arguments = report.arguments;
  const auto target = arguments.target.empty()
                          ? "--http " + arguments.http + " --ws " + arguments.websocket +
                                " --domain " + arguments.domain
                          : "--target " + arguments.target;
  return "twostep-conformance " + target + " --test " + test.name;
}

std::string json_report(const Report& report) {
  Json clauses = Json::array();
  for (const auto& judgement : report.judgements) {
    Json tests = Json::array();
    for (const auto* test : judgement.tests) {
      Json attempts = Json::array();
      for (const auto& attempt : test->attempts) attempts.push_back(to_json(attempt));
      tests.push_back({{"name", test->name},
                       {"outcome", word_for(test->outcome())},
                       {"pattern", test->pattern()},
                       {"attempts", attempts},
                       {"repeat", repeat_command(report, *test)}});
    }
    clauses.push_back({{"clause", judgement.clause->id},
                       {"level", word_for(judgement.clause->level)},
                       {"chapter", judgement.clause->chapter},
                       {"text", judgement.clause->text},
                       {"verdict", word_for(judgement.verdict)},
                       {"reason", judgement.reason},
                       {"tests", tests}});
  }
  const Json all = {{"target", report.target.name},
                    {"domain", report.target.domain},
                    {"api_version", report.target.api_version},
                    {"patience_ms", context().patience.count()},
                    {"seconds", report.seconds},
                    {"headline", headline(report)},
                    {"exit", static_cast<int>(report.exit)},
                    {"clauses", clauses}};
  return all.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace twostep::conformance

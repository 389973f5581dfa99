#include <sstream>

#include "conformance/runner/report.hpp"

namespace twostep::conformance {
namespace {

std::string xml(const std::string& text) {
  std::string result;
  for (const char letter : text) {
    switch (letter) {
      case '&':
        result += "&amp;";
        break;
      case '<':
        result += "&lt;";
        break;
      case '>':
        result += "&gt;";
        break;
      case '"':
        result += "&quot;";
        break;
      default:
        // Other control characters have no place in XML 1.0.
        const bool allowed = static_cast<unsigned char>(letter) >= 0x20 || letter == '\n';
        result += allowed ? letter : ' ';
    }
  }
  return result;
}

std::string first_line(const std::string& text) { return text.substr(0, text.find('\n')); }

}  // namespace

std::string junit_report(const Report& report) {
  std::ostringstream out;
  std::size_t tests = 0;
  std::size_t failures = 0;
  std::ostringstream cases;
  for (const auto& judgement : report.judgements) {
    for (const auto* test : judgement.tests) {
      ++tests;
      cases << "    <testcase classname=\"" << judgement.clause->id << "\" name=\""
            << xml(test->name) << "\" time=\"" << test->first().took_ms / 1000 << "\"";
      const auto& message = test->first().message;
      if (judgement.verdict == Verdict::fail && test->outcome() == Outcome::failed) {
        ++failures;
        cases << ">\n      <failure message=\"" << xml(std::string(judgement.clause->text)) << "\">"
              << xml(message + "\n" + repeat_command(report, *test))
              << "</failure>\n    </testcase>\n";
      } else if (test->outcome() == Outcome::broken) {
        cases << ">\n      <error message=\"" << xml(first_line(message))
              << "\"/>\n    </testcase>\n";
      } else if (test->outcome() != Outcome::passed) {
        cases << ">\n      <skipped message=\""
              << xml(std::string(word_for(judgement.verdict)) + ": " + first_line(message))
              << "\"/>\n    </testcase>\n";
      } else {
        cases << "/>\n";
      }
    }
  }
  out << "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n  <testsuite "
         "name=\"conformance of "
      << xml(report.target.name) << "\" tests=\"" << tests << "\" failures=\"" << failures
      << "\" time=\"" << report.seconds << "\">\n"
      << cases.str() << "  </testsuite>\n</testsuites>\n";
  return out.str();
}

std::string markdown_report(const Report& report) {
  std::ostringstream out;
  out << "# Conformance of " << report.target.name << "\n\n"
      << headline(report) << ".\n\n"
      << "| clause | verdict | text |\n|---|---|---|\n";
  for (const auto& judgement : report.judgements) {
    out << "| " << judgement.clause->id << " | " << word_for(judgement.verdict) << " | "
        << judgement.clause->text;
    if (!judgement.reason.empty()) out << " *(" << judgement.reason << ")*";
    out << " |\n";
  }
  for (const auto& judgement : report.judgements) {
    for (const auto* test : judgement.tests) {
      if (test->outcome() != Outcome::failed) continue;
      out << "\n## " << judgement.clause->id << ": " << test->name << "\n\n```text\n"
          << test->first().message << "\n```\n\n    " << repeat_command(report, *test) << "\n";
    }
  }
  return out.str();
}

}  // namespace twostep::conformance

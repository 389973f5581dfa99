#include <ctime>
#include <map>
#include <sstream>

#include "conformance/runner/console.hpp"
#include "conformance/runner/exchange.hpp"
#include "conformance/runner/html.hpp"
#include "conformance/runner/page_style.hpp"
#include "conformance/runner/report.hpp"
#include "conformance/support/history.hpp"

namespace twostep::conformance {
namespace {

/// What one assertion of GoogleTest said, taken apart as far as it has the usual form.
struct Finding {
  std::string where;
  std::string what;  ///< The expression that was judged.
  std::string acceptable;
  std::string seen;
};

std::string trimmed(const std::string& text) {
  const auto from = text.find_first_not_of(" \n");
  if (from == std::string::npos) return {};
  return text.substr(from, text.find_last_not_of(" \n") - from + 1);
}

Finding finding_in(const std::string& part) {
  const auto where = part.substr(0, part.find('\n'));
  const auto text = part.size() > where.size() ? part.substr(where.size() + 1) : part;
  const std::string value_of = "Value of: ";
  const auto expected = text.find("\nExpected: ");
  const auto actual = text.find("\n  Actual: ");
  if (!text.starts_with(value_of) || expected == text.npos || actual == text.npos ||
      actual < expected) {
    return {.where = where, .what = {}, .acceptable = {}, .seen = text};
  }
  return {.where = where,
          .what = text.substr(value_of.size(), expected - value_of.size()),
          .acceptable = trimmed(text.substr(expected + 11, actual - expected - 11)),
          .seen = trimmed(text.substr(actual + 11))};
}

std::vector<Finding> findings_in(const std::string& message) {
  std::vector<Finding> findings;
  for (std::size_t from = 0; from < message.size();) {
    const auto end = message.find("\n\n", from);
    findings.push_back(finding_in(message.substr(from, end - from)));
    if (end == std::string::npos) break;
    from = end + 2;
  }
  return findings;
}

std::string css_class(Verdict verdict) {
  std::string name{word_for(verdict)};
  for (auto& letter : name) {
    if (letter == ' ') letter = '-';
  }
  return name;
}

std::string badge(Verdict verdict) {
  return "<span class=\"badge " + css_class(verdict) + "\">" + std::string(word_for(verdict)) +
         "</span>";
}

std::string id_of(const Judgement& judgement) { return std::string(judgement.clause->id); }

/// Setting up is what these chapters are about.
bool is_about_setup(const Clause& clause) {
  const auto chapter = chapter_of(clause);
  return chapter == "ACC" || chapter == "CNV" || chapter == "WIR";
}

class Page {
 public:
  explicit Page(const Report& report) : report_(report) {}

  std::string html() {
    out_ << "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">"
         << "<meta name=\"viewport\" content=\"width=device-width\"><title>Conformance of "
         << escaped(report_.target.name) << "</title>\n<style>" << page_style
         << "</style></head>\n<body>\n";
    head();
    matrix();
    failures();
    all_clauses();
    out_ << "</body></html>\n";
    return out_.str();
  }

 private:
  void head() {
    char date[64];
    const auto now = std::time(nullptr);
    std::strftime(date, sizeof date, "%Y-%m-%d %H:%M UTC", std::gmtime(&now));
    out_ << "<h1>Conformance of " << escaped(report_.target.name) << "</h1>\n<p>"
         << escaped(headline(report_)) << ".</p>\n<p class=\"quiet\">"
         << escaped(report_.target.domain) << " at " << escaped(report_.target.http)
         << ", API version " << report_.target.api_version << "; " << report_.results.size()
         << " tests in " << static_cast<int>(report_.seconds + 0.5) << " s, " << date
         << "</p>\n<p>";
    for (const auto& [verdict, count] : counts(report_.judgements)) {
      out_ << badge(verdict) << ' ' << count << " &ensp;";
    }
    out_ << "</p>\n";
  }

  void matrix() {
    out_ << "<h2>Clauses</h2>\n<div class=\"matrix\">\n";
    std::string_view chapter;
    for (const auto& judgement : report_.judgements) {
      if (judgement.clause->chapter != chapter) {
        if (!chapter.empty()) out_ << "</div>\n";
        chapter = judgement.clause->chapter;
        out_ << "<div>" << escaped(chapter) << "</div><div class=\"cells\">\n";
      }
      out_ << "<a class=\"cell " << css_class(judgement.verdict) << "\" href=\"#"
           << id_of(judgement) << "\" title=\"" << id_of(judgement) << ' '
           << word_for(judgement.verdict) << ": " << escaped(judgement.clause->text) << "\">"
           << judgement.clause->id.substr(4) << "</a>\n";
    }
    if (!chapter.empty()) out_ << "</div>\n";
    out_ << "</div>\n";
  }

  void failures() {
    bool any = false;
    for (const auto& judgement : report_.judgements) {
      for (const auto* test : judgement.tests) {
        const auto outcome = test->outcome();
        if (outcome == Outcome::passed || outcome == Outcome::not_covered) continue;
        if (!any) out_ << "<h2>What did not pass</h2>\n";
        any = true;
        failure(judgement, *test);
      }
    }
  }

  void failure(const Judgement& judgement, const TestResult& test) {
    const auto& clause = *judgement.clause;
    out_ << "<article id=\"" << escaped(test.name) << "\"><h3>" << badge(judgement.verdict) << ' '
         << clause.id << " &ensp;" << escaped(test.name) << "</h3>\n<blockquote>"
         << word_for(clause.level) << " &ensp;" << marked_up(clause.text)
         << " <span class=\"quiet\">(" << escaped(clause.source) << ")</span></blockquote>\n";
    for (const auto& finding : findings_in(test.first().message)) {
      out_ << "<dl>";
      if (!finding.what.empty()) {
        out_ << "<dt>asked</dt><dd><code>" << escaped(finding.what) << "</code></dd>";
      }
      if (!finding.acceptable.empty()) {
        out_ << "<dt>acceptable</dt><dd>" << escaped(finding.acceptable) << "</dd>";
      }
      out_ << "<dt>seen</dt><dd><pre>" << escaped(shortened(finding.seen, 2'000))
           << "</pre></dd><dt>at</dt><dd class=\"quiet\">" << escaped(finding.where)
           << "</dd></dl>\n";
    }
    if (!test.pattern().empty()) {
      out_ << "<p>Repeated " << test.attempts.size() - 1
           << " times, with nothing else running: fails <b>" << test.pattern() << "</b>.</p>\n";
    }
    const auto history = read_history(test.first().history);
    out_ << sequence_diagram(history, !is_about_setup(clause));
    const auto curl = curl_line(history, report_.target.http);
    if (!curl.empty()) {
      out_ << "<p class=\"quiet\">The last request:</p><pre>" << escaped(shortened(curl, 3'000))
           << "</pre>\n";
    }
    out_ << "<p class=\"quiet\">Again:</p><pre>" << escaped(repeat_command(report_, test))
         << "</pre>\n<details><summary>Everything recorded</summary><pre>"
         << escaped(transcript(history)) << "</pre></details></article>\n";
  }

  void all_clauses() {
    out_ << "<h2>Every clause</h2>\n<table>\n";
    for (const auto& judgement : report_.judgements) {
      const auto& clause = *judgement.clause;
      out_ << "<tr id=\"" << clause.id << "\"><td><b>" << clause.id
           << "</b><br><span class=\"quiet\">" << word_for(clause.level) << "</span></td><td>"
           << badge(judgement.verdict) << "</td><td>" << marked_up(clause.text);
      if (!judgement.reason.empty()) {
        out_ << "<br><span class=\"quiet\">" << marked_up(judgement.reason) << "</span>";
      }
      for (const auto* test : judgement.tests) {
        out_ << "<br><code>" << escaped(test->name) << "</code> <span class=\"quiet\">"
             << word_for(test->outcome()) << ", " << static_cast<int>(test->first().took_ms)
             << " ms</span>";
      }
      out_ << "</td></tr>\n";
    }
    out_ << "</table>\n";
  }

  const Report& report_;
  std::ostringstream out_ = {};
};

}  // namespace

std::string html_report(const Report& report) { return Page{report}.html(); }

}  // namespace twostep::conformance

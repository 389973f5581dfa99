#include "conformance/runner/console.hpp"

#include <unistd.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <map>

namespace twostep::conformance {
namespace {

constexpr std::array<Verdict, verdict_count> columns = {
    Verdict::pass,          Verdict::fail,  Verdict::non_strict,  Verdict::informational,
    Verdict::known_failure, Verdict::stale, Verdict::not_covered, Verdict::unknown};

std::string indented(const std::string& text, std::size_t lines_max) {
  std::string result;
  std::size_t lines = 0;
  for (std::size_t from = 0; from < text.size();) {
    if (++lines > lines_max) return result + "      …\n";
    const auto end = text.find('\n', from);
    result += "      " + text.substr(from, end - from) + "\n";
    if (end == std::string::npos) break;
    from = end + 1;
  }
  return result;
}

bool worth_showing(Outcome outcome) {
  return outcome == Outcome::failed || outcome == Outcome::unknown || outcome == Outcome::broken;
}

}  // namespace

std::string chapter_of(const Clause& clause) { return std::string(clause.id.substr(0, 3)); }

Console::Console(std::size_t tests)
    : tests_(tests),
      terminal_(isatty(STDOUT_FILENO) != 0),
      colours_(terminal_ && std::getenv("NO_COLOR") == nullptr) {}

std::string Console::coloured(Verdict verdict, const std::string& text) const {
  if (!colours_) return text;
  switch (verdict) {
    case Verdict::pass:
      return "\x1b[32m" + text + "\x1b[0m";
    case Verdict::fail:
    case Verdict::stale:
      return "\x1b[31m" + text + "\x1b[0m";
    case Verdict::non_strict:
    case Verdict::unknown:
      return "\x1b[33m" + text + "\x1b[0m";
    case Verdict::informational:
    case Verdict::known_failure:
    case Verdict::not_covered:
      break;
  }
  return text;
}

void Console::finished(const TestResult& result) {
  ++finished_;
  const auto outcome = result.outcome();
  const bool showing = worth_showing(outcome);
  if (showing) ++failed_;
  if (terminal_) std::fputs("\r\x1b[K", stdout);
  if (showing || !terminal_) {
    const auto word = std::string(word_for(outcome));
    std::printf("%s  %s (%.0f ms)\n",
                showing ? coloured(Verdict::fail, word).c_str() : word.c_str(), result.name.c_str(),
                result.first().took_ms);
    // What keeps one test from beginning keeps many: it is said once.
    const bool said =
        outcome == Outcome::unknown && !setups_shown_.insert(result.first().message).second;
    if (outcome != Outcome::passed && !said) {
      std::fputs(indented(result.first().message, 12).c_str(), stdout);
    }
  }
  if (terminal_) {
    std::printf("[%zu/%zu] %zu not passed  %s", finished_, tests_, failed_, result.name.c_str());
    if (finished_ == tests_) std::fputs("\r\x1b[K", stdout);
  }
  std::fflush(stdout);
}

void Console::summary(const std::vector<Judgement>& judgements, const std::string& report,
                      double seconds) {
  std::map<std::string, std::map<Verdict, int>> chapters;
  std::map<std::string, std::string> titles;
  for (const auto& judgement : judgements) {
    const auto chapter = chapter_of(*judgement.clause);
    ++chapters[chapter][judgement.verdict];
    titles[chapter] = judgement.clause->chapter;
  }
  const auto totals = counts(judgements);

  std::printf("\n%-42s", "clauses");
  for (const auto column : columns) {
    if (totals.contains(column)) std::printf("%15s", std::string(word_for(column)).c_str());
  }
  std::puts("");
  const auto row = [&](const std::string& title, const std::map<Verdict, int>& numbers) {
    std::printf("%-42s", title.c_str());
    for (const auto column : columns) {
      if (!totals.contains(column)) continue;
      const auto found = numbers.find(column);
      char cell[32];
      std::snprintf(cell, sizeof cell, "%15s",
                    found == numbers.end() ? "·" : std::to_string(found->second).c_str());
      // The dot is two bytes and one column wide.
      std::printf("%s%s", found == numbers.end() ? " " : "",
                  found == numbers.end() ? cell : coloured(column, cell).c_str());
    }
    std::puts("");
  };
  for (const auto& judgement : judgements) {
    const auto chapter = chapter_of(*judgement.clause);
    if (!chapters.contains(chapter)) continue;
    row(titles[chapter], chapters[chapter]);
    chapters.erase(chapter);
  }
  row("all", totals);
  std::printf("\n%zu tests in %.1f s; the report is %s/index.html\n", tests_, seconds,
              report.c_str());
}

}  // namespace twostep::conformance

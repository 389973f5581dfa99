#include "conformance/runner/test_result.hpp"

#include <algorithm>
#include <array>

namespace twostep::conformance {
namespace {

constexpr std::array<std::string_view, 6> words = {"pass",    "fail",   "not covered",
                                                   "unknown", "broken", "must run alone"};

}  // namespace

std::string TestResult::pattern() const {
  if (outcome() != Outcome::failed || attempts.size() < 2) return {};
  const auto again =
      std::count_if(attempts.begin() + 1, attempts.end(),
                    [](const Attempt& attempt) { return attempt.outcome == Outcome::failed; });
  if (again == static_cast<std::ptrdiff_t>(attempts.size()) - 1) return "always";
  return again == 0 ? "only under load" : "flaky";
}

std::string_view word_for(Outcome outcome) { return words.at(static_cast<std::size_t>(outcome)); }

Json to_json(const Attempt& attempt) {
  return {{"outcome", word_for(attempt.outcome)},
          {"message", attempt.message},
          {"readings", attempt.readings},
          {"took_ms", attempt.took_ms},
          {"history", attempt.history}};
}

Attempt attempt_in(const Json& json) {
  const auto found = std::ranges::find(words, json.at("outcome").get<std::string>());
  return {.outcome = static_cast<Outcome>(found - words.begin()),
          .message = json.at("message"),
          .readings = json.at("readings"),
          .took_ms = json.at("took_ms"),
          .history = json.at("history")};
}

}  // namespace twostep::conformance

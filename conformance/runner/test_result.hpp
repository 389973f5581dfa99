#pragma once

#include <string>
#include <vector>

#include "conformance/support/json.hpp"

/// What became of one test.
namespace twostep::conformance {

enum class Outcome {
  passed,
  failed,
  not_covered,     ///< The target does not offer what it needs.
  unknown,         ///< It could not be set up, or was killed at its time limit.
  broken,          ///< The test itself crashed: a fault of the suite.
  must_run_alone,  ///< Not a result: it has to be run again with nothing else.
};

struct Attempt {
  Outcome outcome = Outcome::unknown;
  std::string message = {};  ///< Why, for the reader; "" if it passed.
  std::vector<std::string> readings = {};
  double took_ms = 0;
  std::string history = {};  ///< File with everything it did and saw.
};

struct TestResult {
  std::string name;    ///< "Snd02.AnAcknowledgedMessageIsInTheInboxAtOnce"
  std::string clause;  ///< "SND-02"
  std::vector<Attempt> attempts = {};

  /// The first attempt decides; a test is never repeated until it passes.
  Outcome outcome() const { return attempts.empty() ? Outcome::unknown : attempts.front().outcome; }
  const Attempt& first() const { return attempts.front(); }

  /// How a failure looks when repeated: "always", "only under load", "flaky", or "" if not
  /// repeated.
  std::string pattern() const;
};

std::string_view word_for(Outcome outcome);

Json to_json(const Attempt& attempt);
Attempt attempt_in(const Json& json);

}  // namespace twostep::conformance

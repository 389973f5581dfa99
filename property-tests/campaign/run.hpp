#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "property-tests/campaign/coverage.hpp"
#include "property-tests/campaign/decisions.hpp"
#include "property-tests/campaign/history.hpp"
#include "property-tests/campaign/stage.hpp"

/// One run: set up, acts and faults, healing, and the judgement.
///
/// Threads    One; runs share nothing.
namespace twostep::properties {

struct RunResult {
  Decisions decisions;  ///< With these it happens again.
  std::vector<Violation> violations;
  std::uint64_t hash = 0;
  Coverage coverage;
  Judged judged;
  Ticks simulated{0};
  std::uint64_t steps = 0;
  std::uint64_t messages = 0;
  std::uint64_t notifications = 0;
  std::vector<Told> lines;  ///< What happened, if it was to be kept.
};

RunResult run(const Start& start);

}  // namespace twostep::properties

#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "property-tests/campaign/coverage.hpp"
#include "property-tests/campaign/rules.hpp"

/// A campaign: runs with seeds that follow each other, in as many processes as there are cores.
///
/// Seeds are handed out one by one, and each that was handed out is finished: what a campaign did is all runs
/// from its first seed to before `next_seed`, however many processes there were.
///
/// Processes and not threads, because a run that ends in an assertion or a fault of memory is a finding too,
/// and its seed is known.
namespace twostep::properties {

struct CampaignPlan {
  std::uint64_t seed = 1;  ///< The first one.
  std::chrono::milliseconds time{60'000};
  std::optional<std::uint64_t> runs = {};  ///< At most so many.
  std::uint32_t commands_max = 100;
  std::uint32_t processes = 1;
  bool twice = true;    ///< Every seed twice, to compare the hashes.
  bool shrinks = true;  ///< A finding is made small; otherwise it is told as it was found.
  bool busy = false;    ///< The one mix that speed is measured with.
  std::filesystem::path findings = {};
};

struct CampaignTotals {
  std::uint64_t runs = 0;
  std::uint64_t messages = 0;
  std::uint64_t notifications = 0;
  std::uint64_t steps = 0;
  double simulated_seconds = 0;
  std::uint64_t failed = 0;
  std::uint64_t hash = 0;  ///< Of all runs, in whatever order they ended.
  Coverage coverage = {};
  Judged judged = {};

  CampaignTotals& operator+=(const CampaignTotals& other);
};

struct CampaignEnd {
  CampaignTotals totals;
  std::uint64_t next_seed = 0;  ///< All before it are done. Not so after a finding.
};

/// Prints a line of progress now and then, and each finding. Ends with the time, with the number of runs, on
/// SIGINT or SIGTERM, or at the first finding.
CampaignEnd run_campaign(const CampaignPlan& plan);

}  // namespace twostep::properties

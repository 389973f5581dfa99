#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "property-tests/campaign/coverage.hpp"

/// A campaign: runs with seeds that follow each other, in as many processes as there are cores.
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
  Coverage coverage = {};

  CampaignTotals& operator+=(const CampaignTotals& other);
};

/// Prints a line of progress now and then, and each finding. Ends with the time, or at the first finding.
CampaignTotals run_campaign(const CampaignPlan& plan);

}  // namespace twostep::properties

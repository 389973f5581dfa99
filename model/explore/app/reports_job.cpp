// twostep-explore reports: who has each message in the end, and what its sender was told.

#include <algorithm>
#include <iostream>
#include <thread>

#include "model/explore/app/jobs.hpp"
#include "model/explore/compare/reports.hpp"
#include "model/worlds/named.hpp"

namespace twostep::model::explore {
namespace {

std::string or_nobody(const std::string& names) { return names.empty() ? "nobody" : names; }

}  // namespace

int run_reports(std::span<const char* const> arguments) {
  if (arguments.size() != 1) return refuse("reports takes one world");
  const auto setup = setup_named(arguments[0]);
  if (!setup) return refuse(std::string{"no such world of backends: "} + arguments[0]);

  Options options;
  options.threads = std::clamp(std::thread::hardware_concurrency(), 1u, limits::threads_max);
  const auto endings = endings_of(*setup, options);
  std::cout << "| the sender was told | has it | has it not | steps |\n|---|---|---|---:|\n";
  for (const auto& ending : endings) {
    std::cout << "| " << ending.told << " | " << or_nobody(ending.has_it) << " | "
              << or_nobody(ending.has_not) << (ending.is_partial() ? " (partial)" : "") << " | "
              << ending.steps << " |\n";
  }
  return holds;
}

}  // namespace twostep::model::explore

#include <exception>
#include <iostream>

#include "bench/macro/cast.hpp"
#include "bench/macro/jobs.hpp"
#include "bench/macro/plot.hpp"

namespace {

using namespace twostep::bench;

enum Exit { measured = 0, anomalies = 1, doubtful = 2, unreachable = 3 };

Findings run(const Options& options) {
  set_target(options.target);
  switch (options.job) {
    case Options::Job::catch_up:
      return catch_up_job(options);
    case Options::Job::send:
      return send_job(options);
    case Options::Job::deliver:
      return deliver_job(options);
    case Options::Job::raw_inserts:
      return raw_inserts_job(options);
    case Options::Job::side_by_side:
      return side_by_side_job(options);
    case Options::Job::hanging_peer:
      return hanging_peer_job(options);
  }
  return {};
}

int tell(const Findings& findings, const Options& options) {
  if (!options.json.empty()) write_json(options.json, findings);
  if (!findings.anomalies.empty()) {
    std::cerr << "No result: the backend did not do what was measured.\n";
    for (const auto& anomaly : findings.anomalies) std::cerr << "  " << anomaly << '\n';
    return Exit::anomalies;
  }
  print_table(std::cout, findings.rows);
  if (!options.csv.empty()) write_csv(options.csv, findings.rows);
  if (!options.plot.empty()) write_plot(options.plot, findings.rows);
  for (const auto& doubt : findings.doubts) std::cerr << "Not valid: " << doubt << '\n';
  return findings.doubts.empty() ? Exit::measured : Exit::doubtful;
}

}  // namespace

int main(int argc, char** argv) {
  int exit_code = 0;
  const auto options = parse_options(argc, argv, exit_code);
  if (!options) return exit_code;
  try {
    return tell(run(*options), *options);
  } catch (const std::exception& error) {
    std::cerr << "twostep-bench: " << error.what() << '\n';
    return Exit::unreachable;
  }
}

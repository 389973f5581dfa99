#pragma once

#include <filesystem>
#include <iosfwd>
#include <string>
#include <vector>

#include "bench/macro/traffic.hpp"
#include "conformance/support/json.hpp"

/// What a run has found, and how it is told.
namespace twostep::bench {

/// One line of results: column to value, in the order of the columns. Units are in the names.
using Row = nlohmann::ordered_json;

struct Findings {
  std::vector<Row> rows = {};

  /// Why nothing was measured: messages that were lost, doubled, or out of order.
  std::vector<std::string> anomalies = {};

  /// Why the figures are not to be trusted.
  std::vector<std::string> doubts = {};
};

/// Adds the distribution of a load to a row: `p50 ms` to `max ms`, and in the open loop `slip p99 ms`.
void add_latency(Row& row, const Load& load);

/// `at` of a histogram in milliseconds, to the microsecond.
double milliseconds(const Histogram& histogram, double share);

/// What makes a load doubtful.
std::vector<std::string> doubts_of(const Load& load, const std::string& name, double slip_ms_max);

void print_table(std::ostream& out, const std::vector<Row>& rows);
void write_json(const std::filesystem::path& file, const Findings& findings);
void write_csv(const std::filesystem::path& file, const std::vector<Row>& rows);

}  // namespace twostep::bench

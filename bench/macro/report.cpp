#include "bench/macro/report.hpp"

#include <algorithm>
#include <cmath>
#include <fstream>
#include <ostream>

namespace twostep::bench {
namespace {

std::string text_of(const Row& value) {
  return value.is_string() ? value.get<std::string>() : value.dump();
}

/// Rows of the same columns stand in one table.
bool same_columns(const Row& one, const Row& other) {
  return std::ranges::equal(one.items(), other.items(),
                            [](const auto& a, const auto& b) { return a.key() == b.key(); });
}

}  // namespace

double milliseconds(const Histogram& histogram, double share) {
  return std::round(static_cast<double>(histogram.at(share)) / 1e3) / 1e3;
}

void add_latency(Row& row, const Load& load) {
  row["p50 ms"] = milliseconds(load.latency, 0.5);
  row["p90 ms"] = milliseconds(load.latency, 0.9);
  row["p99 ms"] = milliseconds(load.latency, 0.99);
  row["p99.9 ms"] = milliseconds(load.latency, 0.999);
  row["max ms"] = milliseconds(load.latency, 1);
  if (load.slip.count() > 0) row["slip p99 ms"] = milliseconds(load.slip, 0.99);
}

std::vector<std::string> doubts_of(const Load& load, const std::string& name, double slip_ms_max) {
  std::vector<std::string> doubts;
  if (load.tasks == 0) doubts.push_back(name + ": nothing was measured");
  if (milliseconds(load.slip, 0.99) > slip_ms_max)
    doubts.push_back(name + ": the generator did not keep its schedule");
  if (load.unanswered > 0)
    doubts.push_back(name + ": " + std::to_string(load.unanswered) + " without an answer");
  if (load.overloaded) doubts.push_back(name + ": the backend cannot keep up with this rate");
  return doubts;
}

void print_table(std::ostream& out, const std::vector<Row>& rows) {
  for (auto first = rows.begin(); first != rows.end();) {
    const auto last = std::find_if_not(first, rows.end(),
                                       [&](const Row& row) { return same_columns(*first, row); });
    std::vector<std::vector<std::string>> cells(1);
    for (const auto& [column, value] : first->items()) cells[0].push_back(column);
    for (; first != last; ++first) {
      cells.emplace_back();
      for (const auto& [column, value] : first->items()) cells.back().push_back(text_of(value));
    }
    std::vector<std::size_t> widths(cells[0].size());
    for (const auto& line : cells) {
      for (std::size_t i = 0; i < line.size(); ++i) widths[i] = std::max(widths[i], line[i].size());
    }
    for (const auto& line : cells) {
      for (std::size_t i = 0; i < line.size(); ++i) {
        out << (i > 0 ? "  " : "") << std::string(widths[i] - line[i].size(), ' ') << line[i];
      }
      out << '\n';
    }
    if (first != rows.end()) out << '\n';
  }
}

void write_json(const std::filesystem::path& file, const Findings& findings) {
  const Row all = {{"rows", findings.anomalies.empty() ? Row(findings.rows) : Row::array()},
                   {"anomalies", findings.anomalies},
                   {"doubts", findings.doubts}};
  std::ofstream{file} << all.dump(2) << '\n';
}

void write_csv(const std::filesystem::path& file, const std::vector<Row>& rows) {
  std::ofstream out{file};
  const Row* previous = nullptr;
  for (const auto& row : rows) {
    std::string header;
    std::string line;
    for (const auto& [column, value] : row.items()) {
      header += (header.empty() ? "" : ",") + column;
      line += (line.empty() ? "" : ",") + text_of(value);
    }
    if (!previous || !same_columns(*previous, row)) out << header << '\n';
    out << line << '\n';
    previous = &row;
  }
}

}  // namespace twostep::bench

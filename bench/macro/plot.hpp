#pragma once

#include <filesystem>
#include <vector>

#include "bench/macro/report.hpp"

namespace twostep::bench {

/// Draws the rows of `catch_up_job` into one HTML file that needs nothing else: backlog to the right,
/// latency upwards, both logarithmic; a line for each page size, through the medians, with a bar from
/// each median to its 99th percentile.
void write_plot(const std::filesystem::path& file, const std::vector<Row>& rows);

}  // namespace twostep::bench

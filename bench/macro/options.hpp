#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "bench/macro/traffic.hpp"
#include "conformance/support/target.hpp"

namespace twostep::bench {

/// What was asked for on the command line.
struct Options {
  enum class Job { catch_up, send, deliver, raw_inserts, side_by_side, hanging_peer };
  Job job = Job::catch_up;

  conformance::Target target = {};
  conformance::Target peer = {};  ///< The one that hangs; its folder has its `server.pid`.
  Pace pace = {};
  bool closed = false;  ///< The closed loop was asked for, and not only no rate.

  std::size_t conversations = 1;
  std::size_t recipients = 1;
  std::size_t bytes = 32;  ///< Of each ciphertext.

  std::vector<std::size_t> backlogs = {0, 1, 10, 100, 1'000, 10'000};
  std::vector<std::size_t> page_sizes = {100, 1'000, 10'000};

  double slip_ms_max = 5;  ///< An open loop whose 99th percentile is later than this is not valid.

  std::filesystem::path data = {};   ///< Where raw inserts go.
  std::string nginx = {};            ///< Its URL,
  std::filesystem::path files = {};  ///< and the folder that it serves.

  std::filesystem::path json = {};
  std::filesystem::path csv = {};
  std::filesystem::path plot = {};
};

/// Errors     `nullopt` when nothing is to be run; then `exit_code` says why (0: it was help).
std::optional<Options> parse_options(int argc, char** argv, int& exit_code);

}  // namespace twostep::bench

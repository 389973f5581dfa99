#pragma once

#include <cstddef>
#include <filesystem>
#include <memory>

#include "bench/macro/traffic.hpp"

namespace twostep::bench {

/// Durable inserts into an embedded store of our own: the same port, the same shape of rows and the same
/// grouping of commits as the server has, and nothing else: no HTTP, no decision, no inbox head.
///
/// Errors     `TrafficError` if the store cannot be opened or refuses an insert.
class RawInserts {
 public:
  explicit RawInserts(const std::filesystem::path& folder);
  ~RawInserts();

  /// `connections` inserters, each of which commits a transaction of so many rows before it begins the
  /// next.
  Load run(const Pace& pace, std::size_t rows, std::size_t row_bytes);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace twostep::bench

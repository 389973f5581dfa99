#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

/// How often each latency was seen, faithfully over nine orders of magnitude.
///
/// Shape      Log-linear, as HdrHistogram: every power of two is divided into 128 equal parts, so a
///            value is kept with less than 1 % error whatever its size. Below 128 it is exact. The
///            size is fixed; nothing is sampled, and no value is too large.
/// Units      Whatever the caller counts; nanoseconds in this folder.
/// Threads    A plain value.
namespace twostep::bench {

class Histogram {
 public:
  Histogram();

  void add(std::uint64_t value);
  void add(const Histogram& other);

  std::uint64_t count() const { return count_; }
  std::uint64_t max() const { return max_; }  ///< Exact. 0 if empty.

  /// The smallest recorded value that `share` of all values do not exceed: `at(0.5)` is the median,
  /// `at(1)` the greatest. 0 if empty.
  /// Requires   0 <= share <= 1.
  std::uint64_t at(double share) const;

 private:
  std::vector<std::uint64_t> counts_;
  std::uint64_t count_ = 0;
  std::uint64_t max_ = 0;
};

}  // namespace twostep::bench

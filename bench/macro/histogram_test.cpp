#include "bench/macro/histogram.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>

namespace twostep::bench {
namespace {

/// The same answer, from all values, sorted.
std::uint64_t exact(std::vector<std::uint64_t> values, double share) {
  std::sort(values.begin(), values.end());
  const auto rank = std::ceil(share * static_cast<double>(values.size()));
  return values[static_cast<std::size_t>(std::max(rank, 1.0)) - 1];
}

constexpr double shares[] = {0, 0.001, 0.1, 0.5, 0.9, 0.99, 0.999, 1};

TEST(Histogram, IsWithinOnePercentOfTheExactQuantiles) {
  std::mt19937_64 random{7};
  std::lognormal_distribution<double> latency{13, 2};  // Nanoseconds: 0.4 ms, with a long tail.
  Histogram histogram;
  std::vector<std::uint64_t> values;
  for (int i = 0; i < 100'000; ++i) {
    values.push_back(static_cast<std::uint64_t>(latency(random)));
    histogram.add(values.back());
  }
  for (const auto share : shares) {
    const auto expected = static_cast<double>(exact(values, share));
    EXPECT_NEAR(static_cast<double>(histogram.at(share)), expected, 0.01 * expected) << share;
  }
}

TEST(Histogram, IsWithinOnePercentOfEveryPowerOfTwoAndItsNeighbours) {
  for (int bit = 0; bit < 64; ++bit) {
    for (const int step : {-1, 0, 1}) {
      const auto value = (std::uint64_t{1} << bit) + static_cast<std::uint64_t>(step);
      Histogram histogram;
      histogram.add(value);
      histogram.add(~std::uint64_t{0});  // So that the answer is not clipped to the greatest value.
      const auto kept = static_cast<long double>(histogram.at(0.5));
      EXPECT_NEAR(kept, static_cast<long double>(value), 0.01L * static_cast<long double>(value));
    }
  }
}

TEST(Histogram, SmallValuesAreExact) {
  Histogram histogram;
  for (std::uint64_t value = 0; value < 256; ++value) histogram.add(value);
  EXPECT_EQ(histogram.at(0), 0u);
  EXPECT_EQ(histogram.at(0.25), 63u);
  EXPECT_EQ(histogram.at(0.5), 127u);
  EXPECT_EQ(histogram.at(1), 255u);
}

TEST(Histogram, AddingOneToAnotherIsAsIfItHadSeenBoth) {
  Histogram one;
  Histogram other;
  Histogram both;
  for (std::uint64_t i = 1; i < 1'000; ++i) {
    (i % 3 == 0 ? one : other).add(i * i * i);
    both.add(i * i * i);
  }
  one.add(other);
  EXPECT_EQ(one.count(), both.count());
  EXPECT_EQ(one.max(), both.max());
  for (const auto share : shares) EXPECT_EQ(one.at(share), both.at(share)) << share;
}

TEST(Histogram, OfNothingIsZero) {
  EXPECT_EQ(Histogram{}.at(0.5), 0u);
  EXPECT_EQ(Histogram{}.at(1), 0u);
  EXPECT_EQ(Histogram{}.max(), 0u);
}

}  // namespace
}  // namespace twostep::bench

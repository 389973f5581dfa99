#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace twostep::properties {

/// How often each of something was met: of an enumeration that ends with `count_`.
template <class Which>
struct Tally {
  std::array<std::uint64_t, static_cast<std::size_t>(Which::count_)> counts{};

  void saw(Which which, std::uint64_t times = 1) {
    counts[static_cast<std::size_t>(which)] += times;
  }

  Tally& operator+=(const Tally& other) {
    for (std::size_t i = 0; i < counts.size(); ++i) counts[i] += other.counts[i];
    return *this;
  }

  std::vector<Which> never() const {
    std::vector<Which> missed;
    for (std::size_t i = 0; i < counts.size(); ++i)
      if (counts[i] == 0) missed.push_back(static_cast<Which>(i));
    return missed;
  }
};

}  // namespace twostep::properties

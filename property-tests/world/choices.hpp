#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

/// Everything that a run leaves to chance, as a list of small numbers.
///
/// A number is drawn from a seed and written down, or read back from an earlier list. Whoever has the
/// list can repeat the run, also after the code has changed; and whoever shortens the list or makes a
/// number in it smaller has a simpler run. So zero always means the plainest thing that can happen, and a
/// list that ends goes on with zeros.
///
/// Shape      One stream per purpose (`stream_seed`): one more draw for one purpose shifts no other.
/// Threads    Plain values.
namespace twostep::properties {

/// splitmix64: small, fast, and the same everywhere.
class Random {
 public:
  explicit Random(std::uint64_t seed) : state_{seed} {}
  std::uint64_t next();

 private:
  std::uint64_t state_;
};

/// The seed of one purpose of a run, and of its n-th part.
std::uint64_t stream_seed(std::uint64_t seed, std::string_view purpose, std::uint64_t part = 0);

class Choices {
 public:
  using List = std::vector<std::uint32_t>;

  static Choices drawn_from(std::uint64_t seed) { return Choices{Random{seed}, {}, false}; }
  static Choices repeating(List list) { return Choices{Random{0}, std::move(list), true}; }

  /// 0 … bound - 1.
  std::uint32_t below(std::uint32_t bound);

  /// low … high, both inclusive.
  std::uint32_t between(std::uint32_t low, std::uint32_t high) {
    return low + below(high - low + 1);
  }

  /// True so often in a thousand. Written down as 0 or 1, so that it is the same at another rate.
  bool chance(std::uint32_t of_thousand);

  /// What was decided so far.
  const List& taken() const { return taken_; }

 private:
  Choices(Random random, List given, bool repeats)
      : random_{random}, given_{std::move(given)}, repeats_{repeats} {}

  std::uint32_t note(std::uint32_t value);

  Random random_;
  List given_;
  bool repeats_;
  List taken_;
};

}  // namespace twostep::properties

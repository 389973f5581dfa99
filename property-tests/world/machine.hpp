#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "impl/service/ports.hpp"
#include "property-tests/world/choices.hpp"
#include "property-tests/world/scheduler.hpp"

/// The machine that a node runs on: a clock that may be wrong, and chance that can be repeated.
namespace twostep::properties {

/// Simulated time as this machine sees it. It may be set to another time at any moment.
class SkewedClock final : public service::Clock {
 public:
  /// When every run begins, by a clock that is right.
  static constexpr Instant begin = std::chrono::sys_days{std::chrono::year{2026} / 1 / 1};

  SkewedClock(const Scheduler& scheduler, const Ticks& skew) : scheduler_{scheduler}, skew_{skew} {}
  Instant now() const override { return begin + scheduler_.now() + skew_; }

 private:
  const Scheduler& scheduler_;
  const Ticks& skew_;
};

class SeededEntropy final : public service::Entropy {
 public:
  explicit SeededEntropy(std::uint64_t seed) : random_{seed} {}
  void fill(std::span<std::uint8_t> bytes) override {
    for (auto& byte : bytes) byte = static_cast<std::uint8_t>(random_.next());
  }

 private:
  Random random_;
};

/// Nobody in the simulated world has a password.
class NoPasswords final : public service::Passwords {
 public:
  boost::asio::awaitable<Result<std::string>> hash(std::string password) override {
    co_return password;
  }
  boost::asio::awaitable<Result<bool>> matches(std::string password, std::string hash) override {
    co_return password == hash;
  }
};

}  // namespace twostep::properties

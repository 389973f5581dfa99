#pragma once

#include <cassert>
#include <chrono>
#include <cstddef>
#include <cstdint>

/// When each task of an open loop is meant to start, whatever became of those before it.
///
/// A generator that waits for an answer before it sends the next request measures a stalled backend
/// once, and not the requests that users would have made meanwhile. Here the moments are fixed
/// beforehand, and latency counts from them: whatever holds a task back is part of what its user
/// waits for.
///
/// Units      Tasks per second.
/// Threads    A plain value.
namespace twostep::bench {

class Schedule {
 public:
  using Clock = std::chrono::steady_clock;

  /// Requires   per_second > 0.
  Schedule(Clock::time_point first, double per_second) : first_{first}, per_second_{per_second} {
    assert(per_second > 0);
  }

  /// Computed from the number of the task and not from the moment before, so that rounding does not
  /// add up: the millionth is as exact as the first.
  Clock::time_point intended(std::size_t task) const {
    const auto nanoseconds = static_cast<double>(task) * 1e9 / per_second_;
    return first_ + std::chrono::nanoseconds{static_cast<std::int64_t>(nanoseconds)};
  }

  /// How many are meant to start before `length` has passed.
  std::size_t tasks_within(std::chrono::duration<double> length) const {
    auto tasks = static_cast<std::size_t>(length.count() * per_second_);
    while (intended(tasks) - first_ < length) ++tasks;
    return tasks;
  }

 private:
  Clock::time_point first_;
  double per_second_;
};

}  // namespace twostep::bench

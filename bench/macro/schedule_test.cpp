#include "bench/macro/schedule.hpp"

#include <gtest/gtest.h>

namespace twostep::bench {
namespace {

using namespace std::chrono_literals;

constexpr Schedule::Clock::time_point start{1h};

TEST(Schedule, TasksAreEvenlySpacedFromTheFirst) {
  const Schedule schedule{start, 250};
  EXPECT_EQ(schedule.intended(0), start);
  EXPECT_EQ(schedule.intended(1), start + 4ms);
  EXPECT_EQ(schedule.intended(250), start + 1s);
}

// Three per second have no exact spacing. An error of one nanosecond for each of a million tasks would
// have become a millisecond.
TEST(Schedule, RoundingDoesNotAddUp) {
  const Schedule schedule{start, 3};
  EXPECT_EQ(schedule.intended(1), start + 333'333'333ns);
  EXPECT_EQ(schedule.intended(3'000'000), start + 1'000'000s);
}

TEST(Schedule, CountsTheTasksThatStartBeforeTheEnd) {
  const Schedule schedule{start, 10};
  EXPECT_EQ(schedule.tasks_within(0s), 0u);
  EXPECT_EQ(schedule.tasks_within(1ms), 1u);
  EXPECT_EQ(schedule.tasks_within(100ms), 1u);
  EXPECT_EQ(schedule.tasks_within(101ms), 2u);
  EXPECT_EQ(schedule.tasks_within(2s), 20u);
}

TEST(Schedule, MayBeSlowerThanOneInASecond) {
  const Schedule schedule{start, 0.5};
  EXPECT_EQ(schedule.intended(3), start + 6s);
  EXPECT_EQ(schedule.tasks_within(5s), 3u);
}

}  // namespace
}  // namespace twostep::bench

#include "impl/service/failed_logins.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <string>

#include "impl/service/limits.hpp"

namespace twostep::service {
namespace {

using namespace std::chrono_literals;

constexpr Instant start{};
constexpr FailedLogins::Policy three_attempts{.attempts_max = 3, .pause = 15s};

void fail_three_times(FailedLogins& logins, const std::string& name) {
  for (int i = 0; i < 3; ++i) ASSERT_FALSE(logins.attempt(name, start));
}

TEST(AttemptsToLogIn, TooManyAttemptsHaveToWait) {
  FailedLogins logins{three_attempts};
  fail_three_times(logins, "alice");
  EXPECT_EQ(logins.attempt("alice", start), 15s);
  EXPECT_EQ(logins.attempt("alice", start + 14s), 1s);
  EXPECT_FALSE(logins.attempt("alice", start + 15s));
}

TEST(AttemptsToLogIn, OthersDoNotWait) {
  FailedLogins logins{three_attempts};
  fail_three_times(logins, "alice");
  EXPECT_FALSE(logins.attempt("bob", start));
}

TEST(AttemptsToLogIn, ASuccessIsForgottenAtOnce) {
  FailedLogins logins{three_attempts};
  fail_three_times(logins, "alice");
  logins.succeeded("alice");
  fail_three_times(logins, "alice");
}

// Memory is bounded by forgetting the name that was longest unused, not the one just guessed at.
TEST(AttemptsToLogIn, AFloodOfNamesForgetsTheOldest) {
  FailedLogins logins{three_attempts};
  fail_three_times(logins, "alice");
  fail_three_times(logins, "bob");
  for (std::size_t i = 0; i + 2 < limits::login_names_max; ++i)
    logins.attempt("name" + std::to_string(i), start);
  EXPECT_TRUE(logins.attempt("alice", start));

  logins.attempt("one more", start);

  EXPECT_FALSE(logins.attempt("bob", start));
  EXPECT_TRUE(logins.attempt("alice", start));
}

}  // namespace
}  // namespace twostep::service

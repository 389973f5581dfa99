#include "impl/app/passwords.hpp"

#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <string>

#include "impl/service/fakes.hpp"

namespace twostep::app {
namespace {

using service::run;

TEST(Passwords, AHashMatchesItsPasswordOnly) {
  Argon2Passwords passwords{password_cost_for_tests};
  const auto hash = run(passwords.hash("correct horse"));
  ASSERT_TRUE(hash);
  EXPECT_EQ(hash->substr(0, 10), "$argon2id$");
  EXPECT_TRUE(*run(passwords.matches("correct horse", *hash)));
  EXPECT_FALSE(*run(passwords.matches("correct horsf", *hash)));
  EXPECT_FALSE(*run(passwords.matches("correct horse", "not a hash")));
}

TEST(Passwords, TheSamePasswordIsHashedAnew) {
  Argon2Passwords passwords{password_cost_for_tests};
  EXPECT_NE(*run(passwords.hash("correct horse")), *run(passwords.hash("correct horse")));
}

// A hash names its own cost, so the cost may be raised under the feet of old accounts.
TEST(Passwords, AHashOfAnotherCostStillMatches) {
  Argon2Passwords cheap{password_cost_for_tests};
  Argon2Passwords dear{password_cost_default};
  const auto hash = run(cheap.hash("correct horse"));
  EXPECT_TRUE(*run(dear.matches("correct horse", *hash)));
}

// More ask at once than may wait: those that are let in are answered, the others refused, at once.
TEST(Passwords, TooManyAtOnceAreRefused) {
  constexpr int asked = 1'000;
  Argon2Passwords passwords{password_cost_for_tests, 1};
  boost::asio::io_context context;
  int hashed = 0;
  int refused = 0;
  const auto ask = [&]() -> boost::asio::awaitable<void> {
    const auto hash = co_await passwords.hash("correct horse");
    if (hash) {
      ++hashed;
    } else {
      EXPECT_EQ(hash.error().reason, Reason::too_busy);
      ++refused;
    }
  };
  for (int i = 0; i < asked; ++i) boost::asio::co_spawn(context, ask(), boost::asio::detached);
  context.run();
  EXPECT_EQ(hashed + refused, asked);
  EXPECT_GT(hashed, 0);
}

}  // namespace
}  // namespace twostep::app

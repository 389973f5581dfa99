#include "impl/service/push_tokens.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "impl/service/fakes.hpp"
#include "impl/service/limits.hpp"
#include "impl/store/clients.hpp"
#include "impl/store/memory.hpp"
#include "impl/store/push_tokens.hpp"
#include "impl/store/testing.hpp"

namespace twostep::service {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

const UserId alice = *UserId::parse("a11ce000-0000-4000-8000-000000000001");
const UserId bob = *UserId::parse("b0b00000-0000-4000-8000-000000000001");
constexpr ClientId phone{0xf};
constexpr ClientId tablet{0xe};

class PushTokensTest : public ::testing::Test {
 protected:
  PushTokensTest() {
    EXPECT_TRUE(store::testing::write(store, [&](store::Transaction& rows) {
      for (const auto client : {phone, tablet}) {
        Client row;
        row.id = client;
        store::put_client(rows, alice, row);
      }
    }));
  }

  Result<void> add(std::string token, ClientId client, std::string app = "app",
                   std::string transport = "GCM") {
    return run(
        add_push_token(world.backend, {alice, ConnectionId{7}, {}},
                       {std::move(transport), std::move(app), std::move(token), client, {}}));
  }

  std::vector<std::string> tokens() {
    std::vector<std::string> tokens;
    for (const auto& token : *run(list_push_tokens(world.backend, alice)))
      tokens.push_back(token.token);
    return tokens;
  }

  store::MemoryStore store;
  FakeWorld world{store};
};

using Acc41 = PushTokensTest;
using Acc42 = PushTokensTest;
using Acc43 = PushTokensTest;

TEST_F(Acc41, ATokenIsListedAsItWasRegistered) {
  ASSERT_TRUE(add("token", phone));
  const auto listed = run(list_push_tokens(world.backend, alice));
  ASSERT_EQ(listed->size(), 1u);
  EXPECT_EQ(listed->front().client, phone);
  EXPECT_EQ(listed->front().registered_on, ConnectionId{7});
}

TEST_F(Acc41, ATokenNeedsItsClient) {
  EXPECT_EQ(add("token", ClientId{1}).error().reason, Reason::client_not_found);
}

TEST_F(Acc41, TokensAreBounded) {
  for (std::size_t i = 0; i < limits::push_tokens_per_user_max; ++i)
    ASSERT_TRUE(add("token", phone, "app " + std::to_string(i)));
  EXPECT_EQ(add("token", phone, "one more").error().reason, Reason::metadata_too_long);
  EXPECT_TRUE(add("newer", phone, "app 0"));
}

TEST_F(Acc42, OnlyTheSameClientAppAndTransportAreReplaced) {
  ASSERT_TRUE(add("old", phone));
  ASSERT_TRUE(add("other client", tablet));
  ASSERT_TRUE(add("other app", phone, "beta"));
  ASSERT_TRUE(add("other transport", phone, "app", "APNS"));
  ASSERT_TRUE(add("new", phone));
  EXPECT_THAT(tokens(),
              UnorderedElementsAre("new", "other client", "other app", "other transport"));
}

TEST_F(Acc43, ATokenIsRemovedOnceByItsUser) {
  ASSERT_TRUE(add("token", phone));
  EXPECT_EQ(run(remove_push_token(world.backend, bob, "token")).error().reason, Reason::not_found);
  EXPECT_TRUE(run(remove_push_token(world.backend, alice, "token")));
  EXPECT_EQ(run(remove_push_token(world.backend, alice, "token")).error().reason,
            Reason::not_found);
  EXPECT_THAT(tokens(), IsEmpty());
}

// The gateway's verdict may come after the client has registered anew.
TEST_F(Acc42, ADeadTokenDoesNotTakeItsSuccessorAlong) {
  ASSERT_TRUE(add("dead", phone));
  const auto dead = run(list_push_tokens(world.backend, alice))->front();
  ASSERT_TRUE(add("new", phone));
  ASSERT_TRUE(store::testing::write(
      store, [&](store::Transaction& rows) { store::remove_dead_push_token(rows, alice, dead); }));
  EXPECT_THAT(tokens(), ElementsAre("new"));
}

}  // namespace
}  // namespace twostep::service

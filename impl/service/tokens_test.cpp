#include "impl/service/tokens.hpp"

#include <gtest/gtest.h>

#include <string>

#include "impl/service/fakes.hpp"
#include "impl/store/key.hpp"
#include "impl/store/memory.hpp"
#include "impl/store/testing.hpp"

namespace twostep::service {
namespace {

const UserId alice = *UserId::parse("a11ce000-0000-4000-8000-000000000001");
constexpr Expiry noon{std::chrono::seconds{1'750'000'000}};

TokenKeys some_keys(std::uint8_t seed = 1) {
  TokenKeys::Key key{};
  key.fill(seed);
  return TokenKeys{key};
}

Caller on_phone() { return {alice, ConnectionId{0xc0}, ClientId{0xf}}; }

TEST(Tokens, ATokenSaysWhatItWasMadeOf) {
  const auto keys = some_keys();
  const auto caller = keys.check_access_token(keys.make_access_token(on_phone(), noon),
                                              noon - std::chrono::seconds{1});
  ASSERT_TRUE(caller);
  EXPECT_EQ(caller->user, alice);
  EXPECT_EQ(caller->connection, ConnectionId{0xc0});
  EXPECT_EQ(caller->client, ClientId{0xf});
}

TEST(Tokens, ATokenNeedsNoClient) {
  const auto keys = some_keys();
  const auto token = keys.make_access_token({alice, ConnectionId{1}, {}}, noon);
  EXPECT_EQ(keys.read_access_token(token)->caller.client, std::nullopt);
}

// Client libraries look into the text for these two.
TEST(Tokens, ATokenNamesItsVersionAndUser) {
  const auto token = some_keys().make_access_token(on_phone(), noon);
  EXPECT_NE(token.find(".v=1."), std::string::npos);
  EXPECT_NE(token.find(".u=" + alice.text() + "."), std::string::npos);
}

TEST(Tokens, ATokenEndsWithItsExpiry) {
  const auto keys = some_keys();
  const auto token = keys.make_access_token(on_phone(), noon);
  EXPECT_TRUE(keys.check_access_token(token, noon - Ticks{1}));
  EXPECT_FALSE(keys.check_access_token(token, noon));
  EXPECT_TRUE(keys.read_access_token(token));
}

// Every octet changed in every way: also to another spelling of the same hexadecimal digit.
TEST(Tokens, NoOtherTextIsTheToken) {
  const auto keys = some_keys();
  const auto token = keys.make_access_token(on_phone(), noon);
  for (std::size_t at = 0; at < token.size(); ++at) {
    for (int flipped = 1; flipped < 256; ++flipped) {
      auto forged = token;
      forged[at] = static_cast<char>(forged[at] ^ flipped);
      ASSERT_FALSE(keys.read_access_token(forged)) << forged;
    }
    ASSERT_FALSE(keys.read_access_token(token.substr(0, at)));
  }
  EXPECT_FALSE(keys.read_access_token(token + "0"));
}

TEST(Tokens, AnotherKeysTokenIsNone) {
  const auto token = some_keys(1).make_access_token(on_phone(), noon);
  EXPECT_FALSE(some_keys(2).read_access_token(token));
}

TEST(Tokens, ACookieIsNoToken) {
  const auto keys = some_keys();
  const auto cookie = keys.make_cookie({alice, 7, {}, noon});
  EXPECT_FALSE(keys.read_access_token(cookie));
  EXPECT_FALSE(keys.read_cookie(keys.make_access_token(on_phone(), noon)));
  EXPECT_EQ(keys.read_cookie(cookie)->number, 7u);
}

TEST(Tokens, TokensOutliveARestart) {
  store::MemoryStore store;
  FakeWorld first{store};
  const auto token = run(load_token_keys(first.backend))->make_access_token(on_phone(), noon);
  FakeWorld second{store};
  second.entropy.uuid();  // Other random numbers than the first start had.
  EXPECT_TRUE(run(load_token_keys(second.backend))->read_access_token(token));
}

TEST(Tokens, WithADamagedKeyThereAreNone) {
  for (const std::size_t size : {0, 31, 33}) {
    store::MemoryStore store;
    store::testing::write(store, [&](store::Transaction& rows) {
      const auto name = store::Key{store::Table::backend}.add(std::string_view{"token-key"});
      rows.put(name.bytes(), std::string(size, 'k'));
    }).value();
    FakeWorld world{store};
    const auto keys = run(load_token_keys(world.backend));
    ASSERT_FALSE(keys) << size;
    EXPECT_EQ(keys.error().reason, Reason::internal);
  }
}

}  // namespace
}  // namespace twostep::service

#include "impl/service/logins.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <optional>
#include <string>

#include "impl/service/accounts.hpp"
#include "impl/service/clients.hpp"
#include "impl/service/fakes.hpp"
#include "impl/service/limits.hpp"
#include "impl/store/memory.hpp"

namespace twostep::service {
namespace {

using namespace std::chrono_literals;

const EmailAddress alices = *EmailAddress::parse("alice@example.org");

class LoginsTest : public ::testing::Test {
 protected:
  Result<Registration> sign_up(const char* email = "alice@example.org") {
    return run(logins.sign_up({.name = "Alice",
                               .email = EmailAddress::parse(email),
                               .password = "correct horse",
                               .accent_id = 3,
                               .locale = "en",
                               .label = {}}));
  }

  Result<std::variant<Access, TryAgainLater>> try_log_in(std::variant<EmailAddress, Handle> name,
                                                         std::string password,
                                                         std::optional<std::string> label = {},
                                                         bool persist = false) {
    return run(logins.log_in({std::move(name), std::move(password), std::move(label), persist}));
  }

  Access log_in(std::optional<std::string> label = {}, bool persist = false) {
    return std::get<Access>(*try_log_in(alices, "correct horse", std::move(label), persist));
  }

  Result<Access> renew(std::optional<std::string> cookie, std::optional<std::string> token = {},
                       std::optional<ClientId> client = {}) {
    return run(logins.renew({std::move(cookie), std::move(token), client}));
  }

  Result<void> log_out(std::optional<std::string> cookie, std::optional<std::string> token) {
    return run(logins.log_out({std::move(cookie), std::move(token), {}}));
  }

  ClientId add_client(const UserId& user, std::string last_resort_key) {
    NewClient request;
    request.last_resort_key = std::move(last_resort_key);
    request.password = "correct horse";
    return run(service::add_client(world.backend, {user, {}, {}}, request))->id;
  }

  Caller caller_of(const Access& access) {
    return keys.check_access_token(access.token, world.clock.now()).value();
  }

  store::MemoryStore store;
  FakeWorld world{store};
  TokenKeys keys = run(load_token_keys(world.backend)).value();
  Logins logins{world.backend, keys, {}, "hashed:of nobody"};
};

Reason refused(const auto& result) { return result.error().reason; }

TEST_F(LoginsTest, WhoHasNoPasswordNeedsNone) {
  const auto user = sign_up()->account.id;
  EXPECT_EQ(refused(run(authenticate(world.backend, user, {}))), Reason::missing_auth);
  EXPECT_TRUE(run(authenticate(world.backend, user, "correct horse")));

  const auto other = run(logins.sign_up({.name = "Bob",
                                         .email = EmailAddress::parse("bob@example.org"),
                                         .password = {},
                                         .accent_id = 0,
                                         .locale = {},
                                         .label = {}}))
                         ->account.id;
  EXPECT_TRUE(run(authenticate(world.backend, other, {})));
}

TEST_F(LoginsTest, HandlesThatNobodyHasAreLeftOut) {
  const auto user = sign_up()->account.id;
  const auto alice = *Handle::parse("alice");
  ASSERT_TRUE(run(choose_handle(world.backend, user, alice)));
  const auto& here = world.backend.domain;
  std::vector<Qualified<Handle>> handles{
      {here, *Handle::parse("nobody")}, {*Domain::parse("b.example"), alice}, {here, alice}};
  const auto found = run(find_users_by_handle(world.backend, handles))->found;
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0].user, (QualifiedUser{here, user}));
}

using Acc01 = LoginsTest;
using Acc02 = LoginsTest;
using Acc04 = LoginsTest;
using Acc06 = LoginsTest;
using Acc07 = LoginsTest;
using Acc11 = LoginsTest;
using Acc12 = LoginsTest;
using Acc13 = LoginsTest;
using Acc14 = LoginsTest;
using Acc15 = LoginsTest;
using Acc16 = LoginsTest;
using Acc19 = LoginsTest;

TEST_F(Acc01, ARegistrationMakesAnAccountAndACookie) {
  const auto alice = sign_up();
  ASSERT_TRUE(alice);

  const auto found = run(find_account(world.backend, alice->account.id));
  EXPECT_EQ(found->name, "Alice");
  EXPECT_EQ(found->password_hash, "hashed:correct horse");
  EXPECT_TRUE(alice->cookie.persistent);
  EXPECT_EQ(renew(alice->cookie.value)->user, alice->account.id);
}

TEST_F(Acc01, ABackendMayBeClosedToNewUsers) {
  Logins closed{world.backend, keys, {.open_registration = false}, "hashed:of nobody"};
  EXPECT_EQ(refused(run(closed.sign_up({.name = "Alice", .email = alices}))),
            Reason::user_creation_restricted);
}

TEST_F(Acc02, AnAddressIsTakenOnce) {
  const auto alice = sign_up();
  EXPECT_EQ(refused(sign_up("ALICE@example.org")), Reason::key_exists);
  EXPECT_EQ(log_in().user, alice->account.id);
}

TEST_F(Acc04, ALoginGrantsATokenAndACookie) {
  const auto alice = sign_up();
  const auto access = log_in();
  EXPECT_EQ(access.user, alice->account.id);
  EXPECT_EQ(caller_of(access).user, alice->account.id);
  EXPECT_EQ(access.expires_in, 900s);
  EXPECT_FALSE(access.cookie->persistent);
}

TEST_F(Acc04, AHandleIsANameToo) {
  const auto alice = sign_up()->account.id;
  const auto bob = sign_up("bob@example.org")->account.id;
  const auto handle = *Handle::parse("alice");
  EXPECT_FALSE(try_log_in(handle, "correct horse"));

  ASSERT_TRUE(run(choose_handle(world.backend, alice, handle)));

  EXPECT_TRUE(try_log_in(handle, "correct horse"));
  EXPECT_EQ(refused(run(choose_handle(world.backend, bob, handle))), Reason::handle_exists);

  ASSERT_TRUE(run(choose_handle(world.backend, alice, *Handle::parse("ann"))));
  EXPECT_TRUE(run(choose_handle(world.backend, bob, handle)));
}

// The same refusal after the same work: one comparison with some hash.
TEST_F(Acc06, AnUnknownAddressIsLikeAWrongPassword) {
  sign_up();
  const auto wrong = try_log_in(alices, "wrong password");
  EXPECT_EQ(world.passwords.comparisons, 1);
  const auto unknown = try_log_in(*EmailAddress::parse("nobody@example.org"), "wrong password");
  EXPECT_EQ(world.passwords.comparisons, 2);

  EXPECT_EQ(refused(wrong), Reason::invalid_credentials);
  EXPECT_EQ(refused(unknown), Reason::invalid_credentials);
  EXPECT_EQ(wrong.error().detail, unknown.error().detail);
}

TEST_F(Acc07, ManyFailuresHaveToWait) {
  sign_up();
  for (int i = 0; i < 10; ++i) EXPECT_FALSE(try_log_in(alices, "wrong password"));

  const auto refusal = try_log_in(alices, "correct horse");
  ASSERT_TRUE(refusal);
  const auto wait = std::get<TryAgainLater>(*refusal).wait;
  EXPECT_EQ(world.passwords.comparisons, 10);

  world.clock.advance(wait);
  log_in();
}

TEST_F(Acc11, ARenewedTokenKeepsItsConnection) {
  sign_up();
  const auto first = log_in();
  world.clock.advance(24h - 1s);  // The token is over, the cookie is not.

  const auto renewed = renew(first.cookie->value, first.token);
  ASSERT_TRUE(renewed);
  EXPECT_EQ(caller_of(*renewed).connection, keys.read_access_token(first.token)->caller.connection);

  const auto fresh = renew(first.cookie->value);
  EXPECT_NE(caller_of(*fresh).connection, caller_of(*renewed).connection);
}

TEST_F(Acc12, WhatIsNoGoodCookieIsRefused) {
  sign_up();
  const auto access = log_in();
  EXPECT_EQ(refused(renew({})), Reason::missing_cookie_and_token);
  EXPECT_EQ(refused(renew({}, access.token)), Reason::missing_cookie);
  EXPECT_EQ(refused(renew("garbage")), Reason::invalid_token);
  EXPECT_EQ(refused(renew(access.token)), Reason::invalid_token);
  EXPECT_EQ(refused(renew(access.cookie->value, "garbage")), Reason::invalid_token);

  world.clock.advance(24h);
  EXPECT_EQ(refused(renew(access.cookie->value)), Reason::invalid_token);
}

TEST_F(Acc12, ATokenOfAnotherUserIsRefused) {
  sign_up();
  const auto bob = sign_up("bob@example.org");
  const auto bobs = renew(bob->cookie.value);
  EXPECT_EQ(refused(renew(log_in().cookie->value, bobs->token)), Reason::token_mismatch);
}

TEST_F(Acc13, APersistentCookieIsRenewedAndTheOldOneWorksOn) {
  sign_up();
  const auto first = log_in({}, true).cookie.value();
  EXPECT_FALSE(renew(first.value)->cookie);

  world.clock.advance(14 * 24h);
  const auto second = renew(first.value)->cookie;
  ASSERT_TRUE(second);
  EXPECT_EQ(second->expires, first.expires + 14 * 24h);
  EXPECT_TRUE(renew(first.value));
  EXPECT_TRUE(renew(second->value));

  world.clock.advance(42 * 24h);
  EXPECT_FALSE(renew(first.value));
  EXPECT_TRUE(renew(second->value));
}

TEST_F(Acc14, ACookieIsBoundToAClientByItsNewValue) {
  const auto alice = sign_up()->account.id;
  const auto phone = add_client(alice, "phone");
  const auto laptop = add_client(alice, "laptop");
  const auto first = log_in().cookie.value();

  const auto bound = renew(first.value, {}, phone);
  ASSERT_TRUE(bound);
  EXPECT_EQ(caller_of(*bound).client, phone);
  ASSERT_TRUE(bound->cookie);

  EXPECT_EQ(caller_of(*renew(bound->cookie->value)).client, phone);
  EXPECT_EQ(refused(renew(bound->cookie->value, {}, laptop)), Reason::invalid_token);
  EXPECT_EQ(refused(renew(first.value, {}, ClientId{1})), Reason::invalid_token);
}

// Some client libraries keep the first cookie for ever: the token remembers for them.
TEST_F(Acc14, AnUnboundCookieKeepsTheTokensClient) {
  const auto alice = sign_up()->account.id;
  const auto phone = add_client(alice, "phone");
  const auto first = log_in().cookie.value();
  const auto bound = renew(first.value, {}, phone);

  EXPECT_EQ(caller_of(*renew(first.value, bound->token)).client, phone);

  ASSERT_TRUE(run(remove_client(world.backend, {alice, {}, {}}, phone, "correct horse")));
  EXPECT_EQ(caller_of(*renew(first.value, bound->token)).client, std::nullopt);
  EXPECT_EQ(refused(renew(bound->cookie->value)), Reason::invalid_token);
}

TEST_F(Acc15, LoggingOutRevokesEveryValueOfTheCookie) {
  const auto alice = sign_up()->account.id;
  const auto phone = add_client(alice, "phone");
  const auto access = log_in();
  const auto bound = renew(access.cookie->value, {}, phone);

  ASSERT_TRUE(log_out(access.cookie->value, access.token));

  EXPECT_EQ(refused(renew(access.cookie->value)), Reason::invalid_token);
  EXPECT_EQ(refused(renew(bound->cookie->value)), Reason::invalid_token);
  EXPECT_EQ(refused(log_out(access.cookie->value, access.token)), Reason::invalid_token);
}

TEST_F(Acc16, LoggingOutNeedsTheToken) {
  sign_up();
  const auto access = log_in();
  EXPECT_EQ(refused(log_out(access.cookie->value, {})), Reason::invalid_credentials);
  EXPECT_TRUE(renew(access.cookie->value));
}

TEST_F(Acc19, ALoginRevokesThoseOfItsLabel) {
  sign_up();
  const auto phone = log_in("phone");
  const auto laptop = log_in("laptop");
  const auto unlabelled = log_in();
  const auto phone_again = log_in("phone");

  EXPECT_FALSE(renew(phone.cookie->value));
  for (const auto& other : {laptop, unlabelled, phone_again})
    EXPECT_TRUE(renew(other.cookie->value));
}

TEST_F(Acc19, TheOldestLoginMakesRoom) {
  sign_up();  // Has a cookie too.
  world.clock.advance(1s);
  const auto oldest = log_in();
  for (std::size_t i = 1; i < limits::cookies_per_user_max; ++i) {
    world.clock.advance(1s);
    log_in();
  }
  EXPECT_TRUE(renew(oldest.cookie->value));
  world.clock.advance(1s);
  log_in();
  EXPECT_FALSE(renew(oldest.cookie->value));
}

TEST_F(Acc19, LoginsAreListedAndRevoked) {
  const auto alice = sign_up()->account.id;
  log_in("phone");
  const auto laptop = log_in("laptop");
  const auto listed = run(logins.list(alice, {"laptop"}));
  ASSERT_EQ(listed->size(), 1u);
  EXPECT_EQ(run(logins.list(alice, {}))->size(), 3u);

  EXPECT_EQ(refused(run(logins.revoke(alice, {{}, {}, {listed->front().number}}))),
            Reason::missing_auth);
  ASSERT_TRUE(run(logins.revoke(alice, {"correct horse", {}, {listed->front().number}})));
  EXPECT_FALSE(renew(laptop.cookie->value));
}

}  // namespace
}  // namespace twostep::service

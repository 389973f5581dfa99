#include "conformance/accounts/account.hpp"
#include "conformance/support/backend.hpp"
#include "conformance/support/match.hpp"
#include "conformance/support/outcome.hpp"

namespace twostep::conformance {
namespace {

using ::testing::AllOf;
using ::testing::AnyOf;

const std::string client_that_nobody_has = "badc0ffee0ddf00d";

/// The answer is that of a login, and its token is the user's.
void expect_access_for(const User& user, const Reply& reply) {
  EXPECT_THAT(reply, HasStatus(200));
  EXPECT_EQ(part(reply.json, "/user"), user.id().id);
  EXPECT_EQ(part(reply.json, "/token_type"), "Bearer");
  EXPECT_TRUE(part(reply.json, "/expires_in").is_number_integer());
  ASSERT_TRUE(part(reply.json, "/access_token").is_string());
  const auto self = self_with(part(reply.json, "/access_token").get<std::string>());
  EXPECT_EQ(part(self.json, "/id"), user.id().id);
}

/// A cookie that is not good for anything.
ReplyMatcher RefusedAsCookie() {
  return AllOf(HasStatus(403), HasLabel(AnyOf("invalid-credentials", "client-error")));
}

// ACC-11  A cookie alone is enough for a new access token.
TEST(Acc11, ACookieAloneGivesAToken) {
  auto backend = Backend::under_test();
  auto alice = backend.user("alice");

  const auto reply = renew(alice.cookie());

  expect_access_for(alice, reply);
}

// ACC-11  A cookie beside an access token of the same user is as good.
TEST(Acc11, ACookieBesideATokenGivesAToken) {
  auto backend = Backend::under_test();
  auto alice = backend.user("alice");

  const auto reply = renew(alice.cookie(), {.token = alice.token()});

  expect_access_for(alice, reply);
}

// ACC-12  Without a cookie, or with one that is garbage or unknown, one is refused; with 403, not
//         401, as clients take 401 for an expired token and would try again.
TEST(Acc12, WithoutAGoodCookieThereIsNoToken) {
  auto backend = Backend::under_test();
  auto alice = backend.user("alice");
  const auto without = alice.request("POST", "/access", "", {.content_type = ""});
  const auto with_nothing = backend.anonymous().request("POST", "/access", "", {});

  EXPECT_THAT(without, RefusedAsCookie());
  EXPECT_THAT(with_nothing, RefusedAsCookie());
  EXPECT_THAT(renew("garbage"), RefusedAsCookie());
  EXPECT_THAT(renew(damaged(alice.cookie())), RefusedAsCookie());
  EXPECT_THAT(renew(alice.token()), RefusedAsCookie());
}

// ACC-12  So with one that was revoked.
TEST(Acc12, ARevokedCookieGivesNoToken) {
  auto backend = Backend::under_test();
  auto alice = backend.user("alice");
  const auto cookie = another_cookie(alice, {.label = "laptop"});
  another_cookie(alice, {.label = "laptop"});

  const auto reply = renew(cookie);

  EXPECT_THAT(reply, RefusedAsCookie());
}

// ACC-13  The cookie of the login keeps working, also after a newer one was offered.
TEST(Acc13, TheFirstCookieKeepsWorking) {
  auto backend = Backend::under_test();
  auto alice = backend.user("alice").device();
  const auto cookie = another_cookie(alice);

  EXPECT_THAT(renew(cookie), HasStatus(200));
  EXPECT_THAT(renew(cookie, {.client = alice.id()}), HasStatus(200));
  EXPECT_THAT(renew(cookie), HasStatus(200));
  EXPECT_THAT(renew(cookie, {.client = alice.id()}), HasStatus(200));
  EXPECT_THAT(renew(cookie), HasStatus(200));
}

// ACC-14  A cookie can be bound to a client, and once more to the same, but then to no other.
//
// Bound is what the answer offers, if it offers a cookie, and else the one it was asked with.
TEST(Acc14, ACookieIsBoundToOneClient) {
  auto backend = Backend::under_test();
  auto alice = backend.user("alice").device();
  auto laptop = alice.user().device();
  const auto cookie = another_cookie(alice);

  const auto bound = renew(cookie, {.client = alice.id()});
  const auto offered = cookie_of(bound).value_or(cookie);
  const auto again = renew(offered, {.client = alice.id()});
  const auto other = renew(offered, {.client = laptop.id()});

  expect_access_for(alice, bound);
  expect_access_for(alice, again);
  EXPECT_THAT(other, HasStatus(403));
}

// ACC-14  Nor can it be bound to a client that the user does not have.
TEST(Acc14, ACookieIsBoundToAnOwnClientOnly) {
  auto backend = Backend::under_test();
  auto alice = backend.user("alice");
  auto bob = backend.user("bob").device();

  const auto to_nobodys = renew(alice.cookie(), {.client = client_that_nobody_has});
  const auto to_bobs = renew(alice.cookie(), {.client = bob.id()});

  EXPECT_THAT(to_nobodys, HasStatus(403));
  EXPECT_THAT(to_bobs, HasStatus(403));
}

// ACC-15  Logging out revokes the cookie, and no other.
TEST(Acc15, LoggingOutRevokesTheCookie) {
  auto backend = Backend::under_test();
  auto alice = backend.user("alice");
  const auto cookie = another_cookie(alice);

  const auto reply = alice.request("POST", "/access/logout", "",
                                   {.content_type = "", .headers = {cookie_header(cookie)}});

  EXPECT_THAT(reply, HasStatus(200));
  EXPECT_THAT(renew(cookie), HasStatus(403));
  EXPECT_TRUE(works(alice.cookie()));
}

// ACC-16  Logging out takes an access token.
TEST(Acc16, WithoutATokenNobodyIsLoggedOut) {
  auto backend = Backend::under_test();
  auto alice = backend.user("alice");

  const auto reply =
      backend.anonymous().request("POST", "/access/logout", "",
                                  {.content_type = "", .headers = {cookie_header(alice.cookie())}});

  EXPECT_THAT(reply, HasStatus(AnyOf(401, 403)));
  EXPECT_TRUE(works(alice.cookie()));
  if (reply.status == 401) note_reading("logging out without an access token is answered 401");
}

// ACC-19  Logging in with a label revokes the older cookies of that label, and no others.
TEST(Acc19, ALabelHasOneCookie) {
  auto backend = Backend::under_test();
  auto alice = backend.user("alice");
  const auto older = another_cookie(alice, {.label = "laptop"});
  const auto other = another_cookie(alice, {.label = "phone"});

  const auto newer = another_cookie(alice, {.label = "laptop"});

  EXPECT_FALSE(works(older));
  EXPECT_TRUE(works(newer));
  EXPECT_TRUE(works(other));
  EXPECT_TRUE(works(alice.cookie()));
}

}  // namespace
}  // namespace twostep::conformance

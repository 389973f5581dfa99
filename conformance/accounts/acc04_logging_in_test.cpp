#include <algorithm>

#include "conformance/accounts/account.hpp"
#include "conformance/support/backend.hpp"
#include "conformance/support/match.hpp"
#include "conformance/support/outcome.hpp"

namespace twostep::conformance {
namespace {

using ::testing::AnyOf;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

const std::string wrong_password = "not-the-password";

std::vector<std::string> cookies_set(const Reply& reply) {
  std::vector<std::string> values;
  for (const auto& [name, value] : reply.headers) {
    std::string lower = name;
    std::ranges::transform(lower, lower.begin(), [](unsigned char c) { return std::tolower(c); });
    if (lower == "set-cookie") values.push_back(value);
  }
  return values;
}

/// The last cookie of a login, with its attributes in lower case and without spaces.
std::string attributes_of(const Reply& login) {
  const auto cookies = cookies_set(login);
  std::string text = cookies.empty() ? "" : cookies.back() + ";";
  std::erase(text, ' ');
  text.erase(0, text.find(';'));  // The value itself is of no interest, and must stay as it is.
  std::ranges::transform(text, text.begin(), [](unsigned char c) { return std::tolower(c); });
  return text;
}

// ACC-04  A login is answered with an access token that works and with a cookie, the last one set.
TEST(Acc04, ALoginGivesATokenAndACookie) {
  auto backend = Backend::under_test();
  auto alice = backend.user("alice");

  const auto reply = log_in(alice.email(), alice.password());

  EXPECT_THAT(reply, HasStatus(200));
  EXPECT_EQ(part(reply.json, "/user"), alice.id().id);
  EXPECT_EQ(part(reply.json, "/token_type"), "Bearer");
  EXPECT_TRUE(part(reply.json, "/expires_in").is_number_integer());
  ASSERT_TRUE(part(reply.json, "/access_token").is_string());
  const auto self = self_with(part(reply.json, "/access_token").get<std::string>());
  EXPECT_EQ(part(self.json, "/id"), alice.id().id);
  const auto cookies = cookies_set(reply);
  ASSERT_FALSE(cookies.empty());
  EXPECT_THAT(cookies.back(), StartsWith("zuid="));
}

// ACC-05  The cookie of a persistent login has an expiry date, that of any other has none. It goes
//         to `/access` only, and no script can read it.
TEST(Acc05, OnlyACookieThatPersistsHasAnExpiryDate) {
  auto backend = Backend::under_test();
  auto alice = backend.user("alice");

  const auto persistent = attributes_of(log_in(alice.email(), alice.password()));
  const auto other = attributes_of(log_in(alice.email(), alice.password(), {.persist = false}));

  EXPECT_THAT(persistent, AnyOf(HasSubstr(";expires="), HasSubstr(";max-age=")));
  EXPECT_THAT(other, Not(AnyOf(HasSubstr(";expires="), HasSubstr(";max-age="))));
  for (const auto& attributes : {persistent, other}) {
    EXPECT_THAT(attributes, HasSubstr(";path=/access;"));
    EXPECT_THAT(attributes, HasSubstr(";httponly;"));
  }
}

// ACC-06  Nobody learns from a failed login whether the address has an account.
TEST(Acc06, AWrongPasswordLooksLikeAnUnknownAddress) {
  auto backend = Backend::under_test();
  auto alice = backend.user("alice");

  const auto wrong = log_in(alice.email(), wrong_password);
  const auto unknown = log_in("nobody-" + alice.email(), wrong_password);

  EXPECT_THAT(wrong, IsError(403, "invalid-credentials"));
  EXPECT_THAT(unknown, IsError(403, "invalid-credentials"));
  EXPECT_EQ(wrong.body, unknown.body);
}

// ACC-07  After many failures further logins may be refused for a while; but a correct password is
//         never called wrong.
//
// The time named is not waited for, as it may be long.
TEST(Acc07, AfterManyFailuresACorrectLoginSucceedsOrHasToWait) {
  constexpr int failures = 12;
  auto backend = Backend::under_test();
  auto alice = backend.user("alice");

  for (int i = 0; i < failures; ++i) {
    EXPECT_THAT(log_in(alice.email(), wrong_password), HasStatus(AnyOf(403, 420, 429)));
  }
  const auto correct = log_in(alice.email(), alice.password());

  EXPECT_THAT(correct, HasStatus(AnyOf(200, 403, 420, 429)));
  EXPECT_THAT(correct, Not(HasLabel("invalid-credentials")));
  if (correct.status != 200) note_reading("logins are refused for a while after many failures");
}

}  // namespace
}  // namespace twostep::conformance

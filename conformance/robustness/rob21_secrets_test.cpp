#include <string>
#include <vector>

#include "conformance/support/backend.hpp"
#include "conformance/support/bytes.hpp"
#include "conformance/support/match.hpp"

namespace twostep::conformance {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

Reply self_with(const std::string& token) { return Caller{"mallory", token}.get("/self"); }

std::vector<std::string> parts_of(const std::string& token) {
  std::vector<std::string> parts(1);
  for (const char c : token) {
    if (c == '.') {
      parts.emplace_back();
    } else {
      parts.back() += c;
    }
  }
  if (parts.size() > 1) return parts;
  return {token.substr(0, token.size() / 2), token.substr(token.size() / 2)};
}

std::string joined(const std::vector<std::string>& parts, const std::string& token) {
  const std::string dot = token.find('.') == token.npos ? "" : ".";
  std::string text = parts.front();
  for (std::size_t i = 1; i < parts.size(); ++i) text += dot + parts[i];
  return text;
}

// ROB-21  An access token of which any bit was changed is answered 401.
//
// One bit of every character; those that would not be printable stay as they are.
TEST(Rob21, AChangedTokenIsNone) {
  auto alice = Backend::under_test().user("alice");
  const auto& token = alice.token();
  ASSERT_THAT(self_with(token), HasStatus(200));

  for (std::size_t i = 0; i < token.size(); ++i) {
    auto changed = token;
    changed[i] = static_cast<char>(changed[i] ^ 1);
    if (changed[i] <= ' ' || changed[i] > '~') continue;
    EXPECT_THAT(self_with(changed), HasStatus(401)) << "character " << i << " of " << token.size();
  }
}

// ROB-21  So is one with a part left out, or with parts of two tokens.
TEST(Rob21, PartsOfTokensAreNone) {
  auto backend = Backend::under_test();
  auto alice = backend.user("alice");
  auto bob = backend.user("bob");
  const auto of_alice = parts_of(alice.token());
  const auto of_bob = parts_of(bob.token());
  ASSERT_EQ(of_alice.size(), of_bob.size());

  for (std::size_t i = 0; i < of_alice.size(); ++i) {
    auto shorter = of_alice;
    shorter.erase(shorter.begin() + static_cast<std::ptrdiff_t>(i));
    EXPECT_THAT(self_with(joined(shorter, alice.token())), HasStatus(401)) << "without part " << i;
    if (of_alice[i] == of_bob[i]) continue;
    auto mixed = of_alice;
    mixed[i] = of_bob[i];
    EXPECT_THAT(self_with(joined(mixed, alice.token())), HasStatus(401)) << "another's part " << i;
  }
}

// ROB-24  No error repeats a password, token, cookie or ciphertext.
TEST(Rob24, ErrorsRepeatNoSecrets) {
  auto backend = Backend::under_test();
  auto alice = backend.user("alice").device();
  auto bob = backend.user("bob").device();
  auto chat = conversation_of({alice, bob});
  const auto secret = "secret" + random_hex(16);
  const auto in_base64 = to_base64(secret);
  const Json login = {{"email", alice.user().email()}, {"password", secret}};
  const auto message = encode_message(alice.id(), {{bob, secret}}, {.strategy = no_strategy()});
  auto with_password = alice.user().device_body();
  with_password["password"] = secret;
  const auto nobody = Caller{"nobody", secret};

  for (const auto& reply :
       {backend.anonymous().post("/login", login),
        backend.anonymous().request("POST", "/login", login.dump() + secret),
        backend.anonymous().request("POST", "/login", R"({"password": {")" + secret + R"(": 1}})"),
        backend.anonymous().request("POST", "/access", "", {.headers = {cookie_header(secret)}}),
        nobody.get("/self"), alice.get("/no/such/path?access_token=" + secret),
        alice.post("/clients", with_password), alice.post_message(chat, message),
        alice.post_message(chat, secret),
        alice.post(chat.legacy_path() + "/otr/messages",
                   {{"sender", secret}, {"recipients", {{secret, {{secret, in_base64}}}}}}),
        alice.send_legacy_json(no_conversation(), {{bob, secret}})}) {
    EXPECT_THAT(reply, IsClientError());
    EXPECT_THAT(reply.body, Not(HasSubstr(secret)));
    EXPECT_THAT(reply.body, Not(HasSubstr(in_base64)));
  }
}

// ROB-24  Nor does any metric, if there are metrics.
TEST(Rob24, MetricsRepeatNoSecrets) {
  auto backend = Backend::under_test();
  auto alice = backend.user("alice").device();
  auto bob = backend.user("bob").device();
  auto chat = conversation_of({alice, bob});
  const auto secret = "secret" + random_hex(16);
  alice.must_send(chat, {{bob, secret}});

  const auto metrics = backend.anonymous().get("/i/metrics");

  for (const auto& text :
       {secret, to_base64(secret), alice.token(), alice.user().password(), alice.user().cookie()}) {
    EXPECT_THAT(metrics.body, Not(HasSubstr(text)));
  }
}

}  // namespace
}  // namespace twostep::conformance

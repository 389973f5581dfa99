#include "conformance/accounts/account.hpp"
#include "conformance/accounts/client.hpp"
#include "conformance/support/backend.hpp"
#include "conformance/support/bytes.hpp"
#include "conformance/support/match.hpp"

namespace twostep::conformance {
namespace {

using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

// ACC-25  A new temporary client replaces the former, which is deleted: no longer listed, and the
//         others are told, perhaps after a short delay.
TEST(Acc25, ANewTemporaryClientReplacesTheFormer) {
  auto backend = Backend::under_test();
  auto alice = backend.user("alice").device();
  const auto first = must_register(alice, alice.user().device_body({.type = "temporary"}));

  const auto second = must_register(alice, alice.user().device_body({.type = "temporary"}));

  EXPECT_THAT(own_clients(alice), UnorderedElementsAre(alice.id(), second));
  EXPECT_TRUE(eventually([&] {
    const auto removed = alice.catch_up().events("user.client-remove");
    return removed.size() == 1 && part(removed.front(), "/client/id") == first;
  })) << "alice was not told that her first temporary client is gone";
}

/// Each of these is refused as malformed and leaves the user without a client.
void expect_malformed(const User& user, const std::vector<Json>& bodies) {
  for (const auto& body : bodies) {
    EXPECT_THAT(user.post("/clients", body), IsError(400, "bad-request")) << body;
  }
  EXPECT_THAT(own_clients(user), IsEmpty());
}

// ACC-26  The last-resort key has the id 65535.
TEST(Acc26, TheLastResortKeyHasItsId) {
  auto backend = Backend::under_test();
  auto alice = backend.user("alice");
  auto body = alice.device_body();
  body["lastkey"] = prekey(1);

  expect_malformed(alice, {body});
}

// ACC-26  Keys are base64.
TEST(Acc26, KeysAreBase64) {
  auto backend = Backend::under_test();
  auto alice = backend.user("alice");
  auto bad_prekey = alice.device_body();
  bad_prekey["prekeys"][0]["key"] = "this is no base64!";
  auto bad_last_key = alice.device_body();
  bad_last_key["lastkey"]["key"] = "this is no base64!";

  expect_malformed(alice, {bad_prekey, bad_last_key});
}

// ACC-27  Keys are prekey bundles, …
TEST(Acc27, KeysAreBundles) {
  auto backend = Backend::under_test();
  auto alice = backend.user("alice");
  auto body = alice.device_body();
  body["prekeys"][0]["key"] = to_base64(random_bytes(100));

  expect_malformed(alice, {body});
}

// ACC-27  … of the id beside them.
TEST(Acc27, ABundleHasTheIdBesideIt) {
  auto backend = Backend::under_test();
  auto alice = backend.user("alice");
  auto body = alice.device_body();
  body["prekeys"][0]["key"] = prekey(99)["key"];

  expect_malformed(alice, {body});
}

}  // namespace
}  // namespace twostep::conformance

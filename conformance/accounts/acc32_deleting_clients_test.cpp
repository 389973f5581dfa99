#include "conformance/accounts/account.hpp"
#include "conformance/accounts/client.hpp"
#include "conformance/support/backend.hpp"
#include "conformance/support/bytes.hpp"
#include "conformance/support/match.hpp"

namespace twostep::conformance {
namespace {

using ::testing::ElementsAre;

const std::string client_that_nobody_has = "badc0ffee0ddf00d";

// ACC-32  Deleting a permanent client needs the password; a refused deletion leaves it as it was.
TEST(Acc32, DeletingAPermanentClientNeedsThePassword) {
  auto backend = Backend::under_test();
  auto alice = backend.user("alice");
  const auto id = must_register(alice, alice.device_body());
  const auto path = "/clients/" + id;
  const auto before = alice.get(path);

  EXPECT_THAT(alice.del_with(path, Json::object()), IsError(403, "missing-auth"));
  EXPECT_THAT(alice.del_with(path, {{"password", "not-the-password"}}),
              IsError(403, "invalid-credentials"));
  EXPECT_EQ(alice.get(path).json, before.json);
  EXPECT_THAT(prekeys_left(alice, id), ElementsAre(1, 2, 3, 65'535));

  EXPECT_THAT(alice.del_with(path, {{"password", alice.password()}}), HasStatus(200));
  EXPECT_THAT(alice.get(path), HasStatus(404));
}

// ACC-32  Deleting a temporary client does not.
TEST(Acc32, DeletingATemporaryClientNeedsNoPassword) {
  auto backend = Backend::under_test();
  auto alice = backend.user("alice");
  const auto path = "/clients/" + must_register(alice, alice.device_body({.type = "temporary"}));

  const auto reply = alice.del_with(path, Json::object());

  EXPECT_THAT(reply, HasStatus(200));
  EXPECT_THAT(alice.get(path), HasStatus(404));
}

// ACC-32  A client that the user does not have is not found, and stays.
TEST(Acc32, OnlyOwnClientsAreDeleted) {
  auto backend = Backend::under_test();
  auto alice = backend.user("alice").device();
  auto bob = backend.user("bob");
  const Json with_password = {{"password", bob.password()}};

  const auto of_alice = bob.del_with("/clients/" + alice.id(), with_password);
  const auto of_nobody = bob.del_with("/clients/" + client_that_nobody_has, with_password);

  EXPECT_THAT(of_alice, IsError(404, "client-not-found"));
  EXPECT_THAT(of_nobody, IsError(404, "client-not-found"));
  EXPECT_THAT(own_clients(alice), ElementsAre(alice.id()));
}

// ACC-33  A deleted client is listed nowhere, at once or after a short delay.
TEST(Acc33, ADeletedClientIsListedNowhere) {
  auto backend = Backend::under_test();
  auto alice = backend.user("alice").device();
  auto laptop = alice.user().device();
  const auto all = path_of(alice.user().id()) + "/clients";

  require_setup(laptop.remove(), {200}, "deleting the laptop");

  EXPECT_TRUE(eventually([&] {
    return own_clients(alice) == std::vector{alice.id()} &&
           client_ids_in(alice.get(all).json) == std::vector{alice.id()};
  })) << "the deleted client is still listed";
  EXPECT_THAT(alice.get("/clients/" + laptop.id()), HasStatus(404));
  EXPECT_THAT(alice.get(all + "/" + laptop.id()), HasStatus(404));
  const auto listed = alice.post("/users/list-clients", {{"qualified_users", {alice.user().id()}}});
  const auto& [user, domain] = alice.user().id();
  EXPECT_THAT(client_ids_in(part(listed.json, "/qualified_user_map/" + domain + "/" + user)),
              ElementsAre(alice.id()));
}

// ACC-33  It has neither prekeys nor push tokens; those of the other client stay.
TEST(Acc33, ADeletedClientHasNoKeysAndNoTokens) {
  auto backend = Backend::under_test();
  auto alice = backend.user("alice").device();
  auto laptop = alice.user().device();
  const auto token = random_hex(32);
  const auto token_of_laptop = random_hex(32);
  require_setup(alice.register_push_token({token}), {201}, "registering a push token");
  require_setup(laptop.register_push_token({token_of_laptop}), {201}, "registering a push token");

  require_setup(laptop.remove(), {200}, "deleting the laptop");

  EXPECT_TRUE(eventually([&] { return must_claim(alice, laptop).is_null(); }))
      << "the deleted client still has prekeys";
  EXPECT_TRUE(must_claim(alice, alice).is_object());
  EXPECT_TRUE(eventually([&] {
    const auto tokens = part(alice.get("/push/tokens").json, "/tokens");
    return tokens.size() == 1 && part(tokens, "/0/token") == token;
  })) << "the push tokens are not those of the client that is left";
}

// ACC-33  The other clients of the user are told.
TEST(Acc33, TheOtherClientsAreTold) {
  auto backend = Backend::under_test();
  auto alice = backend.user("alice").device();
  auto laptop = alice.user().device();

  require_setup(laptop.remove(), {200}, "deleting the laptop");

  EXPECT_TRUE(eventually([&] {
    const auto removed = alice.catch_up().events("user.client-remove");
    return removed.size() == 1 && part(removed.front(), "/client/id") == laptop.id();
  })) << "alice was not told that her laptop is gone";
}

// ACC-34  With the client go the cookies whose label it had as its `cookie`, and no others.
TEST(Acc34, WithAClientGoItsCookies) {
  auto backend = Backend::under_test();
  auto alice = backend.user("alice");
  const auto of_laptop = another_cookie(alice, {.label = "laptop"});
  const auto of_phone = another_cookie(alice, {.label = "phone"});
  const auto laptop = alice.device({.cookie = "laptop"});

  require_setup(laptop.remove(), {200}, "deleting the laptop");

  EXPECT_TRUE(eventually([&] { return !works(of_laptop); })) << "its cookie still works";
  EXPECT_TRUE(works(of_phone));
  EXPECT_TRUE(works(alice.cookie()));
}

}  // namespace
}  // namespace twostep::conformance

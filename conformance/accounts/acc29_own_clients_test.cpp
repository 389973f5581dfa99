#include "conformance/accounts/client.hpp"
#include "conformance/support/backend.hpp"
#include "conformance/support/match.hpp"

namespace twostep::conformance {
namespace {

using ::testing::ElementsAre;
using ::testing::UnorderedElementsAre;

const std::string client_that_nobody_has = "badc0ffee0ddf00d";

// ACC-29  The list has all clients of the user, each as it is read alone.
TEST(Acc29, AllClientsOfTheUserAreListed) {
  auto backend = Backend::under_test();
  auto alice = backend.user("alice");
  const auto phone = must_register(alice, alice.device_body({.label = "phone"}));
  const auto laptop = must_register(alice, alice.device_body({.label = "laptop"}));

  const auto list = alice.get("/clients");

  EXPECT_THAT(list, HasStatus(200));
  EXPECT_THAT(list.json, UnorderedElementsAre(alice.get("/clients/" + phone).json,
                                              alice.get("/clients/" + laptop).json));
  EXPECT_THAT(client_ids_in(list.json), UnorderedElementsAre(phone, laptop));
}

// ACC-29  A client that is not the user's is not found, whether it is somebody else's or nobody's.
TEST(Acc29, OnlyOwnClientsAreFound) {
  auto backend = Backend::under_test();
  auto alice = backend.user("alice").device();
  auto bob = backend.user("bob").device();

  EXPECT_THAT(bob.get("/clients/" + bob.id()), HasStatus(200));
  EXPECT_THAT(bob.get("/clients/" + alice.id()), HasStatus(404));
  EXPECT_THAT(bob.get("/clients/" + client_that_nobody_has), HasStatus(404));
  EXPECT_THAT(own_clients(bob), ElementsAre(bob.id()));
}

// ACC-30  An update replaces the label, adds prekeys and adds capabilities.
TEST(Acc30, AnUpdateChangesLabelPrekeysAndCapabilities) {
  auto backend = Backend::under_test();
  auto alice = backend.user("alice");
  const auto id = must_register(alice, alice.device_body({.label = "old", .prekeys = 2}));

  const auto reply =
      alice.put("/clients/" + id, {{"label", "new"},
                                   {"prekeys", prekeys(11, 2)},
                                   {"capabilities", {"legalhold-implicit-consent"}}});

  EXPECT_THAT(reply, HasStatus(200));
  const auto client = alice.get("/clients/" + id).json;
  EXPECT_EQ(part(client, "/label"), "new");
  EXPECT_EQ(part(client, "/capabilities"), Json::array({"legalhold-implicit-consent"}));
  EXPECT_THAT(prekeys_left(alice, id), ElementsAre(1, 2, 11, 12, 65'535));
}

// ACC-30  It replaces the last-resort key: with no other left, the new one is handed out.
TEST(Acc30, AnUpdateReplacesTheLastResortKey) {
  auto backend = Backend::under_test();
  auto alice = backend.user("alice");
  const auto client = client_with_keys(alice, 0);
  const auto new_key = prekey(65'535);

  const auto reply = alice.put("/clients/" + client.address.client, {{"lastkey", new_key}});

  EXPECT_THAT(reply, HasStatus(200));
  EXPECT_EQ(must_claim(alice, client.address), new_key);
}

// ACC-30  A client that the user does not have is not updated.
TEST(Acc30, OnlyOwnClientsAreUpdated) {
  auto backend = Backend::under_test();
  auto alice = backend.user("alice");
  auto bob = backend.user("bob");
  const auto of_alice = must_register(alice, alice.device_body({.label = "old"}));

  const auto of_another = bob.put("/clients/" + of_alice, {{"label", "new"}});
  const auto of_nobody = bob.put("/clients/" + client_that_nobody_has, {{"label", "new"}});

  EXPECT_THAT(of_another, IsError(404, "client-not-found"));
  EXPECT_THAT(of_nobody, IsError(404, "client-not-found"));
  EXPECT_EQ(part(alice.get("/clients/" + of_alice).json, "/label"), "old");
}

// ACC-31  A capability cannot be taken away, and an update that tries changes nothing else either.
TEST(Acc31, ACapabilityStays) {
  auto backend = Backend::under_test();
  auto alice = backend.user("alice");
  const auto id = must_register(
      alice, alice.device_body({.label = "old", .capabilities = {"legalhold-implicit-consent"}}));

  const auto reply =
      alice.put("/clients/" + id, {{"label", "new"}, {"capabilities", Json::array()}});

  EXPECT_THAT(reply, IsError(409, "client-capabilities-cannot-be-removed"));
  const auto client = alice.get("/clients/" + id).json;
  EXPECT_EQ(part(client, "/label"), "old");
  EXPECT_EQ(part(client, "/capabilities"), Json::array({"legalhold-implicit-consent"}));
}

}  // namespace
}  // namespace twostep::conformance

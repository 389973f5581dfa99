#include <set>

#include "conformance/accounts/client.hpp"
#include "conformance/support/backend.hpp"
#include "conformance/support/match.hpp"
#include "conformance/support/outcome.hpp"

namespace twostep::conformance {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::MatchesRegex;
using ::testing::SizeIs;
using ::testing::UnorderedElementsAre;

std::vector<std::string> clients_told_of(const Device& device) {
  std::vector<std::string> ids;
  for (const auto& event : device.catch_up().events("user.client-add")) {
    const auto id = part(event, "/client/id");
    ids.push_back(id.is_string() ? id.get<std::string>() : "no id");
  }
  return ids;
}

// ACC-20  A client is answered as it was registered, and is read back so.
TEST(Acc20, AClientIsAsItWasRegistered) {
  auto backend = Backend::under_test();
  auto alice = backend.user("alice");
  const auto body = alice.device_body({.device_class = "tablet",
                                       .label = "by the door",
                                       .cookie = "door",
                                       .model = "slate",
                                       .capabilities = {"legalhold-implicit-consent"}});

  const auto reply = alice.post("/clients", body);

  EXPECT_THAT(reply, HasStatus(201));
  for (const auto* member : {"type", "class", "label", "cookie", "model", "capabilities"}) {
    EXPECT_EQ(part(reply.json, std::string{"/"} + member), body[member]) << member;
  }
  EXPECT_TRUE(part(reply.json, "/time").is_string());
  ASSERT_TRUE(part(reply.json, "/id").is_string());
  EXPECT_EQ(reply.header("Location"), part(reply.json, "/id"));
  const auto read_back = alice.get("/clients/" + part(reply.json, "/id").get<std::string>());
  EXPECT_EQ(read_back.json, reply.json);
}

// ACC-20  What was not given is not there.
TEST(Acc20, WhatWasNotGivenIsNotThere) {
  auto backend = Backend::under_test();
  auto alice = backend.user("alice");

  const auto reply = alice.post("/clients", alice.device_body({.device_class = std::nullopt}));

  EXPECT_THAT(reply, HasStatus(201));
  EXPECT_EQ(part(reply.json, "/type"), "permanent");
  for (const auto* member : {"/class", "/label", "/cookie", "/model"}) {
    EXPECT_TRUE(part(reply.json, member).is_null()) << member;
  }
  EXPECT_EQ(part(reply.json, "/capabilities"), Json::array());
}

// ACC-21  A client id is spelled in the same way everywhere: in answers, in maps, and in events.
TEST(Acc21, AClientIdIsSpelledInOneWay) {
  auto backend = Backend::under_test();
  auto alice = backend.user("alice").device();
  auto bob = backend.user("bob").device();
  auto chat = conversation_of({alice, bob});

  alice.must_send(chat, {{bob, "hello"}});
  const auto messages = bob.catch_up().messages();
  const auto listed = alice.post("/users/list-clients", {{"qualified_users", {bob.user().id()}}});
  const auto claimed = claim(alice, {bob});
  const auto missing = alice.send(chat, {});

  EXPECT_THAT(bob.id(), MatchesRegex("(0|[1-9a-f][0-9a-f]*)"));
  EXPECT_LE(bob.id().size(), 16U);
  EXPECT_THAT(own_clients(bob), ElementsAre(bob.id()));
  EXPECT_EQ(part(bob.get("/clients/" + bob.id()).json, "/id"), bob.id());
  const auto& [user, domain] = bob.user().id();
  EXPECT_THAT(client_ids_in(part(listed.json, "/qualified_user_map/" + domain + "/" + user)),
              ElementsAre(bob.id()));
  EXPECT_TRUE(claimed_for(claimed, bob).is_object());
  EXPECT_THAT(clients_told_of(bob), ElementsAre(bob.id()));
  EXPECT_THAT(missing, RefusedForMissing({bob}));
  ASSERT_THAT(messages, SizeIs(1));
  EXPECT_EQ(messages.front().sender, alice.id());
  EXPECT_EQ(messages.front().recipient, bob.id());
}

// ACC-21  No two clients of a user have the same id.
TEST(Acc21, NoTwoClientsHaveTheSameId) {
  auto backend = Backend::under_test();
  auto alice = backend.user("alice");

  std::set<std::string> ids;
  for (int i = 0; i < 3; ++i) ids.insert(must_register(alice, alice.device_body()));

  EXPECT_THAT(ids, SizeIs(3));
  EXPECT_THAT(own_clients(alice), ::testing::ElementsAreArray(ids));
}

// ACC-22  Registering again with the same last-resort key may update the client, or make another.
//         In either case there are as many clients as there were different ids.
TEST(Acc22, RegisteringAgainIsTheSameClientOrAnother) {
  auto backend = Backend::under_test();
  auto alice = backend.user("alice");
  auto body = alice.device_body({.label = "old"});
  const auto first = must_register(alice, body);
  body["label"] = "new";

  const auto again = alice.post("/clients", body);

  EXPECT_THAT(again, HasStatus(201));
  ASSERT_TRUE(part(again.json, "/id").is_string());
  const auto second = part(again.json, "/id").get<std::string>();
  EXPECT_EQ(part(alice.get("/clients/" + second).json, "/label"), "new");
  if (second == first) {
    EXPECT_THAT(own_clients(alice), ElementsAre(first));
  } else {
    EXPECT_THAT(own_clients(alice), UnorderedElementsAre(first, second));
    note_reading("the same last-resort key makes another client");
  }
}

// ACC-23  The first permanent client needs no password, and each further one does.
TEST(Acc23, EveryFurtherClientNeedsThePassword) {
  auto backend = Backend::under_test();
  auto alice = backend.user("alice");
  const DeviceOptions without{.with_password = false};
  auto with_wrong = alice.device_body(without);
  with_wrong["password"] = "not-the-password";

  EXPECT_THAT(alice.post("/clients", alice.device_body(without)), HasStatus(201));
  EXPECT_THAT(alice.post("/clients", alice.device_body(without)), IsError(403, "missing-auth"));
  EXPECT_THAT(alice.post("/clients", with_wrong), IsError(403, "invalid-credentials"));
  EXPECT_THAT(own_clients(alice), SizeIs(1));
  EXPECT_THAT(alice.post("/clients", alice.device_body()), HasStatus(201));
  EXPECT_THAT(own_clients(alice), SizeIs(2));
}

// ACC-24  There is a number of permanent clients that is not exceeded; those before all exist.
//
// A backend that allows very many is not brought to its limit.
TEST(Acc24, PermanentClientsAreLimited) {
  constexpr int clients_max = 40;
  auto backend = Backend::under_test();
  auto alice = backend.user("alice");
  std::set<std::string> ids;

  Reply last;
  for (int i = 0; i < clients_max; ++i) {
    last = alice.post("/clients", alice.device_body({.prekeys = 1}));
    if (last.status != 201) break;
    const auto id = part(last.json, "/id");
    ids.insert(id.is_string() ? id.get<std::string>() : "no id");
  }

  EXPECT_THAT(own_clients(alice), ::testing::ElementsAreArray(ids));
  if (last.status == 201) {
    note_reading("more than " + std::to_string(clients_max) + " permanent clients are allowed");
  } else {
    EXPECT_THAT(last, IsError(403, "too-many-clients"));
  }
}

// ACC-28  Who has registered a client finds an event about it: the new client itself, at once, so
//         that it has a newest notification to remember, …
TEST(Acc28, ANewClientHasANewestNotificationAtOnce) {
  auto backend = Backend::under_test();
  auto alice = backend.user("alice").device();

  const auto newest = alice.last_notification();

  EXPECT_THAT(newest, HasStatus(200));
  EXPECT_EQ(part(newest.json, "/payload/0/type"), "user.client-add");
  EXPECT_EQ(part(newest.json, "/payload/0/client/id"), alice.id());
}

// ACC-28  … and the older clients of the user, but nobody else.
TEST(Acc28, OlderClientsAreToldOfANewOne) {
  auto backend = Backend::under_test();
  auto alice = backend.user("alice").device();
  auto bob = backend.user("bob").device();

  const auto laptop = alice.user().device();

  EXPECT_THAT(clients_told_of(alice), ElementsAre(alice.id(), laptop.id()));
  EXPECT_THAT(clients_told_of(laptop), Contains(laptop.id()));
  EXPECT_THAT(clients_told_of(bob), ElementsAre(bob.id()));
}

}  // namespace
}  // namespace twostep::conformance

#include <map>
#include <set>

#include "conformance/support/bytes.hpp"
#include "conformance/support/federated.hpp"
#include "conformance/support/match.hpp"

namespace twostep::conformance {
namespace {

using ::testing::AnyOf;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::SizeIs;
using ::testing::UnorderedElementsAre;

/// Ids in a list of clients.
std::vector<std::string> client_ids(const Json& clients) {
  std::vector<std::string> ids;
  for (const auto& client : clients) ids.push_back(part(client, "/id").get<std::string>());
  return ids;
}

// FED-44  A peer learns of its partners' users which clients they have, and nothing else about these.
TEST(Fed44, APeerLearnsTheClientsOfUsersAndNothingElse) {
  auto backend = Backend::under_test();
  const auto b = Peer::under_test("b");
  const auto alice = backend.user("alice").device({.device_class = "phone", .label = "secret"});
  const auto laptop = alice.user().device({.device_class = "desktop", .model = "secret"});
  const auto& user = alice.user().id().id;

  const auto reply = b.call(rpc::get_user_clients, {{"users", {user}}});

  EXPECT_THAT(reply, HasStatus(200));
  const auto clients = part(reply.json, "/" + user);
  EXPECT_THAT(client_ids(clients), UnorderedElementsAre(alice.id(), laptop.id()));
  for (const auto& client : clients) {
    for (const auto& [key, value] : client.items()) EXPECT_THAT(key, AnyOf("id", "class"));
    EXPECT_EQ(part(client, "/class"), part(client, "/id") == alice.id() ? "phone" : "desktop");
  }
}

// FED-44  A user that there is not is left out, or has no clients; the call succeeds.
TEST(Fed44, AnUnknownUserHasNoClients) {
  auto backend = Backend::under_test();
  const auto b = Peer::under_test("b");
  const auto alice = backend.user("alice").device();
  const auto nobody = random_uuid();

  const auto reply = b.call(rpc::get_user_clients, {{"users", {nobody, alice.user().id().id}}});

  EXPECT_THAT(reply, HasStatus(200));
  EXPECT_THAT(part(reply.json, "/" + nobody), AnyOf(Json{}, Json::array()));
  EXPECT_THAT(client_ids(part(reply.json, "/" + alice.user().id().id)), ElementsAre(alice.id()));
}

// FED-45  Clients of users of several backends: each is asked once, and one that fails is left out.
TEST(Fed45, ClientsOfSeveralBackendsAreListed) {
  auto backend = Backend::under_test();
  const auto b = Peer::under_test("b");
  const auto c = Peer::under_test("c");
  const auto alice = backend.user("alice").device();
  const auto bob = b.user("bob").device();
  const auto bill = b.user("bill").device();
  const auto charlie = c.user("charlie").device();
  b.expects(rpc::get_user_clients);
  c.expects(rpc::get_user_clients, by_reset());

  const auto reply =
      alice.post("/users/list-clients",
                 {{"qualified_users",
                   {alice.user().id(), bob.user().id(), charlie.user().id(), bill.user().id()}}});

  EXPECT_THAT(reply, HasStatus(200));
  const auto of = [&](const QualifiedId& user) {
    return client_ids(part(reply.json, "/qualified_user_map/" + user.domain + "/" + user.id));
  };
  EXPECT_THAT(of(alice.user().id()), ElementsAre(alice.id()));
  EXPECT_THAT(of(bob.user().id()), ElementsAre(bob.id()));
  EXPECT_THAT(of(bill.user().id()), ElementsAre(bill.id()));
  EXPECT_THAT(of(charlie.user().id()), ElementsAre());
}

// FED-46  Prekeys of clients at several backends: each is asked once, for the clients of its users.
TEST(Fed46, PrekeysOfSeveralBackendsAreClaimed) {
  auto backend = Backend::under_test();
  const auto b = Peer::under_test("b");
  const auto alice = backend.user("alice").device();
  const auto ann = backend.user("ann").device();
  const auto bob = b.user("bob").device();
  const Address invented{bob.user().id(), "badc0ffee0ddf00d"};
  b.expects(rpc::claim_prekeys);

  const auto reply = alice.claim_prekeys({ann, bob, invented});

  EXPECT_THAT(reply, HasStatus(200));
  EXPECT_EQ(b.only(rpc::claim_prekeys).body,
            Json({{bob.user().id().id, {bob.id(), invented.client}}}));
  const auto prekey_of = [&](const Address& client) {
    return part(reply.json, "/qualified_user_client_prekeys/" + client.user.domain + "/" +
                                client.user.id + "/" + client.client);
  };
  EXPECT_TRUE(prekey_of(ann).is_object());
  EXPECT_TRUE(prekey_of(bob).is_object());
  EXPECT_TRUE(prekey_of(invented).is_null());
  EXPECT_THAT(part(reply.json, "/failed_to_list"), AnyOf(Json{}, Json::array()));
}

// FED-46  Users of a backend that fails are named, and the others' prekeys are there.
TEST(Fed46, UsersOfAFailingBackendAreNamed) {
  auto backend = Backend::under_test();
  const auto b = Peer::under_test("b");
  const auto c = Peer::under_test("c");
  const auto alice = backend.user("alice").device();
  const auto bob = b.user("bob").device();
  const auto charlie = c.user("charlie").device();
  b.expects(rpc::claim_prekeys);
  c.expects(rpc::claim_prekeys, with_error(500, "server-error"));

  const auto reply = alice.claim_prekeys({bob, charlie});

  EXPECT_THAT(reply, HasStatus(200));
  EXPECT_EQ(part(reply.json, "/failed_to_list"), Json::array({charlie.user().id()}));
  EXPECT_TRUE(part(reply.json, "/qualified_user_client_prekeys/" + b.domain() + "/" +
                                   bob.user().id().id + "/" + bob.id())
                  .is_object());
}

/// What a backend hands out of one user's client, whichever way it is asked.
void hands_out(const Peer& peer, const Address& client, const Json& prekey) {
  const auto& [user, id] = client;
  peer.allows(rpc::get_user_clients);
  peer.allows(rpc::claim_prekeys, with_json({{user.id, {{id, prekey}}}}));
  peer.allows(rpc::claim_prekey, with_json(prekey));
  peer.allows(rpc::claim_prekey_bundle,
              with_json({{"user", user.id}, {"clients", {{{"client", id}, {"prekey", prekey}}}}}));
}

// FED-46  Prekeys of one remote user, and of one client, are those that its backend hands out.
TEST(Fed46, PrekeysOfOneUserAreClaimed) {
  auto backend = Backend::under_test();
  const auto b = Peer::under_test("b");
  const auto alice = backend.user("alice");
  const auto bob = b.user("bob").device();
  const auto key = prekey(4);
  hands_out(b, bob, key);
  const auto path = "/users/" + b.domain() + "/" + bob.user().id().id + "/prekeys";

  const auto all = alice.get(path);
  const auto one = alice.get(path + "/" + bob.id());

  const Json expected = {{"client", bob.id()}, {"prekey", key}};
  EXPECT_THAT(all, HasStatus(200));
  EXPECT_EQ(all.json, (Json{{"user", bob.user().id().id}, {"clients", {expected}}}));
  EXPECT_THAT(one, HasStatus(200));
  EXPECT_EQ(one.json, expected);
}

// FED-46  If that backend fails, so do they.
TEST(Fed46, PrekeysOfOneUserOfAFailingBackendAreAFederationError) {
  auto backend = Backend::under_test();
  const auto b = Peer::under_test("b");
  const auto alice = backend.user("alice");
  const auto bob = b.user("bob").device();
  for (const auto& rpc :
       {rpc::get_user_clients, rpc::claim_prekeys, rpc::claim_prekey, rpc::claim_prekey_bundle}) {
    b.allows(rpc, by_reset());
  }
  const auto path = "/users/" + b.domain() + "/" + bob.user().id().id + "/prekeys";

  EXPECT_THAT(alice.get(path), IsFederationError(b.domain()));
  EXPECT_THAT(alice.get(path + "/" + bob.id()), IsFederationError(b.domain()));
}

// FED-71  A peer claims for one client, or for each of a user's: none is handed out twice.
TEST(Fed71, PrekeysAreClaimedOneByOne) {
  auto backend = Backend::under_test();
  const auto b = Peer::under_test("b");
  const auto alice = backend.user("alice").device({.prekeys = 2});
  const auto laptop = alice.user().device({.prekeys = 1});
  const auto& user = alice.user().id().id;
  const auto of_one = [&] {
    const auto reply = b.call(rpc::claim_prekey, {user, alice.id()});
    EXPECT_THAT(reply, HasStatus(200));
    return part(reply.json, "/id");
  };
  const auto of_all = [&] {
    const auto reply = b.call(rpc::claim_prekey_bundle, user);
    EXPECT_THAT(reply, HasStatus(200));
    EXPECT_EQ(part(reply.json, "/user"), user);
    std::map<std::string, Json> ids;
    for (const auto& each : part(reply.json, "/clients"))
      ids[part(each, "/client").get<std::string>()] = part(each, "/prekey/id");
    return ids;
  };

  const auto first = of_one();
  const auto second = of_all();
  const auto third = of_all();

  ASSERT_THAT(second, SizeIs(2));
  EXPECT_EQ((std::set<Json>{first, second.at(alice.id())}), (std::set<Json>{1, 2}));
  EXPECT_EQ(second.at(laptop.id()), 1);
  EXPECT_EQ(third, (std::map<std::string, Json>{{alice.id(), 65'535}, {laptop.id(), 65'535}}));
  EXPECT_EQ(of_one(), 65'535);
}

// FED-71  Unknown clients and users have none, and what names neither is refused.
TEST(Fed71, WhoIsNotKnownHasNoPrekeys) {
  auto backend = Backend::under_test();
  const auto b = Peer::under_test("b");
  const auto alice = backend.user("alice").device();
  const auto nobody = random_uuid();

  const auto of_client = b.call(rpc::claim_prekey, {alice.user().id().id, "badc0ffee0ddf00d"});
  const auto of_user = b.call(rpc::claim_prekey_bundle, nobody);

  EXPECT_THAT(of_client, HasStatus(200));
  EXPECT_EQ(of_client.body, "null");
  EXPECT_THAT(of_user, HasStatus(200));
  EXPECT_EQ(of_user.json, (Json{{"user", nobody}, {"clients", Json::array()}}));
  EXPECT_THAT(b.call(rpc::claim_prekey, {nobody, 7}), HasStatus(400));
  EXPECT_THAT(b.call(rpc::claim_prekey_bundle, "alice"), HasStatus(400));
}

// FED-47  A peer gets one prekey of each client, none twice but the last resort; so does who claims here.
TEST(Fed47, APrekeyIsHandedOutOnce) {
  auto backend = Backend::under_test();
  const auto b = Peer::under_test("b");
  const auto alice = backend.user("alice").device({.prekeys = 3});
  const auto ann = backend.user("ann").device();
  const auto& user = alice.user().id();
  const Json wanted = {{user.id, {alice.id(), "badc0ffee0ddf00d"}}};
  const auto claimed_by_peer = [&] {
    const auto reply = b.call(rpc::claim_prekeys, wanted);
    EXPECT_THAT(reply, HasStatus(200));
    EXPECT_TRUE(part(reply.json, "/" + user.id + "/badc0ffee0ddf00d").is_null());
    return part(reply.json, "/" + user.id + "/" + alice.id() + "/id");
  };
  const auto claimed_here = [&] {
    return part(ann.claim_prekeys({alice}).json, "/qualified_user_client_prekeys/" + user.domain +
                                                     "/" + user.id + "/" + alice.id() + "/id");
  };

  const std::set<Json> regular = {claimed_by_peer(), claimed_here(), claimed_by_peer()};

  EXPECT_EQ(regular, (std::set<Json>{1, 2, 3}));
  EXPECT_EQ(claimed_by_peer(), 65'535);
  EXPECT_EQ(claimed_by_peer(), 65'535);
}

// FED-48  A peer is shown the profiles of those that are known.
TEST(Fed48, APeerIsShownProfiles) {
  auto backend = Backend::under_test();
  const auto b = Peer::under_test("b");
  const auto alice = backend.user("alice");

  const auto reply = b.call(rpc::get_users_by_ids, {random_uuid(), alice.id().id});

  EXPECT_THAT(reply, HasStatus(200));
  ASSERT_EQ(reply.json.size(), 1u) << reply.body;
  EXPECT_EQ(part(reply.json, "/0/qualified_id"), Json(alice.id()));
  EXPECT_EQ(part(reply.json, "/0/name"), "alice");
  EXPECT_TRUE(part(reply.json, "/0/email").is_null());
}

// FED-48  Profiles of remote users are those that their backend shows.
TEST(Fed48, RemoteUsersAreShownByTheirBackend) {
  auto backend = Backend::under_test();
  const auto b = Peer::under_test("b");
  const auto alice = backend.user("alice");
  const auto bob = b.user("bob of b");

  const auto one = alice.get("/users/" + b.domain() + "/" + bob.id().id);
  const auto list = alice.post("/list-users", {{"qualified_ids", {bob.id(), alice.id()}}});

  EXPECT_THAT(one, HasStatus(200));
  EXPECT_EQ(part(one.json, "/name"), "bob of b");
  EXPECT_EQ(part(one.json, "/qualified_id"), Json(bob.id()));
  EXPECT_THAT(list, HasStatus(200));
  std::vector<Json> names;
  for (const auto& user : part(list.json, "/found")) names.push_back(part(user, "/name"));
  EXPECT_THAT(names, UnorderedElementsAre("bob of b", "alice"));
}

// FED-48  Those of a backend that fails are said to have failed; the others are shown.
TEST(Fed48, UsersOfAFailingBackendHaveFailed) {
  auto backend = Backend::under_test();
  const auto b = Peer::under_test("b");
  const auto alice = backend.user("alice");
  const auto bob = b.user("bob");
  b.allows(rpc::get_users_by_ids, by_reset());

  const auto one = alice.get("/users/" + b.domain() + "/" + bob.id().id);
  const auto list = alice.post("/list-users", {{"qualified_ids", {bob.id(), alice.id()}}});

  EXPECT_THAT(one, IsFederationError(b.domain()));
  if (list.status == 200) {
    EXPECT_EQ(part(list.json, "/failed"), Json::array({bob.id()}));
    EXPECT_EQ(part(list.json, "/found/0/qualified_id"), Json(alice.id()));
  } else {
    EXPECT_THAT(list, IsFederationError(b.domain()));
  }
}

}  // namespace
}  // namespace twostep::conformance

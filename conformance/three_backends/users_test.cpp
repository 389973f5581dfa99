#include <gmock/gmock.h>

#include <algorithm>
#include <functional>
#include <set>
#include <string>
#include <vector>

#include "conformance/conversations/connection.hpp"
#include "conformance/conversations/view.hpp"
#include "conformance/support/at_once.hpp"
#include "conformance/support/bytes.hpp"
#include "conformance/support/match.hpp"
#include "conformance/three_backends/rig.hpp"

namespace twostep::conformance {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using ::testing::UnorderedElementsAre;

const std::string connecting = rpc::send_connection_action;

std::string path_of(const QualifiedId& user) { return "/users/" + user.domain + "/" + user.id; }

// FED-49, FED-50  One asks, the other accepts: both see it, and can write to each other.
TEST(Fed50, TwoUsersOfTwoBackendsConnect) {
  Rig rig;
  for (const std::string asking : {"a", "b", "c"}) {
    for (const std::string asked : {"a", "b", "c"}) {
      if (asking == asked) continue;
      SCOPED_TRACE(asking + " asks " + asked);
      const auto one = rig.server(asking).device("one");
      const auto other = rig.server(asked).device("other");
      rig.forget();

      EXPECT_THAT(ask(one, other), HasStatus(201));
      EXPECT_EQ(status_of(one, other), "sent");
      EXPECT_EQ(status_of(other, one), "pending");
      EXPECT_THAT(update_connection(other, one, "accepted"), HasStatus(200));

      EXPECT_EQ(rig.calls(),
                sorted({asks(asking, asked, connecting), asks(asked, asking, connecting)}));
      EXPECT_EQ(status_of(one, other), "accepted");
      EXPECT_EQ(status_of(other, one), "accepted");
      EXPECT_THAT(statuses_found_by(one), ElementsAre("sent", "accepted"));
      EXPECT_THAT(statuses_found_by(other), ElementsAre("pending", "accepted"));
      const auto chat = conversation_between(one, other);
      EXPECT_EQ(conversation_between(other, one).id, chat.id);
      EXPECT_EQ(part(view_of(other, chat), "/type"), 2);
      EXPECT_THAT(one.send(chat, {{other, "to the other"}}), Acknowledged());
      EXPECT_THAT(other.send(chat, {{one, "to one"}}), Acknowledged());
      EXPECT_THAT(one.catch_up().bodies(), ElementsAre("to one"));
      EXPECT_THAT(other.catch_up().bodies(), ElementsAre("to the other"));
    }
  }
}

// FED-50  Both ask at the same time: they are connected all the same, and agree in which conversation.
TEST(Fed50, TwoUsersWhoAskEachOtherAtOnceAreConnected) {
  const Rig rig;
  const auto one = rig.cast.a.device("one");
  const auto other = rig.cast.b.device("other");

  at_once({[&] { ask(one, other); }, [&] { ask(other, one); }});

  EXPECT_EQ(status_of(one, other), "accepted");
  EXPECT_EQ(status_of(other, one), "accepted");
  EXPECT_EQ(conversation_between(one, other).id, conversation_between(other, one).id);
}

// FED-49  Who takes a request back, or blocks, is out of the other's reach.
TEST(Fed49, ARequestIsTakenBackAndAConnectionBlocked) {
  const Rig rig;
  const auto& alice = rig.cast.alice;
  const auto one = rig.cast.b.device("one");
  must_ask(alice, one);
  EXPECT_THAT(update_connection(alice, one, "cancelled"), HasStatus(200));
  EXPECT_EQ(status_of(alice, one), "cancelled");
  EXPECT_EQ(status_of(one, alice), "cancelled");

  EXPECT_THAT(update_connection(rig.cast.bob, alice, "blocked"), HasStatus(200));
  EXPECT_EQ(status_of(rig.cast.bob, alice), "blocked");
  EXPECT_EQ(status_of(alice, rig.cast.bob), "accepted");
}

// FED-51, FED-52, FED-05  Nobody, a backend that fails, and one that is none of ours: there is no connection.
TEST(Fed52, WithoutTheOtherBackendsWordThereIsNoConnection) {
  Rig rig;
  const auto& alice = rig.cast.alice;
  const auto nobody = "/connections/b.example/" + random_uuid();
  const auto elsewhere = "/connections/d.example/" + random_uuid();
  const auto bill = rig.cast.b.device("bill");

  EXPECT_THAT(alice.user().post(nobody), IsError(400, "invalid-user"));
  EXPECT_THAT(alice.get(nobody), HasStatus(404));
  EXPECT_THAT(alice.user().post(elsewhere), IsError(400, "federation-denied"));
  for (const auto& answering : {by_reset(), with_error(500, "server-error")}) {
    rig.before_b.answers(connecting, answering);
    EXPECT_THAT(ask(alice, bill), IsFederationError("b.example"));
    EXPECT_THAT(read_connection(alice, bill), HasStatus(404));
    EXPECT_EQ(status_of(bill, alice), "none");
  }
}

// FED-44, FED-45  The clients of users of all backends, one call to each; one that fails is left out.
TEST(Fed45, ClientsOfUsersOfAllBackendsAreListed) {
  Rig rig;
  const auto& cast = rig.cast;
  const Json wanted = {{"qualified_users",
                        {cast.alice.user().id(), cast.bob.user().id(), cast.charlie.user().id(),
                         cast.chris.user().id()}}};
  const auto clients = [](const Reply& reply, const User& user) {
    std::vector<std::string> ids;
    const auto& [id, domain] = user.id();
    for (const auto& client : part(reply.json, "/qualified_user_map/" + domain + "/" + id))
      ids.push_back(part(client, "/id").get<std::string>());
    return ids;
  };
  for (const std::string caller : {"a", "b", "c"}) {
    SCOPED_TRACE("asked by a user of " + caller);
    rig.forget();

    const auto reply = rig.sender_at(caller).post("/users/list-clients", wanted);

    EXPECT_THAT(clients(reply, cast.alice),
                UnorderedElementsAre(cast.alice.id(), cast.tablet_of_alice.id()));
    EXPECT_THAT(clients(reply, cast.bob), ElementsAre(cast.bob.id()));
    EXPECT_THAT(clients(reply, cast.charlie),
                UnorderedElementsAre(cast.charlie.id(), cast.tablet_of_charlie.id()));
    EXPECT_THAT(clients(reply, cast.chris), ElementsAre(cast.chris.id()));
    Calls expected;
    for (const std::string other : {"a", "b", "c"})
      if (other != caller) expected.push_back(asks(caller, other, rpc::get_user_clients));
    EXPECT_EQ(rig.calls(), expected);
  }
  rig.before_c.answers(rpc::get_user_clients, by_hanging_up());
  const auto reply = cast.alice.post("/users/list-clients", wanted);
  EXPECT_THAT(reply, HasStatus(200));
  EXPECT_THAT(clients(reply, cast.charlie), IsEmpty());
  EXPECT_THAT(clients(reply, cast.bob), SizeIs(1));
}

// FED-46, FED-47  Claimed from three backends at once, each is handed out once, but for the last resort.
TEST(Fed47, PrekeysAreHandedOutOnceToAllBackends) {
  Rig rig;
  const auto& cast = rig.cast;
  const auto prekeys = [&](const Device& device) {
    const auto key = [&](const Reply& reply) {
      const auto& [user, client] = device.address();
      return part(reply.json, "/qualified_user_client_prekeys/" + user.domain + "/" + user.id +
                                  "/" + client + "/id");
    };
    std::vector<Json> claimed(3);
    at_once({[&] { claimed[0] = key(cast.alice.claim_prekeys({device})); },
             [&] { claimed[1] = key(cast.bob.claim_prekeys({device})); },
             [&] { claimed[2] = key(cast.charlie.claim_prekeys({device})); }});
    std::ranges::sort(claimed);
    return claimed;
  };

  EXPECT_THAT(prekeys(cast.bob), ElementsAre(1, 2, 3));
  EXPECT_THAT(prekeys(cast.bob), ElementsAre(65'535, 65'535, 65'535));

  const auto one = cast.alice.get(path_of(cast.chris.user().id()) + "/prekeys");
  EXPECT_EQ(part(one.json, "/clients/0/client"), cast.chris.id());
  rig.before_b.answers(rpc::claim_prekeys, by_hanging_up());
  const auto some = cast.alice.claim_prekeys({cast.bob, cast.chris});
  EXPECT_THAT(some, HasStatus(200));
  EXPECT_EQ(part(some.json, "/failed_to_list"), Json::array({cast.bob.user().id()}));
}

// FED-48, FED-08  Profiles of users of all backends, whatever the case in which a domain is written.
TEST(Fed48, UsersOfAllBackendsAreShown) {
  Rig rig;
  const auto& cast = rig.cast;
  const auto& bob = cast.bob.user().id();
  const Json wanted = {{"qualified_ids", {bob, cast.charlie.user().id(), cast.ann.user().id()}}};

  const auto list = cast.alice.post("/list-users", wanted);

  std::vector<Json> names;
  for (const auto& user : part(list.json, "/found")) names.push_back(part(user, "/name"));
  EXPECT_THAT(names, UnorderedElementsAre("bob", "charlie", "ann"));
  EXPECT_EQ(part(cast.charlie.get(path_of(bob)).json, "/name"), "bob");
  EXPECT_EQ(part(cast.charlie.get(path_of({bob.id, "B.Example"})).json, "/qualified_id"),
            Json(bob));
  EXPECT_THAT(cast.charlie.get(path_of({random_uuid(), "b.example"})), HasStatus(404));
  rig.before_b.answers(rpc::get_users_by_ids, by_hanging_up());
  EXPECT_THAT(cast.charlie.get(path_of(bob)), IsFederationError("b.example"));
}

// FED-26, FED-31  Messages of three owners in one inbox: each device's own ciphertext, in ascending order.
TEST(Fed31, AnInboxIsInOrderWhoeverOwnsItsConversations) {
  const Rig rig;
  const auto& cast = rig.cast;
  for (int n = 0; n < 3; ++n) {
    for (const auto& chat : {cast.at_a, cast.at_b, cast.at_c}) {
      auto recipients = cast.to_all(cast.alice, "");
      for (auto& recipient : recipients) recipient.body = "for " + recipient.to.client;
      EXPECT_THAT(cast.alice.send(chat, recipients), Acknowledged());
    }
  }
  for (const auto& device : {cast.tablet_of_alice, cast.bob, cast.charlie, cast.chris}) {
    const auto found = device.catch_up();
    EXPECT_EQ(found.bodies(), std::vector<std::string>(9, "for " + device.id()));
    for (const auto& message : found.messages()) {
      EXPECT_EQ(message.from, cast.alice.user().id().id);
      EXPECT_EQ(message.sender, cast.alice.id());
    }
  }
}

// FED-27, FED-70  A transient message reaches sockets at every backend and no inbox; typing those of the
//                 same backend.
TEST(Fed27, WhatIsTransientReachesSocketsAlone) {
  Rig rig;
  const auto& cast = rig.cast;
  auto socket_of_bob = cast.b.open_socket(cast.bob);
  auto socket_of_chris = cast.c.open_socket(cast.chris);
  rig.forget();

  EXPECT_THAT(cast.charlie.post(cast.at_a.path() + "/typing", {{"status", "started"}}),
              HasStatus(200));
  EXPECT_TRUE(socket_of_chris.wait_for_event("conversation.typing"));
  EXPECT_THAT(rig.calls(), IsEmpty());

  const Inboxes inboxes{cast};
  EXPECT_THAT(cast.charlie.send(cast.at_a, cast.to_all(cast.charlie, "now"), {.transient = true}),
              Acknowledged());
  EXPECT_TRUE(socket_of_bob.receives("now"));
  EXPECT_TRUE(socket_of_chris.receives("now"));
  for (const auto& device : cast.all)
    EXPECT_THAT(inboxes.since(device), IsEmpty()) << device.name();
  EXPECT_THAT(socket_of_bob.seen().events("conversation.typing"), IsEmpty());
}

}  // namespace
}  // namespace twostep::conformance

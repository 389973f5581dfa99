#include "impl/service/connections.hpp"

#include <gmock/gmock.h>

#include "impl/service/neighbours.hpp"
#include "impl/store/connections.hpp"

namespace twostep::service {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

struct ConnectionTest : testing::Test {
  Neighbours neighbours;
  Backend& backend = neighbours.world.backend;
  Caller alice = neighbours.user("alice");
  Caller ann = neighbours.user("ann");

  Result<std::optional<Connection>> update(const Caller& from, const Caller& to, Relation wanted) {
    return run(update_connection(backend, from, neighbours.name_of(to), wanted));
  }

  std::vector<std::string_view> both_sides() {
    return {neighbours.seen(alice, ann), neighbours.seen(ann, alice)};
  }

  ConversationView conversation_of(const Caller& from, const Caller& to) {
    const auto connection = run(find_connection(backend, from, neighbours.name_of(to))).value();
    return run(find_conversation(backend, from, connection->conversation)).value();
  }
};

struct Cnv01 : ConnectionTest {};
struct Cnv02 : ConnectionTest {};
struct Cnv03 : ConnectionTest {};
struct Cnv04 : ConnectionTest {};
struct Cnv05 : ConnectionTest {};
struct Cnv06 : ConnectionTest {};
struct Cnv07 : ConnectionTest {};
struct Cnv08 : ConnectionTest {};
struct Cnv09 : ConnectionTest {};
struct Cnv10 : ConnectionTest {};
struct Cnv11 : ConnectionTest {};

TEST_F(Cnv01, AskingIsSentHereAndPendingThere) {
  const auto asked = neighbours.ask(alice, ann);

  EXPECT_TRUE(asked.created);
  EXPECT_EQ(asked.connection.to, neighbours.name_of(ann));
  EXPECT_THAT(both_sides(), ElementsAre("sent", "pending"));
}

TEST_F(Cnv01, TheConversationOfARequestHasTheAskerAlone) {
  neighbours.ask(alice, ann);

  const auto view = conversation_of(alice, ann);
  EXPECT_EQ(view.conversation.type, ConversationType::connect);
  EXPECT_EQ(view.members.size(), 1U);
  EXPECT_EQ(run(find_conversation(backend, ann, view.conversation.id)).error().reason,
            Reason::access_denied);
}

TEST_F(Cnv02, AskingAgainTellsNobody) {
  neighbours.ask(alice, ann);
  neighbours.news(alice);
  neighbours.news(ann);

  const auto again = neighbours.ask(alice, ann);

  EXPECT_FALSE(again.created);
  EXPECT_EQ(again.connection.status, Relation::sent);
  EXPECT_THAT(neighbours.news(alice), IsEmpty());
  EXPECT_THAT(neighbours.news(ann), IsEmpty());
}

TEST_F(Cnv03, AcceptingAndAskingInTurnLeadToTheSame) {
  neighbours.ask(alice, ann);
  update(ann, alice, Relation::accepted).value();
  EXPECT_THAT(both_sides(), ElementsAre("accepted", "accepted"));

  const auto adam = neighbours.user("adam");
  neighbours.ask(adam, ann);
  neighbours.ask(ann, adam);
  EXPECT_EQ(neighbours.seen(adam, ann), "accepted");
  EXPECT_EQ(neighbours.seen(ann, adam), "accepted");
}

TEST_F(Cnv04, AnAcceptedConnectionIsAConversationOfBoth) {
  const auto asked = neighbours.ask(alice, ann);
  neighbours.ask(ann, alice);

  const auto view = conversation_of(ann, alice);
  EXPECT_EQ(view.conversation.id, asked.connection.conversation);
  EXPECT_EQ(view.conversation.type, ConversationType::one_to_one);
  EXPECT_THAT(neighbours.members(alice, view.conversation.id),
              UnorderedElementsAre(neighbours.name_of(alice), neighbours.name_of(ann)));
}

TEST_F(Cnv05, BothAreToldOfARequestAsTheySeeIt) {
  neighbours.ask(alice, ann);

  const auto event = neighbours.news(ann).at(0);
  EXPECT_EQ(event["type"], "user.connection");
  EXPECT_EQ(event["connection"]["status"], "pending");
  EXPECT_EQ(event["connection"]["from"], ann.user.text());
  EXPECT_EQ(event["connection"]["qualified_to"]["id"], alice.user.text());
  EXPECT_EQ(event["user"]["name"], "alice");
  EXPECT_THAT(neighbours.news_types(alice), ElementsAre("user.connection", "conversation.create"));
}

TEST_F(Cnv05, BothAreToldOfTheAnswerAndOfTheNewMember) {
  neighbours.ask(alice, ann);
  neighbours.news(alice);
  neighbours.news(ann);

  neighbours.ask(ann, alice);

  const std::vector<std::string> told{"user.connection", "conversation.member-join"};
  EXPECT_EQ(neighbours.news_types(alice), told);
  EXPECT_EQ(neighbours.news_types(ann), told);
}

TEST_F(Cnv05, OnlyTheActingConnectionIsLeftOut) {
  neighbours.ask(alice, ann);

  for (const auto& doorbell : neighbours.world.sockets.doorbells) {
    EXPECT_EQ(doorbell.origin, alice.connection);
  }
}

TEST_F(Cnv06, NobodyAsksThemselvesOrSomebodyWhoIsNot) {
  const QualifiedUser nobody{backend.domain, UserId{backend.entropy.uuid()}};
  for (const auto& to : {neighbours.name_of(alice), nobody}) {
    const auto asked = run(ask_for_connection(backend, alice, to));
    ASSERT_FALSE(asked);
    EXPECT_EQ(asked.error().reason, Reason::invalid_user);
  }
}

TEST_F(Cnv07, ABlockEndsTheBlockersMembershipAndUnblockingRestoresIt) {
  neighbours.connect(alice, ann);
  const auto id = conversation_of(alice, ann).conversation.id;

  update(ann, alice, Relation::blocked).value();
  EXPECT_THAT(both_sides(), ElementsAre("accepted", "blocked"));
  EXPECT_THAT(neighbours.members(alice, id), ElementsAre(neighbours.name_of(alice)));

  update(ann, alice, Relation::accepted).value();
  EXPECT_THAT(both_sides(), ElementsAre("accepted", "accepted"));
  EXPECT_EQ(neighbours.members(alice, id).size(), 2U);
}

TEST_F(Cnv07, ARequestThatWasTakenBackCanBeMadeAgain) {
  neighbours.ask(alice, ann);
  const auto id = conversation_of(alice, ann).conversation.id;

  update(alice, ann, Relation::cancelled).value();
  EXPECT_THAT(both_sides(), ElementsAre("cancelled", "cancelled"));

  neighbours.ask(alice, ann);
  EXPECT_THAT(both_sides(), ElementsAre("sent", "pending"));
  neighbours.ask(ann, alice);
  EXPECT_EQ(conversation_of(ann, alice).conversation.id, id);
}

TEST_F(Cnv08, AnUpdateToWhatIsSoTellsNobody) {
  neighbours.connect(alice, ann);
  neighbours.news(alice);

  EXPECT_EQ(update(ann, alice, Relation::accepted).value(), std::nullopt);
  EXPECT_THAT(neighbours.news(alice), IsEmpty());
}

TEST_F(Cnv08, AnUpdateThatIsNotPossibleIsRefused) {
  neighbours.ask(alice, ann);

  EXPECT_EQ(update(alice, ann, Relation::accepted).error().reason, Reason::bad_connection_update);
  EXPECT_THAT(both_sides(), ElementsAre("sent", "pending"));
}

TEST_F(Cnv09, WhatDoesNotExistIsNotUpdatedIntoBeing) {
  EXPECT_EQ(update(alice, ann, Relation::accepted).error().reason, Reason::not_connected);
  EXPECT_THAT(both_sides(), ElementsAre("", ""));
}

TEST_F(Cnv10, WhoIsIgnoredOrBlockedCannotTell) {
  neighbours.ask(alice, ann);
  neighbours.news(alice);

  update(ann, alice, Relation::ignored).value();
  update(ann, alice, Relation::blocked).value();

  EXPECT_EQ(neighbours.seen(alice, ann), "sent");
  EXPECT_THAT(neighbours.news(alice), IsEmpty());
}

TEST_F(Cnv10, WhoIsBlockedAsksAgainAndTheBlockerDoesNotNotice) {
  neighbours.ask(alice, ann);
  update(ann, alice, Relation::blocked).value();
  neighbours.news(ann);

  update(alice, ann, Relation::cancelled).value();
  neighbours.ask(alice, ann);

  EXPECT_THAT(both_sides(), ElementsAre("sent", "blocked"));
  EXPECT_THAT(neighbours.news(ann), IsEmpty());
  update(ann, alice, Relation::accepted).value();
  EXPECT_THAT(both_sides(), ElementsAre("accepted", "accepted"));
}

TEST_F(Cnv11, TheListGoesOnWhereItEnded) {
  std::vector<QualifiedUser> asked;
  for (const auto* name : {"ann", "adam", "ada"}) {
    const auto user = neighbours.user(name);
    neighbours.ask(alice, user);
    asked.push_back(neighbours.name_of(user));
  }

  std::vector<QualifiedUser> listed;
  wire::ListConnections list{.size = 1, .after = {}};
  for (bool more = true; more;) {
    const auto page = run(list_connections(backend, alice, list)).value();
    ASSERT_EQ(page.connections.size(), 1U);
    listed.push_back(page.connections.front().to);
    list.after = listed.back();
    more = page.has_more;
  }
  EXPECT_THAT(listed, testing::UnorderedElementsAreArray(asked));
}

TEST_F(ConnectionTest, TheLimitCountsWhatTheUserWants) {
  store::testing::write(neighbours.store, [&](store::Transaction& transaction) {
    for (std::size_t i = 0; i < twostep::limits::connections_max; ++i) {
      store::put_connection(
          transaction, {.from = alice.user,
                        .to = {backend.domain, UserId{backend.entropy.uuid()}},
                        .status = i % 2 == 0 ? Relation::sent : Relation::accepted,
                        .last_update = backend.clock.now(),
                        .conversation = {backend.domain, ConversationId{backend.entropy.uuid()}}});
    }
  }).value();

  const auto asked = run(ask_for_connection(backend, alice, neighbours.name_of(ann)));

  ASSERT_FALSE(asked);
  EXPECT_EQ(asked.error().reason, Reason::connection_limit);
  EXPECT_THAT(neighbours.news(ann), IsEmpty());
}

}  // namespace
}  // namespace twostep::service

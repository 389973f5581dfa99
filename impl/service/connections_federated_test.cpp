#include "impl/service/connections.hpp"
#include "impl/service/connections_elsewhere.hpp"
#include "impl/service/conversations.hpp"
#include "impl/service/three_backends.hpp"

namespace twostep::service {
namespace {

using namespace federation;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

Result<AskedConnection> ask(ThreeBackends& world, const QualifiedUser& from,
                            const QualifiedUser& to) {
  return run(
      ask_for_connection(world.world_of(from.domain).backend, ThreeBackends::caller(from), to));
}

Result<std::optional<Connection>> update(ThreeBackends& world, const QualifiedUser& from,
                                         const QualifiedUser& to, Relation wanted) {
  return run(update_connection(world.world_of(from.domain).backend, ThreeBackends::caller(from), to,
                               wanted));
}

std::optional<Connection> row(ThreeBackends& world, const QualifiedUser& from,
                              const QualifiedUser& to) {
  return run(find_connection(world.world_of(from.domain).backend, ThreeBackends::caller(from), to))
      .value();
}

TEST(Fed49, AskingIsSentHereAndPendingThere) {
  ThreeBackends world;
  const auto asked = ask(world, alice, bob).value();
  EXPECT_TRUE(asked.created);
  EXPECT_EQ(asked.connection.status, Relation::sent);
  EXPECT_EQ(row(world, bob, alice)->status, Relation::pending);
  EXPECT_THAT(world.event_types_of(alice), ElementsAre("user.connection"));
  EXPECT_THAT(world.event_types_of(bob), ElementsAre("user.connection"));
  EXPECT_THAT(world.asked_by_a(), ElementsAre("b.example send-connection-action"));
  EXPECT_FALSE(ask(world, alice, bob)->created);
  EXPECT_THAT(world.asked_by_a(), IsEmpty());
}

// The values are those of any implementation of the rule (specs/09).
TEST(Fed50, BothBackendsFindTheSameName) {
  const auto user = [](const char* domain, const char* id) {
    return QualifiedUser{Domain::parse(domain).value(), UserId::parse(id).value()};
  };
  const auto conversation = [](const char* domain, const char* id) {
    return QualifiedConversation{Domain::parse(domain).value(), ConversationId::parse(id).value()};
  };
  const auto one = user("a.example", "00000000-0000-4000-8000-000000000001");
  const auto even = user("b.example", "00000000-0000-4000-8000-000000000004");
  const auto odd = user("b.example", "00000000-0000-4000-8000-000000000005");
  const auto at_a = conversation("a.example", "2033525e-7122-472b-8b25-23b2d642389e");
  const auto at_b = conversation("b.example", "326e0592-3d5e-4d5e-b8f0-3a733a7614c8");
  EXPECT_EQ(one_to_one_of(one, even), at_a);
  EXPECT_EQ(one_to_one_of(even, one), at_a);
  EXPECT_EQ(one_to_one_of(odd, one), at_b);
}

// The hash gives the conversation to one of the two; both have to do.
TEST(Fed50, BothSeeOneConversationInWhichBothCanSend) {
  for (const auto& [one, other] :
       {std::pair{alice, bob}, std::pair{ann, bob}, std::pair{alice, chris}, std::pair{ann, chris},
        std::pair{bob, charlie}}) {
    ThreeBackends world;
    ASSERT_TRUE(ask(world, one, other));
    ASSERT_TRUE(update(world, other, one, Relation::accepted).value());
    const auto conversation = row(world, one, other)->conversation;
    EXPECT_EQ(row(world, other, one)->conversation, conversation);
    for (const auto& [me, them] : {std::pair{one, other}, std::pair{other, one}}) {
      EXPECT_EQ(row(world, me, them)->status, Relation::accepted);
      auto& backend = world.world_of(me.domain).backend;
      const auto view =
          run(find_conversation(backend, ThreeBackends::caller(me), conversation)).value();
      EXPECT_EQ(view.conversation.type, ConversationType::one_to_one);
      EXPECT_EQ(view.members.size(), 2u);
    }
  }
}

TEST(Fed50, AskingInTurnAcceptsToo) {
  ThreeBackends world;
  ASSERT_TRUE(ask(world, alice, bob));
  EXPECT_EQ(ask(world, bob, alice)->connection.status, Relation::accepted);
  EXPECT_EQ(row(world, alice, bob)->status, Relation::accepted);
}

TEST(Fed50, BlockingIsNotToldAndTakingBackIs) {
  ThreeBackends world;
  ASSERT_TRUE(ask(world, alice, bob));
  ASSERT_TRUE(update(world, bob, alice, Relation::blocked));
  EXPECT_EQ(row(world, alice, bob)->status, Relation::sent);
  EXPECT_THAT(world.at_b.peers.made(), IsEmpty());

  ASSERT_TRUE(ask(world, alice, chris));
  ASSERT_TRUE(update(world, alice, chris, Relation::cancelled));
  EXPECT_EQ(row(world, chris, alice)->status, Relation::cancelled);
  EXPECT_EQ(update(world, alice, chris, Relation::accepted).error().reason,
            Reason::bad_connection_update);
}

TEST(Fed51, WhoDoesNotExistCannotBeAsked) {
  ThreeBackends world;
  const QualifiedUser nobody{b, *UserId::parse("57000000-0000-4000-8000-000000000009")};
  EXPECT_EQ(ask(world, alice, nobody).error().reason, Reason::invalid_user);
  EXPECT_FALSE(row(world, alice, nobody));
}

TEST(Fed51, WhoAsksIsAUserOfWhoCalls) {
  ThreeBackends world;
  const auto body = wire::encode_peer_wish({.from = alice.id, .to = bob.id, .wish = Wish::connect});
  world.call(world.at_b, c, "brig", "send-connection-action", body);
  EXPECT_FALSE(row(world, bob, alice));
  EXPECT_TRUE(row(world, bob, {c, alice.id}));
}

TEST(Fed52, WhoseBackendIsDownCannotBeAsked) {
  ThreeBackends world;
  world.at_a.peers.answers.insert_or_assign("b.example send-connection-action",
                                            PeerFailure::unreachable);
  EXPECT_EQ(ask(world, alice, bob).error().reason, Reason::federation_connection_refused);
  EXPECT_FALSE(row(world, alice, bob));
  EXPECT_THAT(world.events_of(alice), IsEmpty());
}

}  // namespace
}  // namespace twostep::service

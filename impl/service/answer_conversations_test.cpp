#include "impl/service/three_backends.hpp"
#include "impl/wire/peer_conversations.hpp"

namespace twostep::service {
namespace {

using namespace federation;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

const auto noon = Instant{std::chrono::sys_days{std::chrono::year{2025} / 6 / 1}};
const QualifiedConversation tea{a, *ConversationId::parse("7ea00000-0000-4000-8000-00000000000a")};
const QualifiedUser carol{c, *UserId::parse("ca401000-0000-4000-8000-000000000007")};

PeerAnswer created_at_c(ThreeBackends& world, const std::vector<QualifiedUser>& users) {
  wire::PeerConversation told{.time = noon,
                              .conversation = {.id = tea, .creator = alice.id, .access = {}},
                              .members = {{.user = alice}}};
  for (const auto& user : users) told.members.push_back({.user = user});
  return world.call(world.at_c, a, "galley", "on-conversation-created",
                    wire::encode_conversation_created(told));
}

PeerAnswer updated_at_c(ThreeBackends& world, ConversationAction action,
                        const std::vector<UserId>& present, const Domain& origin = a,
                        Instant time = noon) {
  const wire::PeerUpdate told{.time = time,
                              .by = alice,
                              .conversation = talk.id,
                              .present = present,
                              .action = std::move(action)};
  return world.call(world.at_c, origin, "galley", "on-conversation-updated",
                    wire::encode_conversation_updated(told));
}

bool is_member(ThreeBackends& world, const QualifiedConversation& conversation,
               const QualifiedUser& user) {
  bool found = false;
  store::testing::read(world.world_of(user.domain).backend.store, [&](const store::Reader& reader) {
    found = store::is_member(reader, conversation, user);
  }).value();
  return found;
}

TEST(Fed55, WhoIsNotConnectedToTheCreatorIsPassedOver) {
  ThreeBackends world;
  world.connect(alice, chris);
  const auto answer = created_at_c(world, {bob, charlie, chris});
  EXPECT_EQ(answer.status, 200);
  EXPECT_THAT(answer.remark, HasSubstr("1 users"));
  EXPECT_THAT(world.event_types_of(chris), ElementsAre("conversation.create"));
  EXPECT_THAT(world.events_of(charlie), IsEmpty());
  EXPECT_TRUE(is_member(world, tea, chris));
  EXPECT_FALSE(is_member(world, tea, charlie));
}

TEST(Fed55, WhoIsToldOnceMoreStaysAMemberAndHearsItOnce) {
  ThreeBackends world;
  world.connect(alice, chris);
  created_at_c(world, {chris});
  EXPECT_EQ(created_at_c(world, {chris}).status, 200);
  EXPECT_THAT(world.event_types_of(chris), ElementsAre("conversation.create"));
  EXPECT_TRUE(is_member(world, tea, chris));
}

TEST(Fed55, WhoIsNotConnectedToWhoAddsIsPassedOver) {
  ThreeBackends world;
  world.add(world.at_c, carol, {});
  const auto answer = updated_at_c(world, MembersJoined{{carol}}, {charlie.id});
  EXPECT_EQ(answer.status, 200);
  EXPECT_FALSE(is_member(world, talk, carol));
  EXPECT_THAT(world.events_of(carol), IsEmpty());
  EXPECT_THAT(world.events_of(charlie), IsEmpty());  // Nothing has happened.
}

TEST(Fed56, MembersAndThoseWhoJoinAreTold) {
  ThreeBackends world;
  world.add(world.at_c, carol, {});
  world.connect(alice, carol);
  updated_at_c(world, MembersJoined{{carol, bob}, Role::member}, {charlie.id});
  EXPECT_TRUE(is_member(world, talk, carol));
  for (const auto& user : {charlie, carol}) {
    const auto events = world.events_of(user);
    ASSERT_EQ(events.size(), 1u);
    EXPECT_EQ(events[0]["data"]["users"].size(), 2u);
    EXPECT_EQ(events[0]["data"]["users"][0]["conversation_role"], "wire_member");
  }
  EXPECT_THAT(world.events_of(chris), IsEmpty());  // Not said to be present.
}

TEST(Fed56, WhoJoinsAgainIsToldAlsoIfTheWordOfItsLeaveWasLost) {
  ThreeBackends world;
  ASSERT_TRUE(is_member(world, talk, charlie));
  updated_at_c(world, MembersJoined{{charlie}}, {chris.id});
  for (const auto& user : {charlie, chris})
    EXPECT_THAT(world.event_types_of(user), ElementsAre("conversation.member-join"));
}

TEST(Fed58, WhoIsRemovedIsToldAndIsNoMemberAnyMore) {
  ThreeBackends world;
  updated_at_c(world, MembersGone{{charlie}}, {charlie.id, chris.id});
  for (const auto& user : {charlie, chris})
    EXPECT_THAT(world.event_types_of(user), ElementsAre("conversation.member-leave"));
  EXPECT_FALSE(is_member(world, talk, charlie));
  EXPECT_TRUE(is_member(world, talk, chris));
}

TEST(Fed60, AnUpdateIsOfAConversationOfWhoCalls) {
  ThreeBackends world;
  const auto answer = updated_at_c(world, MembersGone{{charlie}}, {charlie.id, chris.id}, b);
  EXPECT_EQ(answer.status, 200);
  EXPECT_TRUE(is_member(world, talk, charlie));
  EXPECT_THAT(world.events_of(charlie), IsEmpty());
}

TEST(Fed60, WhoIsSaidToBePresentAndIsNotIsNotTold) {
  ThreeBackends world;
  world.add(world.at_c, carol, {});
  updated_at_c(world, Renamed{"tea"}, {carol.id, charlie.id, charlie.id});
  EXPECT_THAT(world.events_of(carol), IsEmpty());
  EXPECT_THAT(world.event_types_of(charlie), ElementsAre("conversation.rename"));
}

TEST(Fed61, ALeaverIsAUserOfWhoCalls) {
  ThreeBackends world;
  const auto leave = [&](const QualifiedUser& user, const Domain& origin,
                         const QualifiedConversation& conversation = talk) {
    return world
        .call(world.at_a, origin, "galley", "leave-conversation",
              wire::encode_peer_leave({.conversation = conversation.id, .leaver = user.id}))
        .body;
  };
  EXPECT_THAT(leave(bob, c), HasSubstr("Unchanged"));
  EXPECT_THAT(leave(bob, b, tea), HasSubstr("NotFound"));
  EXPECT_EQ(leave(bob, b), R"({"Right":[]})");
  EXPECT_THAT(leave(bob, b), HasSubstr("Unchanged"));
}

TEST(Fed65, ConversationsAreShownToTheirMembersAlone) {
  ThreeBackends world;
  const auto shown = [&](const QualifiedUser& user, const Domain& origin) {
    const auto answer = world.call(
        world.at_a, origin, "galley", "get-conversations",
        wire::encode_conversation_query({.user = user.id, .conversations = {talk.id, tea.id}}));
    return wire::parse_object(answer.body).value().at("convs").size();
  };
  EXPECT_EQ(shown(charlie, c), 1u);
  EXPECT_EQ(shown(carol, c), 0u);
  EXPECT_EQ(shown(charlie, b), 0u);
}

TEST(Fed69, ALeaveThatWasOvertakenByAJoinIsPassedOver) {
  ThreeBackends world;
  const auto later = noon + std::chrono::milliseconds{2};
  updated_at_c(world, MembersJoined{{charlie}}, {chris.id}, a, later);
  const auto told = world.events_of(chris).size();
  const auto answer = updated_at_c(world, MembersGone{{charlie}}, {charlie.id, chris.id}, a,
                                   later - std::chrono::milliseconds{1});
  EXPECT_THAT(answer.remark, HasSubstr("joined again"));
  EXPECT_TRUE(is_member(world, talk, charlie));
  EXPECT_EQ(world.events_of(chris).size(), told);

  updated_at_c(world, MembersGone{{charlie}}, {charlie.id, chris.id}, a, later);
  EXPECT_FALSE(is_member(world, talk, charlie));
}

}  // namespace
}  // namespace twostep::service

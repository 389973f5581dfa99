#include "impl/service/members.hpp"

#include <gmock/gmock.h>

#include "impl/service/neighbours.hpp"

namespace twostep::service {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::Not;

struct MemberTest : testing::Test {
  MemberTest() {
    neighbours.connect(alice, ann);
    neighbours.connect(alice, adam);
    group = neighbours.create(alice, {ann}, Role::member);
    for (const auto& each : {alice, ann, adam}) neighbours.news(each);
  }

  Result<Happened> change(const Caller& by, const Caller& who, Role role) {
    return run(change_role(backend, by, group, neighbours.name_of(who), role));
  }

  Neighbours neighbours;
  Backend& backend = neighbours.world.backend;
  Caller alice = neighbours.user("alice");
  Caller ann = neighbours.user("ann");
  Caller adam = neighbours.user("adam");
  Caller ada = neighbours.user("ada");  // Knows nobody.
  QualifiedConversation group{backend.domain, {}};
};

struct Cnv20 : MemberTest {};
struct Cnv21 : MemberTest {};
struct Cnv22 : MemberTest {};
struct Cnv23 : MemberTest {};
struct Cnv24 : MemberTest {};
struct Cnv25 : MemberTest {};
struct Cnv26 : MemberTest {};
struct Cnv27 : MemberTest {};
struct Cnv28 : MemberTest {};

TEST_F(Cnv20, OldAndNewMembersAreTold) {
  const auto joined = neighbours.add(alice, group, {adam}).value();

  ASSERT_TRUE(joined);
  for (const auto& member : {alice, ann, adam}) {
    EXPECT_THAT(neighbours.news(member), ElementsAre(nlohmann::json::parse(*joined)));
  }
  EXPECT_EQ(neighbours.members(adam, group).size(), 3U);
}

TEST_F(Cnv20, OnlyTheActingConnectionIsLeftOut) {
  auto& doorbells = neighbours.world.sockets.doorbells;
  doorbells.clear();

  neighbours.add(alice, group, {adam}).value();

  EXPECT_EQ(doorbells.size(), 3U);
  for (const auto& doorbell : doorbells) EXPECT_EQ(doorbell.origin, alice.connection);
}

TEST_F(Cnv21, AddingAMemberAgainChangesNothing) {
  EXPECT_EQ(neighbours.add(alice, group, {ann}).value(), std::nullopt);
  EXPECT_THAT(neighbours.news(ann), IsEmpty());
}

TEST_F(Cnv21, AMemberIsPassedOverEvenIfNoLongerConnected) {
  run(update_connection(backend, ann, neighbours.name_of(alice), Relation::blocked)).value();

  EXPECT_EQ(neighbours.add(alice, group, {ann}).value(), std::nullopt);
}

TEST_F(Cnv22, WhoMayNotAddChangesNothing) {
  EXPECT_EQ(neighbours.add(adam, group, {adam}).error().reason, Reason::no_conversation);
  EXPECT_EQ(neighbours.add(alice, group, {adam, ada}).error().reason, Reason::not_connected);
  EXPECT_EQ(neighbours.add(ann, group, {adam}).error().reason, Reason::action_denied);

  EXPECT_EQ(neighbours.members(alice, group).size(), 2U);
  EXPECT_THAT(neighbours.news(adam), IsEmpty());
}

TEST_F(Cnv23, TheRoleIsTheOneThatWasGiven) {
  neighbours.add(alice, group, {adam}, Role::admin).value();

  for (const auto& member : run(find_conversation(backend, alice, group)).value().members) {
    EXPECT_EQ(member.role, member.user.id == ann.user ? Role::member : Role::admin);
  }
}

TEST_F(Cnv24, AllAndTheRemovedOneAreTold) {
  const auto left = neighbours.remove(alice, group, ann).value();

  ASSERT_TRUE(left);
  EXPECT_EQ(nlohmann::json::parse(*left)["data"]["reason"], "removed");
  for (const auto& member : {alice, ann}) {
    EXPECT_THAT(neighbours.news(member), ElementsAre(nlohmann::json::parse(*left)));
  }
  EXPECT_EQ(neighbours.remove(alice, group, ann).value(), std::nullopt);
}

TEST_F(Cnv25, EverybodyMayLeaveAndNotEverybodyMayRemove) {
  EXPECT_EQ(neighbours.remove(ann, group, alice).error().reason, Reason::action_denied);

  const auto left = neighbours.remove(ann, group, ann).value();
  EXPECT_EQ(nlohmann::json::parse(left.value())["data"]["reason"], "left");
  EXPECT_EQ(neighbours.remove(ann, group, ann).error().reason, Reason::no_conversation);
}

TEST_F(Cnv26, WhoIsGoneHearsNothingMoreUntilAddedAgain) {
  neighbours.remove(alice, group, ann).value();
  neighbours.news(ann);

  run(rename_conversation(backend, alice, group, "tea")).value();
  EXPECT_THAT(neighbours.news(ann), IsEmpty());
  EXPECT_EQ(run(find_conversation(backend, ann, group)).error().reason, Reason::access_denied);

  neighbours.add(alice, group, {ann}).value();
  EXPECT_THAT(neighbours.news(ann), Not(IsEmpty()));
  EXPECT_TRUE(run(find_conversation(backend, ann, group)));
}

TEST_F(Cnv27, OnlyGroupsGainOrLoseMembers) {
  const auto connection = neighbours.ask(alice, ann).connection;
  const auto self = self_conversation_of(neighbours.name_of(alice));

  for (const auto& id : {connection.conversation, self}) {
    EXPECT_EQ(neighbours.add(alice, id, {adam}).error().reason, Reason::invalid_op);
    EXPECT_EQ(neighbours.remove(alice, id, ann).error().reason, Reason::invalid_op);
    EXPECT_EQ(neighbours.remove(alice, id, alice).error().reason, Reason::invalid_op);
  }
}

TEST_F(Cnv28, TypingIsShownToTheOthersAndStoredNowhere) {
  ASSERT_TRUE(run(tell_typing(backend, alice, group, wire::Typing::started)));

  const auto& shown = neighbours.world.sockets.transients;
  ASSERT_EQ(shown.size(), 1U);
  EXPECT_EQ(shown.front().user, ann.user);
  const auto frame = nlohmann::json::parse(shown.front().frame);
  EXPECT_EQ(frame["transient"], true);
  EXPECT_EQ(frame["payload"][0]["type"], "conversation.typing");
  EXPECT_EQ(frame["payload"][0]["data"]["status"], "started");
  EXPECT_THAT(neighbours.news(ann), IsEmpty());

  EXPECT_EQ(run(tell_typing(backend, adam, group, wire::Typing::started)).error().reason,
            Reason::no_conversation);
}

TEST_F(MemberTest, ARoleIsChangedByAnAdminAndToldToAll) {
  const auto changed = change(alice, ann, Role::admin).value();

  ASSERT_TRUE(changed);
  const auto event = nlohmann::json::parse(*changed);
  EXPECT_EQ(event["type"], "conversation.member-update");
  EXPECT_EQ(event["data"]["qualified_target"]["id"], ann.user.text());
  EXPECT_EQ(event["data"]["conversation_role"], "wire_admin");
  for (const auto& member : {alice, ann}) {
    EXPECT_THAT(neighbours.news(member), ElementsAre(event));
  }
  EXPECT_TRUE(neighbours.add(ann, group, {alice}));  // She may, now.
}

TEST_F(MemberTest, NobodyChangesTheirOwnRole) {
  EXPECT_EQ(change(ann, ann, Role::admin).error().reason, Reason::invalid_op);
  EXPECT_EQ(change(ann, alice, Role::member).error().reason, Reason::action_denied);
  EXPECT_EQ(change(alice, adam, Role::member).error().reason, Reason::no_conversation);
}

TEST_F(MemberTest, OnesOwnStateIsToldToOnesOwnClientsAlone) {
  ASSERT_TRUE(run(change_own_state(backend, ann, group, {.archived = true})));
  ASSERT_TRUE(run(change_own_state(backend, ann, group, {.archived_ref = "now"})));

  const auto kept = run(find_conversation(backend, ann, group)).value().own_state;
  EXPECT_EQ(kept, (OwnState{.archived = true, .archived_ref = "now"}));
  const auto events = neighbours.news(ann);
  ASSERT_EQ(events.size(), 2U);
  EXPECT_EQ(events[0]["data"]["otr_archived"], true);
  EXPECT_FALSE(events[0]["data"].contains("otr_archived_ref"));
  EXPECT_THAT(neighbours.news(alice), IsEmpty());
}

}  // namespace
}  // namespace twostep::service

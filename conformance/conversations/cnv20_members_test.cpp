#include "conformance/conversations/connection.hpp"
#include "conformance/conversations/view.hpp"
#include "conformance/support/backend.hpp"
#include "conformance/support/match.hpp"

namespace twostep::conformance {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Pair;
using ::testing::SizeIs;
using ::testing::UnorderedElementsAre;

std::vector<Json> join_events(const Device& device, const Conversation& chat) {
  auto events = device.catch_up().events("conversation.member-join");
  std::erase_if(events, [&](const Json& event) {  // Connections have conversations as well.
    return part(event, "/qualified_conversation") != Json(chat.id);
  });
  return events;
}

Json body_of(const std::vector<User>& users) {
  auto ids = Json::array();
  for (const auto& user : users) ids.push_back(user.id());
  return {{"qualified_users", ids}};
}

// CNV-20  The answer to adding a user is the event that all old and new members find.
TEST(Cnv20, AllOldAndNewMembersAreTold) {
  auto backend = Backend::under_test();
  auto alice = backend.user("alice").device();
  auto bob = backend.user("bob").device();
  auto carol = backend.user("carol").device();
  auto chat = conversation_of({alice, bob});
  connect(alice, carol);

  const auto reply = add_members(alice, chat, {carol});

  EXPECT_THAT(reply, HasStatus(200));
  EXPECT_EQ(part(reply.json, "/type"), "conversation.member-join");
  EXPECT_THAT(ids_in(part(reply.json, "/data/users")), ElementsAre(carol.user().id()));
  for (const auto& member : {alice, bob, carol}) {
    SCOPED_TRACE(member.name());
    const auto found = join_events(member, chat);
    ASSERT_THAT(found, SizeIs(1));
    EXPECT_EQ(part(found.front(), "/qualified_from"), Json(alice.user().id()));
    EXPECT_THAT(ids_in(part(found.front(), "/data/users")), ElementsAre(carol.user().id()));
  }
}

// CNV-20  New members are members from then on: they read, send, and are sent to.
TEST(Cnv20, WhoWasAddedIsAMember) {
  auto backend = Backend::under_test();
  auto alice = backend.user("alice").device();
  auto bob = backend.user("bob").device();
  auto carol = backend.user("carol").device();
  auto chat = conversation_of({alice, bob});
  connect(alice, carol);

  const auto reply = add_members(alice, chat, {carol});

  EXPECT_THAT(reply, HasStatus(200));
  const auto view = read(carol, chat);
  EXPECT_EQ(self_in(view.json), carol.user().id());
  EXPECT_THAT(others_in(view.json), UnorderedElementsAre(alice.user().id(), bob.user().id()));
  EXPECT_THAT(carol.send(chat, to_each({alice, bob}, "from carol")), Acknowledged());
  EXPECT_THAT(bob.send(chat, {{alice, "from bob"}}), RefusedForMissing({carol}));
  EXPECT_THAT(bob.send(chat, to_each({alice, carol}, "from bob")), Acknowledged());
  EXPECT_THAT(carol.catch_up().bodies(), ElementsAre("from bob"));
}

// CNV-21  Adding who is a member already is answered 204, and nobody is told. Somebody who is added
//         afterwards is the first that anybody is told of.
TEST(Cnv21, AddingAMemberAgainIsNoNews) {
  auto backend = Backend::under_test();
  auto alice = backend.user("alice").device();
  auto bob = backend.user("bob").device();
  auto carol = backend.user("carol");
  auto chat = conversation_of({alice, bob});
  connect(alice, carol);

  const auto reply = add_members(alice, chat, {bob});
  require_setup(add_members(alice, chat, {carol}), {200}, "adding carol");

  EXPECT_THAT(reply, HasStatus(204));
  for (const auto& member : {alice, bob}) {
    SCOPED_TRACE(member.name());
    const auto found = join_events(member, chat);
    ASSERT_THAT(found, SizeIs(1));
    EXPECT_THAT(ids_in(part(found.front(), "/data/users")), ElementsAre(carol.id()));
  }
}

// CNV-22  A caller who is not a member is answered as if there were no conversation.
TEST(Cnv22, AStrangerAddsNobody) {
  auto backend = Backend::under_test();
  auto alice = backend.user("alice");
  auto stranger = backend.user("stranger");
  auto friend_of_stranger = backend.user("friend");
  auto chat = conversation_of({alice});
  connect(stranger, friend_of_stranger);

  const auto reply = add_members(stranger, chat, {friend_of_stranger});

  EXPECT_THAT(reply, IsError(404, "no-conversation"));
  EXPECT_THAT(others_in(view_of(alice, chat)), IsEmpty());
}

// CNV-22  Users who are not connected to the caller are not added, nor is anybody with them.
TEST(Cnv22, UnconnectedUsersAreNotAdded) {
  auto backend = Backend::under_test();
  auto alice = backend.user("alice");
  auto bob = backend.user("bob");
  auto carol = backend.user("carol");
  auto chat = conversation_of({alice});
  connect(alice, bob);

  const auto reply = add_members(alice, chat, {bob, carol});

  EXPECT_THAT(reply, IsError(403, "not-connected"));
  EXPECT_THAT(others_in(view_of(alice, chat)), IsEmpty());
}

// CNV-22  A `wire_member` adds nobody.
TEST(Cnv22, AMemberWithoutTheRightAddsNobody) {
  auto backend = Backend::under_test();
  auto alice = backend.user("alice");
  auto bob = backend.user("bob");
  auto carol = backend.user("carol");
  connect(alice, bob);
  connect(bob, carol);
  const auto created = create_conversation(alice, {bob}, {{"conversation_role", "wire_member"}});
  require_setup(created, {201}, "creating a conversation");
  const auto chat = conversation_in(created);

  const auto reply = add_members(bob, chat, {carol});

  EXPECT_THAT(reply, IsError(403, "action-denied"));
  EXPECT_THAT(others_in(view_of(alice, chat)), ElementsAre(bob.id()));
}

// CNV-23  Who is invited or added without a role is a `wire_admin`.
TEST(Cnv23, WithoutARoleEverybodyIsAnAdmin) {
  auto backend = Backend::under_test();
  auto alice = backend.user("alice");
  auto bob = backend.user("bob");
  auto carol = backend.user("carol");
  connect(alice, bob);
  connect(alice, carol);

  const auto created = alice.post("/conversations", body_of({bob}));
  require_setup(created, {201}, "creating a conversation");
  const auto chat = conversation_in(created);
  require_setup(alice.post(chat.path() + "/members", body_of({carol})), {200}, "adding carol");

  EXPECT_THAT(roles_in(view_of(alice, chat)),
              UnorderedElementsAre(Pair(alice.id(), "wire_admin"), Pair(bob.id(), "wire_admin"),
                                   Pair(carol.id(), "wire_admin")));
}

// CNV-23  With `wire_member` the invited or added are that. The creator is an admin all the same.
TEST(Cnv23, WhoIsInvitedAsAMemberIsAMember) {
  auto backend = Backend::under_test();
  auto alice = backend.user("alice");
  auto bob = backend.user("bob");
  auto carol = backend.user("carol");
  connect(alice, bob);
  connect(alice, carol);

  const auto created = create_conversation(alice, {bob}, {{"conversation_role", "wire_member"}});
  require_setup(created, {201}, "creating a conversation");
  const auto chat = conversation_in(created);
  require_setup(add_members(alice, chat, {carol}), {200}, "adding carol");

  EXPECT_THAT(roles_in(view_of(alice, chat)),
              UnorderedElementsAre(Pair(alice.id(), "wire_admin"), Pair(bob.id(), "wire_member"),
                                   Pair(carol.id(), "wire_member")));
}

}  // namespace
}  // namespace twostep::conformance

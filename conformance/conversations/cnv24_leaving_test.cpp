#include "conformance/conversations/connection.hpp"
#include "conformance/conversations/view.hpp"
#include "conformance/support/backend.hpp"
#include "conformance/support/match.hpp"
#include "conformance/support/outcome.hpp"

namespace twostep::conformance {
namespace {

using ::testing::AnyOf;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

/// Who left, in each event about leaving that the device finds.
std::vector<std::vector<QualifiedId>> leavers_found_by(const Device& device) {
  std::vector<std::vector<QualifiedId>> leavers;
  for (const auto& event : device.catch_up().events("conversation.member-leave")) {
    leavers.push_back(ids_in(part(event, "/data/qualified_user_ids")));
  }
  return leavers;
}

// CNV-24  The answer to removing a member is the event that all members and the removed user find.
TEST(Cnv24, AllMembersAndTheRemovedUserAreTold) {
  auto backend = Backend::under_test();
  auto alice = backend.user("alice").device();
  auto bob = backend.user("bob").device();
  auto carol = backend.user("carol").device();
  auto chat = conversation_of({alice, bob, carol});

  const auto reply = remove_member(alice, chat, bob);

  EXPECT_THAT(reply, HasStatus(200));
  EXPECT_EQ(part(reply.json, "/type"), "conversation.member-leave");
  EXPECT_THAT(ids_in(part(reply.json, "/data/qualified_user_ids")), ElementsAre(bob.user().id()));
  for (const auto& device : {alice, bob, carol}) {
    EXPECT_THAT(leavers_found_by(device), ElementsAre(ElementsAre(bob.user().id())))
        << device.name();
  }
  EXPECT_THAT(others_in(view_of(alice, chat)), ElementsAre(carol.user().id()));
}

// CNV-24  Removing the same user again is answered 204, and nobody is told. Carol's removal is the
//         next that anybody is told of.
TEST(Cnv24, RemovingAgainIsNoNews) {
  auto backend = Backend::under_test();
  auto alice = backend.user("alice").device();
  auto bob = backend.user("bob");
  auto carol = backend.user("carol");
  auto chat = conversation_of({alice, bob, carol});
  require_setup(remove_member(alice, chat, bob), {200}, "removing bob");

  const auto reply = remove_member(alice, chat, bob);
  require_setup(remove_member(alice, chat, carol), {200}, "removing carol");

  EXPECT_THAT(reply, HasStatus(204));
  EXPECT_THAT(leavers_found_by(alice), ElementsAre(ElementsAre(bob.id()), ElementsAre(carol.id())));
}

// CNV-25  Everybody may leave, whatever their role; but a `wire_member` removes nobody else.
TEST(Cnv25, AMemberMayLeaveButNotRemoveOthers) {
  auto backend = Backend::under_test();
  auto alice = backend.user("alice");
  auto bob = backend.user("bob");
  auto carol = backend.user("carol");
  connect(alice, bob);
  connect(alice, carol);
  const auto created =
      create_conversation(alice, {bob, carol}, {{"conversation_role", "wire_member"}});
  require_setup(created, {201}, "creating a conversation");
  const auto chat = conversation_in(created);

  const auto removing = remove_member(bob, chat, carol);
  EXPECT_THAT(removing, IsError(403, "action-denied"));
  EXPECT_THAT(others_in(view_of(alice, chat)), UnorderedElementsAre(bob.id(), carol.id()));

  const auto leaving = remove_member(bob, chat, bob);
  EXPECT_THAT(leaving, HasStatus(200));
  EXPECT_THAT(others_in(view_of(alice, chat)), ElementsAre(carol.id()));
}

// CNV-25  An admin may leave as well, even if they created the conversation.
TEST(Cnv25, AnAdminMayLeave) {
  auto backend = Backend::under_test();
  auto alice = backend.user("alice");
  auto bob = backend.user("bob");
  auto chat = conversation_of({alice, bob});

  const auto reply = remove_member(alice, chat, alice);

  EXPECT_THAT(reply, HasStatus(200));
  EXPECT_THAT(others_in(view_of(bob, chat)), IsEmpty());
}

/// Everything that a member can do, tried by somebody who is none any more.
void expect_nothing_left(const Device& former, const Conversation& chat, const Device& member) {
  EXPECT_THAT(read(former, chat),
              AnyOf(IsError(403, "access-denied"), IsError(404, "no-conversation")));
  EXPECT_THAT(former.send(chat, {{member, "from outside"}}), IsError(404, "no-conversation"));
  EXPECT_THAT(add_members(former, chat, {former}), IsError(404, "no-conversation"));
  EXPECT_THAT(remove_member(former, chat, member), HasStatus(AnyOf(403, 404)));
  EXPECT_THAT(others_in(view_of(member, chat)), IsEmpty());
}

// CNV-26  To who was removed the conversation is closed: they neither read it, nor send, nor change
//         it, nor find later events.
//
// What is sent in another conversation afterwards is the fence.
TEST(Cnv26, ToTheRemovedNothingIsLeft) {
  auto backend = Backend::under_test();
  auto alice = backend.user("alice").device();
  auto bob = backend.user("bob").device();
  auto chat = conversation_of({alice, bob});
  auto elsewhere = conversation_of({alice, bob});
  require_setup(remove_member(alice, chat, bob), {200}, "removing bob");

  expect_nothing_left(bob, chat, alice);
  alice.must_send(chat, {{bob, "later"}}, {.strategy = ignore_all()});
  alice.must_send(elsewhere, {{bob, "fence"}});
  EXPECT_THAT(bob.catch_up().bodies(), ElementsAre("fence"));
  EXPECT_THAT(alice.catch_up().bodies(), IsEmpty());
}

// CNV-26  The same holds for who has left, also for events that are no messages.
TEST(Cnv26, ToWhoHasLeftNothingIsLeft) {
  auto backend = Backend::under_test();
  auto alice = backend.user("alice").device();
  auto bob = backend.user("bob").device();
  auto carol = backend.user("carol");
  auto chat = conversation_of({alice, bob});
  auto elsewhere = conversation_of({alice, bob});
  connect(alice, carol);
  require_setup(remove_member(bob, chat, bob), {200}, "leaving");

  expect_nothing_left(bob, chat, alice);
  require_setup(add_members(alice, chat, {carol}), {200}, "adding carol");
  alice.must_send(elsewhere, {{bob, "fence"}});
  const auto found = bob.catch_up();
  EXPECT_THAT(found.bodies(), ElementsAre("fence"));
  for (const auto& event : found.events("conversation.member-join")) {
    EXPECT_NE(part(event, "/qualified_conversation"), Json(chat.id)) << event;
  }
}

// CNV-26  Added again, all of this is possible again.
TEST(Cnv26, AddedAgainEverythingIsPossible) {
  auto backend = Backend::under_test();
  auto alice = backend.user("alice").device();
  auto bob = backend.user("bob").device();
  auto chat = conversation_of({alice, bob});
  require_setup(remove_member(alice, chat, bob), {200}, "removing bob");

  const auto again = alice.post(chat.path() + "/members", {{"qualified_users", {bob.user().id()}}});

  EXPECT_THAT(again, HasStatus(200));
  EXPECT_EQ(self_in(read(bob, chat).json), bob.user().id());
  EXPECT_THAT(bob.send(chat, {{alice, "here again"}}), Acknowledged());
  EXPECT_THAT(alice.send(chat, {{bob, "welcome"}}), Acknowledged());
  EXPECT_THAT(alice.catch_up().bodies(), ElementsAre("here again"));
  EXPECT_THAT(bob.catch_up().bodies(), ElementsAre("welcome"));
  EXPECT_THAT(remove_member(bob, chat, alice), HasStatus(200));
}

// CNV-27  The conversation of a connection has the two and nobody else.
TEST(Cnv27, NobodyIsAddedToTheConversationOfAConnection) {
  auto backend = Backend::under_test();
  auto alice = backend.user("alice");
  auto bob = backend.user("bob");
  auto carol = backend.user("carol");
  connect(alice, bob);
  connect(alice, carol);
  const auto chat = conversation_between(alice, bob);

  const auto reply = add_members(alice, chat, {carol});

  EXPECT_THAT(reply, IsError(403, "invalid-op"));
  EXPECT_THAT(others_in(view_of(alice, chat)), ElementsAre(bob.id()));
}

// CNV-27  Nor is anybody removed from it.
TEST(Cnv27, NobodyIsRemovedFromTheConversationOfAConnection) {
  auto backend = Backend::under_test();
  auto alice = backend.user("alice");
  auto bob = backend.user("bob");
  connect(alice, bob);
  const auto chat = conversation_between(alice, bob);

  const auto reply = remove_member(alice, chat, bob);

  EXPECT_THAT(reply, IsError(403, "invalid-op"));
  EXPECT_THAT(others_in(view_of(alice, chat)), ElementsAre(bob.id()));
}

}  // namespace
}  // namespace twostep::conformance

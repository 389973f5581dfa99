#include "conformance/conversations/view.hpp"
#include "conformance/federation_m1/faults.hpp"
#include "conformance/federation_m1/told.hpp"

namespace twostep::conformance {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;
using ::testing::UnorderedElementsAre;

Reply add(const User& actor, const Conversation& chat, const std::vector<QualifiedId>& users) {
  return actor.post(chat.path() + "/members",
                    {{"qualified_users", users}, {"conversation_role", "wire_member"}});
}

Reply remove(const User& actor, const Conversation& chat, const QualifiedId& user) {
  return actor.del(chat.path() + "/members/" + user.domain + "/" + user.id);
}

// FED-56  Each involved backend receives one update when somebody joins: the one that was there, and the
//         one that comes with the new member.
TEST(Fed56, EachInvolvedBackendIsToldWhoJoins) {
  auto backend = Backend::under_test();
  const auto b = Peer::under_test("b");
  const auto c = Peer::under_test("c");
  const auto alice = backend.user("alice").device();
  const auto ann = backend.user("ann").device();
  const auto bob = b.user("bob");
  const auto charlie = c.user("charlie");
  connect(alice, charlie);
  const auto chat = conversation_with(alice, {bob}, {ann});
  b.expects(rpc::on_conversation_updated);
  c.expects(rpc::on_conversation_updated);

  EXPECT_THAT(add(alice, chat, {charlie.id()}), HasStatus(200));

  for (const auto& peer : {b, c}) {
    const auto action = only_update(peer, chat, alice.user().id(), "ConversationJoinTag");
    EXPECT_EQ(part(action, "/users"), Json::array({charlie.id()}));
    EXPECT_EQ(part(action, "/role"), "wire_member");
  }
  EXPECT_EQ(part(b.only(rpc::on_conversation_updated).body, "/alreadyPresentUsers"),
            Json::array({bob.id().id}));
  EXPECT_THAT(events_about(ann, chat, "conversation.member-join"), SizeIs(1));
  EXPECT_THAT(others_in(read(alice, chat).json),
              UnorderedElementsAre(ann.user().id(), bob.id(), charlie.id()));
}

// FED-56  Also when a local user joins.
TEST(Fed56, EachInvolvedBackendIsToldOfALocalUser) {
  auto backend = Backend::under_test();
  const auto b = Peer::under_test("b");
  const auto alice = backend.user("alice").device();
  const auto ann = backend.user("ann").device();
  connect(alice, ann);
  const auto chat = conversation_with(alice, {b.user("bob")});
  b.expects(rpc::on_conversation_updated);

  EXPECT_THAT(add(alice, chat, {ann.user().id()}), HasStatus(200));

  const auto action = only_update(b, chat, alice.user().id(), "ConversationJoinTag");
  EXPECT_EQ(part(action, "/users"), Json::array({ann.user().id()}));
}

// FED-56  Of a peer's conversation: who is there and who joins find the event; the new one is a member.
TEST(Fed56, MembersOfAPeersConversationFindWhoJoins) {
  auto backend = Backend::under_test();
  const auto b = Peer::under_test("b");
  const auto alice = backend.user("alice").device();
  const auto ann = backend.user("ann").device();
  const auto bob = b.user("bob").device();
  const auto chat = conversation_at(bob, {alice});
  connect(ann, bob);

  const auto reply =
      tell_change(bob, chat, {alice}, "ConversationJoinTag", joining({ann.user().id()}));

  EXPECT_THAT(reply, HasStatus(200));
  for (const auto& member : {alice, ann}) {
    const auto events = events_about(member, chat, "conversation.member-join");
    ASSERT_THAT(events, SizeIs(1)) << member.name();
    EXPECT_EQ(part(events.front(), "/qualified_from"), Json(bob.user().id()));
    EXPECT_THAT(ids_in(part(events.front(), "/data/users")), ElementsAre(ann.user().id()));
  }
  EXPECT_THAT(conversation_ids(ann, all_conversations), Contains(chat.id));
  must_tell(bob, chat, {{ann, "hello"}});
  EXPECT_THAT(ann.catch_up().bodies(), ElementsAre("hello"));
}

// FED-56  Also if the new one is of another backend.
TEST(Fed56, MembersOfAPeersConversationFindARemoteUserWhoJoins) {
  auto backend = Backend::under_test();
  const auto b = Peer::under_test("b");
  const auto c = Peer::under_test("c");
  const auto alice = backend.user("alice").device();
  const auto bob = b.user("bob");
  const auto charlie = c.user("charlie");
  const auto chat = conversation_at(bob, {alice});

  tell_change(bob, chat, {alice}, "ConversationJoinTag", joining({charlie.id()}));

  const auto events = events_about(alice, chat, "conversation.member-join");
  ASSERT_THAT(events, SizeIs(1));
  EXPECT_THAT(ids_in(part(events.front(), "/data/users")), ElementsAre(charlie.id()));
}

// FED-57  A user of a failing backend cannot be added: the members are as before.
TEST(Fed57, AUserOfAFailingBackendIsNotAdded) {
  auto backend = Backend::under_test();
  const auto b = Peer::under_test("b");
  const auto c = Peer::under_test("c");
  const auto alice = backend.user("alice").device();
  const auto ann = backend.user("ann").device();
  const auto bob = b.user("bob");
  const auto charlie = c.user("charlie");
  connect(alice, charlie);
  const auto chat = conversation_with(alice, {bob}, {ann});
  b.allows(rpc::on_conversation_updated);
  for (const auto& rpc : {rpc::api_version, rpc::on_conversation_updated}) {
    c.allows(rpc, with_error(500, "server-error"));
  }

  EXPECT_THAT(add(alice, chat, {charlie.id()}), IsRefusedBecauseOf(c));

  EXPECT_THAT(others_in(read(alice, chat).json), UnorderedElementsAre(ann.user().id(), bob.id()));
  EXPECT_THAT(events_about(ann, chat, "conversation.member-join"), IsEmpty());
}

// FED-57  A local user can be added while a peer is down.
TEST(Fed57, ALocalUserIsAddedThoughAPeerIsDown) {
  auto backend = Backend::under_test();
  const auto b = Peer::under_test("b");
  const auto alice = backend.user("alice").device();
  const auto ann = backend.user("ann").device();
  connect(alice, ann);
  const auto chat = conversation_with(alice, {b.user("bob")});
  for (const auto& rpc : {rpc::api_version, rpc::on_conversation_updated})
    b.allows(rpc, by_reset());

  EXPECT_THAT(add(alice, chat, {ann.user().id()}), HasStatus(200));

  EXPECT_THAT(others_in(read(alice, chat).json), Contains(ann.user().id()));
}

// FED-58  When a remote member is removed, its backend and the others receive one update each.
TEST(Fed58, EachBackendIsToldWhoIsRemoved) {
  auto backend = Backend::under_test();
  const auto b = Peer::under_test("b");
  const auto c = Peer::under_test("c");
  const auto alice = backend.user("alice").device();
  const auto bob = b.user("bob").device();
  const auto charlie = c.user("charlie").device();
  const auto chat = conversation_with(alice, {bob, charlie});
  b.expects(rpc::on_conversation_updated);
  c.expects(rpc::on_conversation_updated);

  EXPECT_THAT(remove(alice, chat, bob.user().id()), HasStatus(200));

  for (const auto& peer : {b, c}) {
    const auto action = only_update(peer, chat, alice.user().id(), "ConversationRemoveMembersTag");
    EXPECT_EQ(part(action, "/targets"), Json::array({bob.user().id()}));
  }
  c.expects(rpc::get_user_clients);
  c.expects(rpc::on_message_sent);
  EXPECT_THAT(alice.send(chat, {{charlie, "without bob"}}), Acknowledged());
}

// FED-58  When a local member leaves, the others' backends receive one update.
TEST(Fed58, EachBackendIsToldWhoLeaves) {
  auto backend = Backend::under_test();
  const auto b = Peer::under_test("b");
  const auto alice = backend.user("alice").device();
  const auto ann = backend.user("ann").device();
  const auto chat = conversation_with(alice, {b.user("bob")}, {ann});
  b.expects(rpc::on_conversation_updated);

  EXPECT_THAT(remove(ann, chat, ann.user().id()), HasStatus(200));

  only_update(b, chat, ann.user().id(), "ConversationLeaveTag");
  EXPECT_THAT(others_in(read(alice, chat).json), Not(Contains(ann.user().id())));
}

// FED-58  Name, timer and receipt mode: one update to each backend, and the event to its members here.
TEST(Fed58, EachBackendIsToldOfANewNameTimerAndReceiptMode) {
  auto backend = Backend::under_test();
  const auto alice = backend.user("alice").device();
  const auto ann = backend.user("ann").device();
  struct Change {
    std::string path, event, tag;
    Json body;
  };
  const std::vector<Change> changes = {
      {"/name", "conversation.rename", "ConversationRenameTag", {{"name", "renamed"}}},
      {"/message-timer",
       "conversation.message-timer-update",
       "ConversationMessageTimerUpdateTag",
       {{"message_timer", 1000}}},
      {"/receipt-mode",
       "conversation.receipt-mode-update",
       "ConversationReceiptModeUpdateTag",
       {{"receipt_mode", 1}}},
  };
  for (const auto& [path, event, tag, body] : changes) {
    SCOPED_TRACE(path);
    const auto b = Peer::under_test("b");
    const auto chat = conversation_with(alice, {b.user("bob")}, {ann});
    b.expects(rpc::on_conversation_updated);

    EXPECT_THAT(alice.user().put(chat.path() + path, body), HasStatus(200));

    EXPECT_EQ(only_update(b, chat, alice.user().id(), tag), body);
    EXPECT_THAT(events_about(ann, chat, event), SizeIs(1));
  }
}

// FED-58  A new role, of a remote member: each backend receives one update, and the event is found here.
TEST(Fed58, EachBackendIsToldOfANewRole) {
  auto backend = Backend::under_test();
  const auto b = Peer::under_test("b");
  const auto c = Peer::under_test("c");
  const auto alice = backend.user("alice").device();
  const auto ann = backend.user("ann").device();
  const auto bob = b.user("bob");
  const auto chat = conversation_with(alice, {bob, c.user("charlie")}, {ann});
  b.expects(rpc::on_conversation_updated);
  c.expects(rpc::on_conversation_updated);
  const Json role = {{"conversation_role", "wire_member"}};

  const auto reply =
      alice.user().put(chat.path() + "/members/" + b.domain() + "/" + bob.id().id, role);

  EXPECT_THAT(reply, HasStatus(200));
  for (const auto& peer : {b, c}) {
    const auto action = only_update(peer, chat, alice.user().id(), "ConversationMemberUpdateTag");
    EXPECT_EQ(part(action, "/target"), Json(bob.id()));
    EXPECT_EQ(part(action, "/update/conversation_role"), "wire_member");
  }
  const auto events = events_about(ann, chat, "conversation.member-update");
  ASSERT_THAT(events, SizeIs(1));
  EXPECT_EQ(part(events.front(), "/data/qualified_target"), Json(bob.id()));
  EXPECT_EQ(part(events.front(), "/data/conversation_role"), "wire_member");
  EXPECT_EQ(roles_in(view_of(alice, chat))[bob.id()], "wire_member");
}

// FED-58  Members of a peer's conversation find whose role is new: one of theirs, or somebody elsewhere.
TEST(Fed58, MembersOfAPeersConversationFindANewRole) {
  auto backend = Backend::under_test();
  const auto b = Peer::under_test("b");
  const auto alice = backend.user("alice").device();
  const auto ann = backend.user("ann").device();
  const auto bob = b.user("bob");
  const auto brenda = b.user("brenda");
  const auto chat = conversation_at(bob, {alice, ann}, {brenda});

  for (const auto& target : {alice.user().id(), brenda.id()}) {
    const Json action = {{"target", target}, {"update", {{"conversation_role", "wire_admin"}}}};
    EXPECT_THAT(tell_change(bob, chat, {alice, ann}, "ConversationMemberUpdateTag", action),
                HasStatus(200));
  }

  for (const auto& member : {alice, ann}) {
    const auto events = events_about(member, chat, "conversation.member-update");
    ASSERT_THAT(events, SizeIs(2)) << member.name();
    EXPECT_EQ(part(events[0], "/data/qualified_target"), Json(alice.user().id()));
    EXPECT_EQ(part(events[1], "/data/qualified_target"), Json(brenda.id()));
    EXPECT_EQ(part(events[1], "/data/conversation_role"), "wire_admin");
  }
}

// FED-58  Members of a peer's conversation find each of these events.
TEST(Fed58, MembersOfAPeersConversationFindChanges) {
  auto backend = Backend::under_test();
  const auto b = Peer::under_test("b");
  const auto alice = backend.user("alice").device();
  const auto bob = b.user("bob");
  const auto chat = conversation_at(bob, {alice});

  for (const auto& [tag, action] :
       {std::pair{"ConversationRenameTag", Json{{"name", "renamed"}}},
        {"ConversationMessageTimerUpdateTag", Json{{"message_timer", 1000}}},
        {"ConversationReceiptModeUpdateTag", Json{{"receipt_mode", 1}}}}) {
    EXPECT_THAT(tell_change(bob, chat, {alice}, tag, action), HasStatus(200));
  }

  const auto found = [&](const std::string& type) {
    const auto events = events_about(alice, chat, type);
    EXPECT_THAT(events, SizeIs(1)) << type;
    return events.empty() ? Json{} : part(events.front(), "/data");
  };
  EXPECT_EQ(part(found("conversation.rename"), "/name"), "renamed");
  EXPECT_EQ(part(found("conversation.message-timer-update"), "/message_timer"), 1000);
  EXPECT_EQ(part(found("conversation.receipt-mode-update"), "/receipt_mode"), 1);
}

// FED-58  Who is removed from a peer's conversation finds it, and is sent nothing more.
TEST(Fed58, WhoIsRemovedFromAPeersConversationIsOut) {
  auto backend = Backend::under_test();
  const auto b = Peer::under_test("b");
  const auto alice = backend.user("alice").device();
  const auto ann = backend.user("ann").device();
  const auto bob = b.user("bob").device();
  const auto chat = conversation_at(bob, {alice, ann});

  tell_change(bob, chat, {alice, ann}, "ConversationRemoveMembersTag",
              removing({alice.user().id()}));
  must_tell(bob, chat, to_each({alice, ann}, "hello"));

  EXPECT_THAT(events_about(alice, chat, "conversation.member-leave"), SizeIs(1));
  EXPECT_THAT(events_about(ann, chat, "conversation.member-leave"), SizeIs(1));
  EXPECT_THAT(conversation_ids(alice, all_conversations), Not(Contains(chat.id)));
  EXPECT_THAT(alice.catch_up().bodies(), IsEmpty());
  EXPECT_THAT(ann.catch_up().bodies(), ElementsAre("hello"));
}

// FED-58  When a remote member leaves a peer's conversation, those who stay find it.
TEST(Fed58, MembersOfAPeersConversationFindWhoLeaves) {
  auto backend = Backend::under_test();
  const auto b = Peer::under_test("b");
  const auto c = Peer::under_test("c");
  const auto alice = backend.user("alice").device();
  const auto bob = b.user("bob").device();
  const auto charlie = c.user("charlie");
  const auto chat = conversation_at(bob, {alice}, {charlie});

  const auto reply = b.call(rpc::on_conversation_updated,
                            conversation_updated_body(charlie.id(), chat, {alice.user().id()},
                                                      "ConversationLeaveTag", Json::object()));

  EXPECT_THAT(reply, HasStatus(200));
  EXPECT_THAT(events_about(alice, chat, "conversation.member-leave"), SizeIs(1));
  must_tell(bob, chat, {{alice, "hello"}});
  EXPECT_THAT(alice.catch_up().bodies(), ElementsAre("hello"));
}

// FED-59  A removal holds though the peer of the removed fails when it is told.
TEST(Fed59, ARemovalHoldsThoughAPeerFails) {
  auto backend = Backend::under_test();
  const auto b = Peer::under_test("b");
  const auto alice = backend.user("alice").device();
  const auto ann = backend.user("ann").device();
  const auto bob = b.user("bob");
  const auto chat = conversation_with(alice, {bob}, {ann});
  b.expects(rpc::on_conversation_updated, by_reset());

  EXPECT_THAT(remove(alice, chat, bob.id()), HasStatus(200));

  EXPECT_THAT(others_in(read(alice, chat).json), ElementsAre(ann.user().id()));
  EXPECT_THAT(events_about(ann, chat, "conversation.member-leave"), SizeIs(1));
}

// FED-59  So does a new name.
TEST(Fed59, ANewNameHoldsThoughAPeerFails) {
  auto backend = Backend::under_test();
  const auto b = Peer::under_test("b");
  const auto alice = backend.user("alice").device();
  const auto chat = conversation_with(alice, {b.user("bob")});
  b.expects(rpc::on_conversation_updated, with_error(500, "server-error"));

  EXPECT_THAT(alice.user().put(chat.path() + "/name", {{"name", "renamed"}}), HasStatus(200));

  EXPECT_EQ(part(read(alice, chat).json, "/name"), "renamed");
}

}  // namespace
}  // namespace twostep::conformance

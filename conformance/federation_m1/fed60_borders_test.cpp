#include "conformance/conversations/view.hpp"
#include "conformance/federation_m1/faults.hpp"
#include "conformance/federation_m1/told.hpp"
#include "conformance/support/bytes.hpp"

namespace twostep::conformance {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;
using ::testing::UnorderedElementsAre;

/// An answer of an owner that somebody wants to leave.
Answering not_left(const std::string& why) {
  return with_json({{"Left", "RemoveFromConversationError" + why}});
}

Reply leave(const User& user, const Conversation& chat) {
  return user.del(chat.path() + "/members/" + user.id().domain + "/" + user.id().id);
}

// FED-60  A peer cannot change a conversation that it does not own, nor bring in its own.
TEST(Fed60, AConversationOfAnotherBackendCannotBeChanged) {
  auto backend = Backend::under_test();
  const auto b = Peer::under_test("b");
  const auto c = Peer::under_test("c");
  const auto alice = backend.user("alice").device();
  const auto ann = backend.user("ann").device();
  const auto bob = b.user("bob").device();
  const auto charlie = c.user("charlie").device();
  connect(alice, charlie);
  connect(ann, charlie);
  const auto of_a = conversation_with(alice, {bob}, {ann});
  const auto of_b = conversation_at(bob, {alice, ann});

  for (const auto& chat : {of_a, of_b}) {
    for (const auto& [tag, action] :
         {std::pair{"ConversationJoinTag", joining({charlie.user().id()})},
          {"ConversationRemoveMembersTag", removing({ann.user().id()})},
          {"ConversationRenameTag", Json{{"name", "c's"}}}}) {
      EXPECT_THAT(tell_change(charlie, chat, {alice, ann}, tag, action), HasStatus(200));
    }
    for (const auto* type :
         {"conversation.member-join", "conversation.member-leave", "conversation.rename"}) {
      EXPECT_THAT(events_about(alice, chat, type), IsEmpty()) << type;
    }
  }
  must_tell(bob, of_b, to_each({ann}, "still here"));
  EXPECT_THAT(ann.catch_up().bodies(), ElementsAre("still here"));
  EXPECT_THAT(others_in(read(alice, of_a).json),
              UnorderedElementsAre(ann.user().id(), bob.user().id()));
}

// FED-60  Who is said to be present and is not, is told nothing.
TEST(Fed60, WhoIsOnlySaidToBePresentIsToldNothing) {
  auto backend = Backend::under_test();
  const auto b = Peer::under_test("b");
  const auto alice = backend.user("alice").device();
  const auto eve = backend.user("eve").device();
  const auto bob = b.user("bob");
  connect(eve, bob);
  const auto chat = conversation_at(bob, {alice});

  const auto reply =
      tell_change(bob, chat, {alice, eve}, "ConversationRenameTag", {{"name", "renamed"}});

  EXPECT_THAT(reply, HasStatus(200));
  EXPECT_THAT(events_about(alice, chat, "conversation.rename"), SizeIs(1));
  EXPECT_THAT(events_about(eve, chat, "conversation.rename"), IsEmpty());
}

// FED-60  Of a conversation that is not known nothing is stored.
TEST(Fed60, AnUnknownConversationIsPassedOver) {
  auto backend = Backend::under_test();
  const auto b = Peer::under_test("b");
  const auto alice = backend.user("alice").device();
  const auto bob = b.user("bob");
  connect(alice, bob);
  const Conversation unknown{{random_uuid(), b.domain()}};

  const auto reply =
      tell_change(bob, unknown, {alice}, "ConversationRenameTag", {{"name", "renamed"}});

  EXPECT_THAT(reply, HasStatus(200));
  EXPECT_THAT(events_about(alice, unknown, "conversation.rename"), IsEmpty());
  EXPECT_THAT(conversation_ids(alice, all_conversations), Not(Contains(unknown.id)));
}

// FED-69  The word that a member is gone comes after the word that it is back, which is newer.
//
// Both kinds of word are told out of order; the member gets messages as before, and a newer one counts.
TEST(Fed69, ALeaveThatWasOvertakenByAJoinIsPassedOver) {
  auto backend = Backend::under_test();
  const auto b = Peer::under_test("b");
  const auto alice = backend.user("alice").device();
  const auto ann = backend.user("ann").device();
  const auto bob = b.user("bob").device();
  connect(ann, bob);
  const auto chat = conversation_at(bob, {alice});
  const auto tell_at = [&](const std::string& time, const std::string& tag, const Json& action) {
    auto body = conversation_updated_body(bob.user().id(), chat,
                                          {alice.user().id(), ann.user().id()}, tag, action);
    body["time"] = time;
    EXPECT_THAT(b.call(rpc::on_conversation_updated, body), HasStatus(200));
  };
  const auto gone = removing({ann.user().id()});

  tell_at("2025-01-01T00:00:02.000Z", "ConversationJoinTag", joining({ann.user().id()}));
  tell_at("2025-01-01T00:00:01.000Z", "ConversationRemoveMembersTag", gone);
  must_tell(bob, chat, to_each({ann}, "still here"));
  EXPECT_THAT(ann.catch_up().bodies(), ElementsAre("still here"));

  tell_at("2025-01-01T00:00:03.000Z", "ConversationRemoveMembersTag", gone);
  EXPECT_THAT(events_about(ann, chat, "conversation.member-leave"), SizeIs(1));
}

// FED-61  Leaving a conversation of another owner asks the owner, once.
TEST(Fed61, LeavingAsksTheOwner) {
  auto backend = Backend::under_test();
  const auto b = Peer::under_test("b");
  const auto alice = backend.user("alice").device();
  const auto bob = b.user("bob").device();
  const auto chat = conversation_at(bob, {alice});
  b.expects(rpc::leave_conversation);

  const auto reply = leave(alice, chat);

  EXPECT_THAT(reply, HasStatus(200));
  EXPECT_EQ(part(reply.json, "/type"), "conversation.member-leave");
  EXPECT_EQ(b.only(rpc::leave_conversation).body,
            Json({{"conv_id", chat.id.id}, {"leaver", alice.user().id().id}}));
  must_tell(bob, chat, {{alice, "to who has left"}});
  EXPECT_THAT(alice.catch_up().bodies(), IsEmpty());
}

// FED-61  The owner's refusals are the client's.
TEST(Fed61, RefusalsOfTheOwnerAreTheClients) {
  auto backend = Backend::under_test();
  const auto b = Peer::under_test("b");
  const auto alice = backend.user("alice").device();
  const auto bob = b.user("bob");
  const auto chat = conversation_at(bob, {alice});
  b.expects(rpc::leave_conversation, not_left("NotFound"));
  EXPECT_THAT(leave(alice, chat), IsError(404, "no-conversation"));

  const auto another = conversation_at(bob, {alice});
  b.expects(rpc::leave_conversation, not_left("RemovalNotAllowed"));
  EXPECT_THAT(leave(alice, another), IsError(403, "action-denied"));
  b.expects(rpc::leave_conversation, not_left("Unchanged"));
  EXPECT_THAT(leave(alice, another), HasStatus(204));
}

// FED-61  A remote member who leaves is out, and all others are told.
TEST(Fed61, ARemoteMemberLeaves) {
  auto backend = Backend::under_test();
  const auto b = Peer::under_test("b");
  const auto c = Peer::under_test("c");
  const auto alice = backend.user("alice").device();
  const auto bob = b.user("bob").device();
  const auto charlie = c.user("charlie").device();
  const auto chat = conversation_with(alice, {bob, charlie});
  b.allows(rpc::on_conversation_updated);
  c.expects(rpc::on_conversation_updated);

  const auto reply =
      b.call(rpc::leave_conversation, {{"conv_id", chat.id.id}, {"leaver", bob.user().id().id}});

  EXPECT_THAT(reply, HasStatus(200));
  EXPECT_TRUE(reply.json.contains("Right")) << reply.body;
  only_update(c, chat, bob.user().id(), "ConversationLeaveTag");
  EXPECT_THAT(others_in(read(alice, chat).json), ElementsAre(charlie.user().id()));
  EXPECT_THAT(events_about(alice, chat, "conversation.member-leave"), SizeIs(1));
}

// FED-61  A peer cannot make another's user leave, nor the target's own.
TEST(Fed61, OnlyUsersOfTheCallerLeave) {
  auto backend = Backend::under_test();
  const auto b = Peer::under_test("b");
  const auto c = Peer::under_test("c");
  const auto alice = backend.user("alice").device();
  const auto bob = b.user("bob");
  const auto charlie = c.user("charlie");
  const auto chat = conversation_with(alice, {bob, charlie});

  for (const auto& user : {bob.id(), alice.user().id()}) {
    const auto reply =
        c.call(rpc::leave_conversation, {{"conv_id", chat.id.id}, {"leaver", user.id}});
    EXPECT_THAT(reply, HasStatus(200));
    EXPECT_TRUE(reply.json.contains("Left")) << reply.body;
  }
  EXPECT_THAT(others_in(read(alice, chat).json), UnorderedElementsAre(bob.id(), charlie.id()));
}

// FED-62  Nobody else can be removed from a conversation of another owner, who is not even asked.
TEST(Fed62, NobodyElseCanBeRemoved) {
  auto backend = Backend::under_test();
  const auto b = Peer::under_test("b");
  const auto alice = backend.user("alice").device();
  const auto ann = backend.user("ann").device();
  const auto bob = b.user("bob");
  const auto chat = conversation_at(bob, {alice, ann});

  for (const auto& other : {ann.user().id(), bob.id()}) {
    EXPECT_THAT(alice.user().del(chat.path() + "/members/" + other.domain + "/" + other.id),
                IsError(403, "action-denied"));
  }
  EXPECT_THAT(b.received(), IsEmpty());
}

/// A conversation as its owner describes it to a member's backend.
Json description(const Conversation& chat, const std::string& name,
                 const std::vector<QualifiedId>& others, const QualifiedId& creator) {
  Json members = Json::array();
  for (const auto& other : others) {
    members.push_back({{"qualified_id", other},
                       {"id", other.id},
                       {"conversation_role", "wire_member"},
                       {"status", 0}});
  }
  return {{"id", chat.id.id},
          {"metadata",
           {{"type", 0},
            {"creator", creator.id},
            {"access", {"invite"}},
            {"access_role", {"team_member", "non_team_member", "service"}},
            {"name", name},
            {"team", nullptr},
            {"message_timer", nullptr},
            {"receipt_mode", nullptr},
            {"group_conv_type", "group_conversation"}}},
          {"members", {{"self_role", "wire_member"}, {"others", members}}},
          {"protocol", {{"protocol", "proteus"}}}};
}

// FED-63  A member reads a conversation of another owner as that owner describes it.
TEST(Fed63, AMemberReadsWhatTheOwnerDescribes) {
  auto backend = Backend::under_test();
  const auto b = Peer::under_test("b");
  const auto alice = backend.user("alice").device();
  const auto bob = b.user("bob");
  const auto chat = conversation_at(bob, {alice});
  b.expects(rpc::get_conversations,
            with_json({{"convs", {description(chat, "as b sees it", {bob.id()}, bob.id())}}}));

  const auto reply = read(alice, chat);

  EXPECT_THAT(reply, HasStatus(200));
  EXPECT_EQ(part(reply.json, "/qualified_id"), Json(chat.id));
  EXPECT_EQ(part(reply.json, "/name"), "as b sees it");
  EXPECT_EQ(self_in(reply.json), alice.user().id());
  EXPECT_THAT(others_in(reply.json), ElementsAre(bob.id()));
  EXPECT_EQ(b.only(rpc::get_conversations).body,
            Json({{"user_id", alice.user().id().id}, {"conv_ids", {chat.id.id}}}));
}

// FED-63  Of one in which the user is not known to be, the owner is not asked.
TEST(Fed63, OfAnUnknownConversationTheOwnerIsNotAsked) {
  auto backend = Backend::under_test();
  const auto b = Peer::under_test("b");
  const auto alice = backend.user("alice").device();
  const auto eve = backend.user("eve").device();
  const auto bob = b.user("bob");
  const auto chat = conversation_at(bob, {alice});

  EXPECT_THAT(read(eve, chat), IsError(404, "no-conversation"));
  EXPECT_THAT(read(alice, {{random_uuid(), b.domain()}}), IsError(404, "no-conversation"));

  EXPECT_THAT(b.received(), IsEmpty());
}

// FED-63  One that the owner leaves out is not there; an owner that fails is a federation error.
TEST(Fed63, AnOwnerMayLeaveItOutOrFail) {
  auto backend = Backend::under_test();
  const auto b = Peer::under_test("b");
  const auto alice = backend.user("alice").device();
  const auto chat = conversation_at(b.user("bob"), {alice});

  b.expects(rpc::get_conversations);
  EXPECT_THAT(read(alice, chat), IsError(404, "no-conversation"));
  for (const auto& fault : faults_noticed_at_once()) {
    b.expects(rpc::get_conversations, fault.answering);
    EXPECT_THAT(read(alice, chat), IsFederationError(b.domain())) << "b " << fault.name;
  }
}

// FED-64  Of conversations of several owners each owner is asked once, for all of its own.
TEST(Fed64, ConversationsOfSeveralOwnersAreListed) {
  auto backend = Backend::under_test();
  const auto b = Peer::under_test("b");
  const auto c = Peer::under_test("c");
  const auto alice = backend.user("alice").device();
  const auto ann = backend.user("ann").device();
  const auto bob = b.user("bob");
  const auto of_a = conversation_of({alice, ann});
  const auto one_of_b = conversation_at(bob, {alice});
  const auto other_of_b = conversation_at(bob, {alice});
  const auto of_c = conversation_at(c.user("charlie"), {alice});
  b.expects(rpc::get_conversations,
            with_json({{"convs", {description(one_of_b, "one", {bob.id()}, bob.id())}}}));
  c.expects(rpc::get_conversations, by_reset());

  const auto reply = alice.user().post(
      "/conversations/list", {{"qualified_ids", {of_a.id, one_of_b.id, other_of_b.id, of_c.id}}});

  EXPECT_THAT(reply, HasStatus(200));
  EXPECT_THAT(ids_in(part(reply.json, "/found")), UnorderedElementsAre(of_a.id, one_of_b.id));
  EXPECT_THAT(ids_in(part(reply.json, "/not_found")), ElementsAre(other_of_b.id));
  EXPECT_THAT(ids_in(part(reply.json, "/failed")), ElementsAre(of_c.id));
  EXPECT_EQ(part(b.only(rpc::get_conversations).body, "/conv_ids").size(), 2u);
  EXPECT_THAT(conversation_ids(alice, all_conversations),
              ::testing::IsSupersetOf({of_a.id, one_of_b.id, other_of_b.id, of_c.id}));
}

// FED-70  What M1 has no call for cannot be done where another backend owns: nobody is called, nothing
//         changes.
TEST(Fed70, AMemberElsewhereChangesNothing) {
  auto backend = Backend::under_test();
  const auto b = Peer::under_test("b");
  const auto alice = backend.user("alice").device();
  const auto ann = backend.user("ann").device();
  const auto carol = backend.user("carol");
  const auto bob = b.user("bob").device();
  const auto chat = conversation_at(bob, {alice, ann});
  connect(alice.user(), carol);
  const auto member = "/members/" + backend.domain() + "/" + ann.user().id().id;
  const std::vector<std::pair<std::string, Json>> changes = {
      {"/name", {{"name", "renamed"}}},
      {"/message-timer", {{"message_timer", 1000}}},
      {"/receipt-mode", {{"receipt_mode", 1}}},
      {member, {{"conversation_role", "wire_admin"}}}};

  for (const auto& [path, body] : changes) {
    EXPECT_THAT(alice.user().put(chat.path() + path, body),
                IsError(422, "federation-not-implemented"))
        << path;
  }
  EXPECT_THAT(add_members(alice, chat, {carol}), IsError(422, "federation-not-implemented"));

  must_tell(bob, chat, {{ann, "fence"}});
  const auto events = ann.catch_up().events();
  EXPECT_EQ(part(events.back(), "/type"), "conversation.otr-message-add");
  for (const auto* type : {"conversation.rename", "conversation.message-timer-update",
                           "conversation.receipt-mode-update", "conversation.member-update",
                           "conversation.member-join"}) {
    EXPECT_THAT(events_about(ann, chat, type), IsEmpty());
  }
  EXPECT_THAT(conversation_ids(carol, all_conversations), Not(Contains(chat.id)));
}

// FED-70  Whoever types is seen by the members of the same backend; no other is called.
TEST(Fed70, AMemberElsewhereIsSeenTypingByItsNeighbours) {
  auto backend = Backend::under_test();
  const auto b = Peer::under_test("b");
  const auto alice = backend.user("alice").device();
  const auto ann = backend.user("ann").device();
  const auto chat = conversation_at(b.user("bob"), {alice, ann});
  auto socket = ann.open_socket();

  EXPECT_THAT(alice.post(chat.path() + "/typing", {{"status", "started"}}), HasStatus(200));

  EXPECT_TRUE(socket.wait_for_event("conversation.typing"));
}

// FED-65  A conversation is shown to the caller's own members, and left out for everybody else.
TEST(Fed65, AConversationIsShownToMembersOfTheCaller) {
  auto backend = Backend::under_test();
  const auto b = Peer::under_test("b");
  const auto c = Peer::under_test("c");
  const auto alice = backend.user("alice").device();
  const auto ann = backend.user("ann").device();
  const auto bob = b.user("bob");
  const auto brenda = b.user("brenda");
  const auto charlie = c.user("charlie");
  const auto chat = conversation_with(alice, {bob, charlie}, {ann});
  const auto shown = [&](const Peer& caller, const QualifiedId& user) {
    const auto reply = caller.call(
        rpc::get_conversations, {{"user_id", user.id}, {"conv_ids", {random_uuid(), chat.id.id}}});
    EXPECT_THAT(reply, HasStatus(200));
    return part(reply.json, "/convs");
  };

  const auto to_bob = shown(b, bob.id());
  ASSERT_THAT(to_bob, SizeIs(1));
  EXPECT_EQ(part(to_bob, "/0/id"), chat.id.id);
  EXPECT_THAT(ids_in(part(to_bob, "/0/members/others")),
              UnorderedElementsAre(alice.user().id(), ann.user().id(), charlie.id()));
  EXPECT_THAT(shown(b, brenda.id()), IsEmpty());
  EXPECT_THAT(shown(b, charlie.id()), IsEmpty());
  EXPECT_THAT(shown(b, alice.user().id()), IsEmpty());
}

}  // namespace
}  // namespace twostep::conformance

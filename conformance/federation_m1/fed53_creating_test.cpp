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

// FED-53  Each backend of a member is told once, with the creator and its own users.
TEST(Fed53, EachBackendOfAMemberIsToldOnce) {
  auto backend = Backend::under_test();
  const auto b = Peer::under_test("b");
  const auto c = Peer::under_test("c");
  const auto alice = backend.user("alice").device();
  const auto ann = backend.user("ann").device();
  const auto bob = b.user("bob");
  const auto bill = b.user("bill");
  const auto charlie = c.user("charlie");
  for (const auto& user : {bob, bill, charlie}) connect(alice, user);
  connect(alice, ann);
  b.expects(rpc::on_conversation_created);
  c.expects(rpc::on_conversation_created);
  b.allows(rpc::on_conversation_updated);
  c.allows(rpc::on_conversation_updated);

  const auto reply = create_with(alice, {bob, bill, charlie}, {ann});

  EXPECT_THAT(reply, HasStatus(201));
  const auto chat = conversation_in(reply);
  for (const auto& [peer, members] :
       {std::pair{b, std::vector{bob, bill}}, {c, std::vector{charlie}}}) {
    const auto told = peer.only(rpc::on_conversation_created).body;
    EXPECT_EQ(part(told, "/orig_user_id"), alice.user().id().id);
    EXPECT_EQ(part(told, "/cnv_id"), chat.id.id);
    const auto named = ids_in(part(told, "/non_creator_members"));
    for (const auto& member : members) EXPECT_THAT(named, Contains(member.id()));
  }
  EXPECT_THAT(events_about(ann, chat, "conversation.create"), SizeIs(1));
}

// FED-53  Members who are told of a conversation of a peer find the event and the conversation.
TEST(Fed53, MembersOfAPeersConversationFindIt) {
  auto backend = Backend::under_test();
  const auto b = Peer::under_test("b");
  const auto c = Peer::under_test("c");
  const auto alice = backend.user("alice").device();
  const auto ann = backend.user("ann").device();
  const auto bob = b.user("bob");
  const auto charlie = c.user("charlie");

  const auto chat = conversation_at(bob, {alice, ann}, {charlie});

  for (const auto& member : {alice, ann}) {
    const auto events = events_about(member, chat, "conversation.create");
    ASSERT_THAT(events, SizeIs(1)) << member.name();
    EXPECT_EQ(part(events.front(), "/qualified_from"), Json(bob.id()));
    EXPECT_THAT(conversation_ids(member, all_conversations), Contains(chat.id));
  }
}

// FED-54  If one of two invited backends fails, there is no conversation, and nobody is told of one here.
TEST(Fed54, AConversationWithAFailingBackendDoesNotComeToBe) {
  auto backend = Backend::under_test();
  const auto b = Peer::under_test("b");
  const auto c = Peer::under_test("c");
  const auto alice = backend.user("alice").device();
  const auto ann = backend.user("ann").device();
  const auto bob = b.user("bob");
  const auto charlie = c.user("charlie");
  for (const auto& user : {bob, charlie}) connect(alice, user);
  connect(alice, ann);
  const auto before = conversation_ids(ann, all_conversations);
  const auto told_alice = conversations_told(alice);
  const auto told_ann = conversations_told(ann);
  b.allows(rpc::on_conversation_created);
  b.allows(rpc::on_conversation_updated);
  for (const auto& rpc : {rpc::api_version, rpc::on_conversation_created})
    c.allows(rpc, by_reset());

  const auto reply = create_with(alice, {bob, charlie}, {ann});

  EXPECT_THAT(reply, IsRefusedBecauseOf(c));
  EXPECT_EQ(conversation_ids(ann, all_conversations), before);
  EXPECT_EQ(conversations_told(alice), told_alice);
  EXPECT_EQ(conversations_told(ann), told_ann);
}

// FED-54  However it fails when it is told, though it could be reached.
TEST(Fed54, HoweverItFailsWhenItIsTold) {
  auto backend = Backend::under_test();
  const auto b = Peer::under_test("b");
  const auto alice = backend.user("alice").device();
  const auto bob = b.user("bob");
  connect(alice, bob);
  const auto before = conversation_ids(alice, all_conversations);

  for (const auto& fault : faults_noticed_at_once()) {
    b.expects(rpc::on_conversation_created, fault.answering);
    EXPECT_THAT(create_with(alice, {bob}), IsRefusedBecauseOf(b)) << "b " << fault.name;
  }

  EXPECT_EQ(conversation_ids(alice, all_conversations), before);
}

// FED-55  Who is not connected cannot be invited, nor added; nobody is told.
TEST(Fed55, ARemoteUserHasToBeConnected) {
  auto backend = Backend::under_test();
  const auto b = Peer::under_test("b");
  const auto alice = backend.user("alice").device();
  const auto ann = backend.user("ann").device();
  const auto bob = b.user("bob");
  const auto chat = conversation_of({alice, ann});

  EXPECT_THAT(create_with(alice, {bob}), IsError(403, "not-connected"));
  const auto added = alice.user().post(chat.path() + "/members", {{"qualified_users", {bob.id()}}});
  EXPECT_THAT(added, IsError(403, "not-connected"));

  EXPECT_THAT(b.received(), IsEmpty());
}

// FED-55  A peer cannot bring a user into its conversation who is not connected to the creator.
TEST(Fed55, AUserWhoIsNotConnectedIsPassedOver) {
  auto backend = Backend::under_test();
  const auto b = Peer::under_test("b");
  const auto alice = backend.user("alice").device();
  const auto eve = backend.user("eve").device();
  const auto bob = b.user("bob").device();
  connect(alice, bob);
  const Conversation chat{{random_uuid(), b.domain()}};

  const auto created =
      b.call(rpc::on_conversation_created,
             conversation_created_body(bob, chat, {alice.user().id(), eve.user().id()}));
  EXPECT_THAT(created, HasStatus(200));
  must_tell(bob, chat, to_each({alice, eve}, "hello"));

  EXPECT_THAT(alice.catch_up().bodies(), ElementsAre("hello"));
  EXPECT_THAT(eve.catch_up().bodies(), IsEmpty());
  EXPECT_THAT(events_about(eve, chat, "conversation.create"), IsEmpty());
  EXPECT_THAT(conversation_ids(eve, all_conversations), Not(Contains(chat.id)));
}

// FED-55  Nor may somebody add one who is not connected to them.
TEST(Fed55, AUserWhoIsNotConnectedCannotBeAdded) {
  auto backend = Backend::under_test();
  const auto b = Peer::under_test("b");
  const auto alice = backend.user("alice").device();
  const auto eve = backend.user("eve").device();
  const auto bob = b.user("bob").device();
  const auto chat = conversation_at(bob, {alice});

  const auto updated = b.call(
      rpc::on_conversation_updated,
      conversation_updated_body(bob.user().id(), chat, {alice.user().id()}, "ConversationJoinTag",
                                {{"users", {eve.user().id()}}, {"role", "wire_member"}}));
  EXPECT_THAT(updated, HasStatus(200));
  must_tell(bob, chat, to_each({alice, eve}, "hello"));

  EXPECT_THAT(alice.catch_up().bodies(), ElementsAre("hello"));
  EXPECT_THAT(eve.catch_up().bodies(), IsEmpty());
  EXPECT_THAT(events_about(eve, chat, "conversation.member-join"), IsEmpty());
}

}  // namespace
}  // namespace twostep::conformance

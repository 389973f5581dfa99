#include "conformance/support/bytes.hpp"
#include "conformance/support/federated.hpp"
#include "conformance/support/match.hpp"

namespace twostep::conformance {
namespace {

using ::testing::ElementsAre;

/// A call as it has to be, and the fields that it cannot do without.
struct Wellformed {
  std::string rpc;
  Json body;
  std::vector<std::string> needed;
};

/// One of each call of a peer, about a message, a conversation and a connection of alice with bob.
std::vector<Wellformed> calls(const Device& alice, const PeerDevice& bob,
                              const Conversation& chat) {
  const Conversation fresh{{random_uuid(), bob.peer().domain()}};
  const auto& alice_id = alice.user().id();
  const auto& bob_id = bob.user().id();
  return {
      {rpc::get_user_clients, {{"users", {alice_id.id}}}, {"users"}},
      {rpc::on_message_sent,
       message_sent_body(bob, chat, {{alice, "of a wrong body"}}),
       {"time", "sender", "sender_client", "conversation", "recipients"}},
      {rpc::send_message,
       send_message_body(bob, no_conversation(), {}),
       {"conv_id", "sender", "raw_message"}},
      {rpc::on_conversation_created,
       conversation_created_body(bob, fresh, {alice_id}),
       {"orig_user_id", "cnv_id", "non_creator_members"}},
      {rpc::on_conversation_updated,
       conversation_updated_body(bob_id, chat, {alice_id}, "ConversationRenameTag",
                                 {{"name", "of a wrong body"}}),
       {"origUserId", "convId", "action"}},
      {rpc::leave_conversation,
       {{"conv_id", random_uuid()}, {"leaver", bob_id.id}},
       {"conv_id", "leaver"}},
      {rpc::get_conversations,
       {{"user_id", bob_id.id}, {"conv_ids", {random_uuid()}}},
       {"user_id", "conv_ids"}},
      {rpc::send_connection_action,
       connection_action_body(bob_id, alice_id, "RemoteRescind"),
       {"from", "to", "action"}},
  };
}

// FED-33  A body that is no JSON, or JSON of another shape, is answered 400 and changes nothing.
TEST(Fed33, ABodyOfAnotherShapeIsRefused) {
  auto backend = Backend::under_test();
  const auto b = Peer::under_test("b");
  const auto alice = backend.user("alice").device();
  const auto bob = b.user("bob").device();
  const auto chat = conversation_at(bob, {alice});

  for (const auto& [rpc, body, needed] : calls(alice, bob, chat)) {
    for (const std::string& text : {std::string{}, std::string{"{"}, std::string{"\"text\""},
                                    std::string{"[[]]"}, body.dump() + "}"}) {
      const auto reply = b.call_as(b.domain(), "/federation/" + rpc, text);
      EXPECT_THAT(reply, HasStatus(400)) << rpc << " with " << text;
    }
  }
  must_tell(bob, chat, {{alice, "fence"}});

  EXPECT_THAT(alice.catch_up().bodies(), ElementsAre("fence"));
}

// FED-33  So is one that lacks a field, or has something else in its place.
TEST(Fed33, ABodyThatLacksAFieldIsRefused) {
  auto backend = Backend::under_test();
  const auto b = Peer::under_test("b");
  const auto alice = backend.user("alice").device();
  const auto bob = b.user("bob").device();
  const auto chat = conversation_at(bob, {alice});

  for (const auto& [rpc, body, needed] : calls(alice, bob, chat)) {
    for (const auto& field : needed) {
      auto without = body;
      without.erase(field);
      EXPECT_THAT(b.call(rpc, without), HasStatus(400)) << rpc << " without " << field;
      auto wrong = body;
      wrong[field] = 7;
      EXPECT_THAT(b.call(rpc, wrong), HasStatus(400)) << rpc << " with a number for " << field;
    }
  }
  must_tell(bob, chat, {{alice, "fence"}});

  EXPECT_THAT(alice.catch_up().bodies(), ElementsAre("fence"));
  EXPECT_THAT(alice.catch_up().events("conversation.rename"), ElementsAre());
}

}  // namespace
}  // namespace twostep::conformance

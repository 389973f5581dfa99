#include "conformance/federation_m1/faults.hpp"
#include "conformance/support/bytes.hpp"
#include "conformance/support/federated.hpp"
#include "conformance/support/match.hpp"

namespace twostep::conformance {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

/// An answer of an owner that has not sent the message.
Answering not_sent(const std::string& why, const Json& contents = nullptr) {
  Json left = {{"tag", why}};
  if (!contents.is_null()) left["contents"] = contents;
  return with_json({{"Left", left}});
}

// FED-34  A message to a conversation of another owner is one call to that owner, with its octets as they
//         came. Nobody else is called for it: not the backend of a recipient.
TEST(Fed34, AMessageGoesToTheOwnerAsItIs) {
  auto backend = Backend::under_test();
  const auto b = Peer::under_test("b");
  const auto c = Peer::under_test("c");
  const auto alice = backend.user("alice").device();
  const auto bob = b.user("bob").device();
  const auto charlie = c.user("charlie").device();
  const auto chat = conversation_at(bob, {alice}, {charlie});
  // With a field that no schema has: what decodes and encodes anew may lose it.
  const auto message = encode_message(alice.id(), to_each({bob, charlie}, "hello"),
                                      {.blob = "shared",
                                       .appended = "\xfa\x01\x03"
                                                   "new"});
  b.expects(rpc::send_message);

  EXPECT_THAT(alice.post_message(chat, message), Acknowledged());

  EXPECT_EQ(b.only(rpc::send_message).body, Json({{"conv_id", chat.id.id},
                                                  {"sender", alice.user().id().id},
                                                  {"raw_message", to_base64(message)}}));
}

// FED-34  The sender's backend decides nothing: not who is a member, nor whose client it is.
TEST(Fed34, TheOwnerIsAskedWhoeverSends) {
  auto backend = Backend::under_test();
  const auto b = Peer::under_test("b");
  const auto alice = backend.user("alice").device();
  const auto bob = b.user("bob").device();
  const Conversation unheard_of{{random_uuid(), b.domain()}};
  b.expects(rpc::send_message, not_sent("MessageNotSentConversationNotFound"));
  b.expects(rpc::send_message, not_sent("MessageNotSentUnknownClient"));

  EXPECT_THAT(alice.send(unheard_of, {{bob, "hello"}}), IsError(404, "no-conversation"));
  EXPECT_THAT(alice.send(unheard_of, {{bob, "hello"}}, {.sender = "badc0ffee0ddf00d"}),
              IsError(403, "unknown-client"));
}

// FED-34  It stores nothing of its own accord, though local clients are addressed: that is the owner's say.
TEST(Fed34, NothingIsStoredUnlessTheOwnerTells) {
  auto backend = Backend::under_test();
  const auto b = Peer::under_test("b");
  const auto alice = backend.user("alice").device();
  const auto ann = backend.user("ann").device();
  const auto bob = b.user("bob").device();
  const auto chat = conversation_at(bob, {alice, ann});
  b.expects(rpc::send_message);

  EXPECT_THAT(alice.send(chat, to_each({ann, bob}, "not told")), Acknowledged());
  must_tell(bob, chat, {{ann, "fence"}});

  EXPECT_THAT(ann.catch_up().bodies(), ElementsAre("fence"));
}

// FED-35  What is no message is refused here, and the owner is not called.
TEST(Fed35, WhatIsNoMessageDoesNotReachTheOwner) {
  auto backend = Backend::under_test();
  const auto b = Peer::under_test("b");
  const auto alice = backend.user("alice").device();
  const auto bob = b.user("bob").device();
  const auto chat = conversation_at(bob, {alice});

  for (const auto& octets : {std::string("\xff\xff\xff\xff"), std::string("no message"),
                             encode_message(alice.id(), {}, {.strategy = no_strategy()})}) {
    EXPECT_THAT(alice.post_message(chat, octets), IsError(400, "bad-request"));
  }

  EXPECT_THAT(b.received(), IsEmpty());
}

// FED-36  `Right` is 201 with the owner's status, whatever it is.
TEST(Fed36, RightIsAcknowledgedWithTheOwnersStatus) {
  auto backend = Backend::under_test();
  const auto b = Peer::under_test("b");
  const auto c = Peer::under_test("c");
  const auto alice = backend.user("alice").device();
  const auto ann = backend.user("ann").device();
  const auto bob = b.user("bob").device();
  const auto charlie = c.user("charlie").device();
  const auto chat = conversation_at(bob, {alice});
  const auto status = sending_status({{"redundant", as_status_map({bob, ann})},
                                      {"deleted", as_status_map({ann})},
                                      {"failed_to_send", as_status_map({charlie})}});
  b.expects(rpc::send_message, with_json({{"Right", status}}));

  const auto reply = alice.send(chat, {{bob, "hello"}});

  EXPECT_THAT(reply, HasStatus(201));
  EXPECT_EQ(reply.json, status);
}

// FED-36  `MessageNotSentClientMissing` is 412 with the owner's status.
TEST(Fed36, AMissingClientIsA412) {
  auto backend = Backend::under_test();
  const auto b = Peer::under_test("b");
  const auto alice = backend.user("alice").device();
  const auto ann = backend.user("ann").device();
  const auto bob = b.user("bob").device();
  const auto tablet = bob.user().device();
  const auto chat = conversation_at(bob, {alice});
  const auto status = sending_status(
      {{"missing", as_status_map({tablet, ann})}, {"redundant", as_status_map({bob})}});
  b.expects(rpc::send_message, not_sent("MessageNotSentClientMissing", status));

  const auto reply = alice.send(chat, {{bob, "hello"}});

  EXPECT_THAT(reply, RefusedForMissing({tablet, ann}));
  EXPECT_EQ(reply.json, status);
}

// FED-36  The other refusals have the status and label that they have at the owner.
TEST(Fed36, RefusalsOfTheOwnerAreTheClients) {
  auto backend = Backend::under_test();
  const auto b = Peer::under_test("b");
  const auto alice = backend.user("alice").device();
  const auto bob = b.user("bob").device();
  const auto chat = conversation_at(bob, {alice});
  b.expects(rpc::send_message, not_sent("MessageNotSentConversationNotFound"));
  b.expects(rpc::send_message, not_sent("MessageNotSentUnknownClient"));
  b.expects(rpc::send_message, not_sent("MessageNotSentLegalhold"));

  EXPECT_THAT(alice.send(chat, {{bob, "hello"}}), IsError(404, "no-conversation"));
  EXPECT_THAT(alice.send(chat, {{bob, "hello"}}), IsError(403, "unknown-client"));
  EXPECT_THAT(alice.send(chat, {{bob, "hello"}}), IsError(403, "missing-legalhold-consent"));
}

// FED-37  An owner that fails is a federation error.
TEST(Fed37, AFailingOwnerIsAFederationError) {
  auto backend = Backend::under_test();
  const auto b = Peer::under_test("b");
  const auto alice = backend.user("alice").device();
  const auto ann = backend.user("ann").device();
  const auto bob = b.user("bob").device();
  const auto chat = conversation_at(bob, {alice, ann});

  for (const auto& fault : faults_noticed_at_once()) {
    b.expects(rpc::send_message, fault.answering);
    EXPECT_THAT(alice.send(chat, to_each({ann, bob}, "refused")), IsFederationError(b.domain()))
        << "b " << fault.name;
  }
  must_tell(bob, chat, {{ann, "fence"}});

  EXPECT_THAT(ann.catch_up().bodies(), ElementsAre("fence"));
}

// FED-37  So is one whose answer is neither of the two, or says something that nobody knows.
TEST(Fed37, AnAnswerThatIsNoneIsAFederationError) {
  auto backend = Backend::under_test();
  const auto b = Peer::under_test("b");
  const auto alice = backend.user("alice").device();
  const auto bob = b.user("bob").device();
  const auto chat = conversation_at(bob, {alice});

  for (const auto& answer : {Json::object(), Json::array(), Json{{"Right", "sent"}},
                             Json{{"Left", {{"tag", "MessageNotSentForNoReason"}}}},
                             Json{{"Left", {{"tag", "MessageNotSentClientMissing"}}}}}) {
    b.expects(rpc::send_message, with_json(answer));
    EXPECT_THAT(alice.send(chat, {{bob, "hello"}}), IsFederationError(b.domain())) << answer;
  }
}

}  // namespace
}  // namespace twostep::conformance

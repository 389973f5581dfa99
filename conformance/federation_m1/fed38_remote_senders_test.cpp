#include "conformance/federation_m1/faults.hpp"
#include "conformance/support/at_once.hpp"
#include "conformance/support/bytes.hpp"
#include "conformance/support/federated.hpp"
#include "conformance/support/match.hpp"

namespace twostep::conformance {
namespace {

using ::testing::ElementsAre;
using ::testing::Pair;
using ::testing::SizeIs;
using ::testing::UnorderedElementsAre;

/// `Left` with this tag: the owner's way of saying no.
auto IsNotSent(const std::string& why) {
  const auto tag = [](const Reply& reply) { return part(reply.json, "/Left/tag"); };
  return ::testing::AllOf(HasStatus(200), ::testing::ResultOf("the tag of Left", tag, Json(why)));
}

/// `Right` as a reply to a client: so that matchers of a sending status apply.
Reply status_in(const Reply& reply) {
  return {.status = reply.status == 200 ? 201 : reply.status,
          .body = reply.body,
          .json = part(reply.json, "/Right")};
}

constexpr auto not_found = "MessageNotSentConversationNotFound";
constexpr auto unknown_client = "MessageNotSentUnknownClient";

// FED-38  The sender is a user of the caller's domain: who sends for another backend's member is no member.
TEST(Fed38, APeerCannotSendForAnotherPeersUser) {
  auto backend = Backend::under_test();
  const auto b = Peer::under_test("b");
  const auto c = Peer::under_test("c");
  const auto alice = backend.user("alice").device();
  const auto bob = b.user("bob").device();
  const auto charlie = c.user("charlie").device();
  const auto chat = conversation_with(alice, {bob, charlie});

  const auto body = send_message_body(bob, chat, {{alice, "not bob's"}});
  EXPECT_THAT(c.call(rpc::send_message, body), IsNotSent(not_found));

  EXPECT_THAT(alice.catch_up().bodies(), ElementsAre());
}

// FED-38  Nor for a user of the target itself.
TEST(Fed38, APeerCannotSendForAUserOfTheTarget) {
  auto backend = Backend::under_test();
  const auto b = Peer::under_test("b");
  const auto alice = backend.user("alice").device();
  const auto ann = backend.user("ann").device();
  const auto bob = b.user("bob").device();
  const auto chat = conversation_with(alice, {bob}, {ann});
  const Json body = {
      {"conv_id", chat.id.id},
      {"sender", alice.user().id().id},
      {"raw_message", to_base64(encode_message(alice.id(), {{ann, "not hers"}}, {}))}};

  EXPECT_THAT(b.call(rpc::send_message, body), IsNotSent(not_found));

  EXPECT_THAT(ann.catch_up().bodies(), ElementsAre());
}

// FED-38  A conversation that does not exist, and a user who is not a member of one that does.
TEST(Fed38, AStrangerAndAStrangeConversationAreNotFound) {
  auto backend = Backend::under_test();
  const auto b = Peer::under_test("b");
  const auto alice = backend.user("alice").device();
  const auto bob = b.user("bob").device();
  const auto brenda = b.user("brenda").device();
  const auto chat = conversation_with(alice, {bob});

  EXPECT_THAT(send(bob, no_conversation(), {{alice, "hello"}}), IsNotSent(not_found));
  EXPECT_THAT(send(brenda, chat, {{alice, "hello"}}), IsNotSent(not_found));

  EXPECT_THAT(alice.catch_up().bodies(), ElementsAre());
}

// FED-39  A sending client that its backend names is known.
TEST(Fed39, ASendingClientThatItsBackendNamesIsKnown) {
  auto backend = Backend::under_test();
  const auto b = Peer::under_test("b");
  const auto alice = backend.user("alice").device();
  const auto bob = b.user("bob").device();
  const auto chat = conversation_with(alice, {bob});
  b.expects(rpc::get_user_clients);

  EXPECT_THAT(status_in(send(bob, chat, {{alice, "hello"}})), Acknowledged());

  EXPECT_EQ(part(b.only(rpc::get_user_clients).body, "/users"), Json({bob.user().id().id}));
  const auto messages = alice.catch_up().messages();
  ASSERT_THAT(messages, SizeIs(1));
  EXPECT_EQ(messages.front().body, "hello");
  EXPECT_EQ(messages.front().from, bob.user().id().id);
  EXPECT_EQ(messages.front().sender, bob.id());
}

// FED-39  One that its backend does not name is not, though the message says so.
TEST(Fed39, ASendingClientThatItsBackendDoesNotNameIsUnknown) {
  auto backend = Backend::under_test();
  const auto b = Peer::under_test("b");
  const auto alice = backend.user("alice").device();
  const auto bob = b.user("bob").device();
  const auto chat = conversation_with(alice, {bob});
  b.expects(rpc::get_user_clients, 2);

  const auto invented = send(bob, chat, {{alice, "hello"}}, {.sender = "badc0ffee0ddf00d"});
  const auto of_alice = send(bob, chat, {{alice, "hello"}}, {.sender = alice.id()});

  EXPECT_THAT(invented, IsNotSent(unknown_client));
  EXPECT_THAT(of_alice, IsNotSent(unknown_client));
  EXPECT_THAT(alice.catch_up().bodies(), ElementsAre());
}

// FED-40  The owner's users get theirs; the sender's backend is told of its other members and of the
//         sender's other clients, and B of its own.
TEST(Fed40, EverybodyButTheSendingClientGetsTheirs) {
  auto backend = Backend::under_test();
  const auto b = Peer::under_test("b");
  const auto c = Peer::under_test("c");
  const auto alice = backend.user("alice").device();
  const auto bob = b.user("bob").device();
  const auto charlie = c.user("charlie").device();
  const auto laptop = charlie.user().device();
  const auto chris = c.user("chris").device();
  const auto chat = conversation_with(alice, {bob, charlie, chris});
  for (const auto& peer : {b, c}) {
    peer.expects(rpc::get_user_clients);
    peer.expects(rpc::on_message_sent);
  }

  const auto reply = send(charlie, chat,
                          {{alice, "to alice"},
                           {bob, "to bob"},
                           {chris, "to chris"},
                           {laptop, "to his laptop"},
                           {charlie, "to himself"}});

  EXPECT_THAT(status_in(reply), Acknowledged());
  EXPECT_THAT(status_in(reply), Redundant({charlie}));
  EXPECT_THAT(alice.catch_up().bodies(), ElementsAre("to alice"));
  EXPECT_THAT(recipients_of(b.only(rpc::on_message_sent), b.domain()),
              ElementsAre(Pair(bob.address(), "to bob")));
  const auto told = c.only(rpc::on_message_sent);
  EXPECT_EQ(part(told.body, "/sender"), Json(charlie.user().id()));
  EXPECT_EQ(part(told.body, "/time"), part(reply.json, "/Right/time"));
  EXPECT_THAT(recipients_of(told, c.domain()),
              UnorderedElementsAre(Pair(laptop.address(), "to his laptop"),
                                   Pair(chris.address(), "to chris")));
}

// FED-40  The sender's other clients are expected: without them the message is refused, and told to nobody.
TEST(Fed40, TheSendersOtherClientsAreExpected) {
  auto backend = Backend::under_test();
  const auto c = Peer::under_test("c");
  const auto alice = backend.user("alice").device();
  const auto charlie = c.user("charlie").device();
  const auto laptop = charlie.user().device();
  const auto chat = conversation_with(alice, {charlie});
  c.expects(rpc::get_user_clients);

  const auto reply = send(charlie, chat, {{alice, "hello"}});

  EXPECT_EQ(part(reply.json, "/Left/tag"), "MessageNotSentClientMissing");
  EXPECT_EQ(part(reply.json, "/Left/contents/missing"), as_status_map({laptop}));
  EXPECT_THAT(alice.catch_up().bodies(), ElementsAre());
}

// FED-41  As the owner: C sends many messages at once and is asked twice for each while it waits.
TEST(Fed41, TheOwnerAnswersManySendersAtOnce) {
  constexpr int messages = 40;
  auto backend = Backend::under_test();
  const auto c = Peer::under_test("c");
  const auto alice = backend.user("alice").device();
  const auto charlie = c.user("charlie").device();
  const auto chris = c.user("chris").device();
  const auto chat = conversation_with(alice, {charlie, chris});
  c.expects(rpc::get_user_clients, messages);
  c.expects(rpc::on_message_sent, messages);

  at_once(std::vector<std::function<void()>>(messages, [&] {
    EXPECT_THAT(status_in(send(charlie, chat, to_each({alice, chris}, "hello"))), Acknowledged());
  }));

  EXPECT_THAT(alice.catch_up().bodies(), SizeIs(messages));
}

// FED-41  As the sender's backend: an owner that asks it for clients, and tells it to store, before it
//         answers the message.
TEST(Fed41, TheSendersBackendServesTheOwnerMeanwhile) {
  constexpr int messages = 40;
  auto backend = Backend::under_test();
  const auto b = Peer::under_test("b");
  const auto alice = backend.user("alice").device();
  const auto ann = backend.user("ann").device();
  const auto bob = b.user("bob").device();
  const auto chat = conversation_at(bob, {alice, ann});
  const auto message = encode_message(alice.id(), {{ann, "hello"}}, {});
  b.allows(rpc::send_message, [&](const Call& call) {
    EXPECT_THAT(b.call(rpc::get_user_clients, {{"users", {alice.user().id().id}}}), HasStatus(200));
    EXPECT_THAT(b.call(rpc::on_message_sent, message_sent_body(alice, chat, {{ann, "hello"}})),
                HasStatus(200));
    return with_json({{"Right", sending_status()}})(call);
  });

  at_once(std::vector<std::function<void()>>(messages, [&] {
    // A caller of its own: a device sends one message after the other.
    const auto reply =
        Caller{"alice", alice.token()}.request("POST", chat.path() + "/proteus/messages", message,
                                               {.content_type = "application/x-protobuf"});
    EXPECT_THAT(reply, Acknowledged());
  }));

  b.stop();

  EXPECT_THAT(ann.catch_up().bodies(), SizeIs(messages));
}

// FED-42  If B fails while C sends, C gets an error, and nobody the message.
TEST(Fed42, AFailingPeerFailsTheRemoteSendersMessage) {
  auto backend = Backend::under_test();
  const auto b = Peer::under_test("b");
  const auto c = Peer::under_test("c");
  const auto alice = backend.user("alice").device();
  const auto bob = b.user("bob").device();
  const auto charlie = c.user("charlie").device();
  const auto chris = c.user("chris").device();
  const auto chat = conversation_with(alice, {bob, charlie, chris});

  c.allows(rpc::get_user_clients);  // Maybe after the answer: b's failure is enough for it.
  for (const auto& fault : faults_noticed_at_once()) {
    b.expects(rpc::get_user_clients, fault.answering);
    EXPECT_THAT(send(charlie, chat, to_each({alice, bob, chris}, "refused")),
                IsFederationError(b.domain()))
        << "b " << fault.name;
  }
  EXPECT_THAT(alice.catch_up().bodies(), ElementsAre());
}

// FED-42  So if it is the sender's own backend that fails.
TEST(Fed42, SoDoesTheSendersOwnBackend) {
  auto backend = Backend::under_test();
  const auto c = Peer::under_test("c");
  const auto alice = backend.user("alice").device();
  const auto charlie = c.user("charlie").device();
  const auto chat = conversation_with(alice, {charlie});
  c.expects(rpc::get_user_clients, by_reset());

  EXPECT_THAT(send(charlie, chat, {{alice, "refused"}}), IsFederationError(c.domain()));

  EXPECT_THAT(alice.catch_up().bodies(), ElementsAre());
}

// FED-42  At the sender's backend the owner's error is the inner one.
TEST(Fed42, TheSendersClientIsToldTheOwnersError) {
  auto backend = Backend::under_test();
  const auto b = Peer::under_test("b");
  const auto alice = backend.user("alice").device();
  const auto bob = b.user("bob").device();
  const auto chat = conversation_at(bob, {alice});
  b.expects(rpc::send_message, with_error(521, "federation-connection-refused"));

  const auto reply = alice.send(chat, {{bob, "refused"}});

  EXPECT_THAT(reply, IsError(533, "federation-remote-error"));
  EXPECT_EQ(part(reply.json, "/inner/label"), "federation-connection-refused");
}

// FED-43  What is no message is refused with 400.
TEST(Fed43, WhatIsNoMessageIsRefused) {
  auto backend = Backend::under_test();
  const auto b = Peer::under_test("b");
  const auto alice = backend.user("alice").device();
  const auto bob = b.user("bob").device();
  const auto chat = conversation_with(alice, {bob});

  for (const auto& octets : {std::string("\xff\xff\xff\xff"), std::string("no message")}) {
    EXPECT_THAT(b.call(rpc::send_message, send_message_body(bob.user(), chat, octets)),
                HasStatus(400));
  }
  auto no_base64 = send_message_body(bob.user(), chat, "");
  no_base64["raw_message"] = "!!";
  EXPECT_THAT(b.call(rpc::send_message, no_base64), HasStatus(400));
}

}  // namespace
}  // namespace twostep::conformance

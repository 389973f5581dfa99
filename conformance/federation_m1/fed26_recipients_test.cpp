#include "conformance/support/bytes.hpp"
#include "conformance/support/federated.hpp"
#include "conformance/support/match.hpp"
#include "conformance/support/process.hpp"
#include "conformance/support/push_sink.hpp"

namespace twostep::conformance {
namespace {

using ::testing::AnyOf;
using ::testing::ElementsAre;
using ::testing::SizeIs;

/// The message events of a device, as JSON.
std::vector<Json> message_events(const Device& device) {
  return device.catch_up().events("conversation.otr-message-add");
}

// FED-26  Each client finds its own ciphertext and no other, in an event that is the same for all.
TEST(Fed26, EachClientFindsItsOwnCiphertext) {
  auto backend = Backend::under_test();
  const auto b = Peer::under_test("b");
  const auto alice = backend.user("alice").device();
  const auto tablet = alice.user().device();
  const auto ann = backend.user("ann").device();
  const auto bob = b.user("bob").device();
  const auto chat = conversation_at(bob, {alice, ann});

  const auto reply = tell(bob, chat, {{alice, "to alice"}, {tablet, "to her tablet"}});
  must_tell(bob, chat, {{ann, "fence"}});

  EXPECT_THAT(reply, HasStatus(200));
  EXPECT_THAT(ann.catch_up().bodies(), ElementsAre("fence"));
  for (const auto& [device, body] : {std::pair{alice, "to alice"}, {tablet, "to her tablet"}}) {
    EXPECT_THAT(device.catch_up().bodies(), ElementsAre(body));
    for (const auto& event : message_events(device)) {
      EXPECT_EQ(part(event, "/qualified_conversation"), Json(chat.id));
      EXPECT_EQ(part(event, "/qualified_from"), Json(bob.user().id()));
      EXPECT_EQ(part(event, "/time"), time_at_peers);
      EXPECT_EQ(part(event, "/data/sender"), bob.id());
      EXPECT_EQ(part(event, "/data/recipient"), device.id());
    }
  }
}

// FED-26  The sender may be of a third backend: the owner speaks for everybody in its conversation.
TEST(Fed26, TheSenderMayBeOfAThirdBackend) {
  auto backend = Backend::under_test();
  const auto b = Peer::under_test("b");
  const auto c = Peer::under_test("c");
  const auto alice = backend.user("alice").device();
  const auto bob = b.user("bob").device();
  const auto charlie = c.user("charlie").device();
  const auto chat = conversation_at(bob, {alice}, {charlie});

  const auto told =
      b.call(rpc::on_message_sent,
             message_sent_body(charlie, chat, {{alice, "hello"}}, {.blob = "shared"}));

  EXPECT_THAT(told, HasStatus(200));
  const auto events = message_events(alice);
  ASSERT_THAT(events, SizeIs(1));
  EXPECT_EQ(part(events.front(), "/qualified_from"), Json(charlie.user().id()));
  EXPECT_EQ(part(events.front(), "/data/data"), to_base64("shared"));
}

// FED-26  A client that is online gets it on its websocket, as it would the owner's.
TEST(Fed26, AnOpenSocketGetsIt) {
  auto backend = Backend::under_test();
  const auto b = Peer::under_test("b");
  const auto alice = backend.user("alice").device();
  const auto bob = b.user("bob").device();
  const auto chat = conversation_at(bob, {alice});
  auto socket = alice.open_socket();

  must_tell(bob, chat, {{alice, "hello"}});

  EXPECT_TRUE(socket.receives("hello"));
}

// FED-27  The owner hands on what the sender has said about transience, push and priority.
TEST(Fed27, TheOwnerHandsOptionsOn) {
  auto backend = Backend::under_test();
  const auto b = Peer::under_test("b");
  const auto alice = backend.user("alice").device();
  const auto bob = b.user("bob").device();
  const auto chat = conversation_with(alice, {bob});

  for (const bool yes : {true, false}) {
    b.expects(rpc::get_user_clients);
    b.expects(rpc::on_message_sent);
    alice.must_send(chat, {{bob, "hello"}},
                    {.transient = yes,
                     .native_push = yes,
                     .native_priority = yes ? Priority::high : Priority::low});
    const auto told = b.received(rpc::on_message_sent).back().body;
    EXPECT_EQ(part(told, "/transient"), yes);
    EXPECT_EQ(part(told, "/push"), yes);
    EXPECT_EQ(part(told, "/priority"), yes ? "high" : "low");
  }
}

// FED-27  A transient message of a peer reaches sockets and is not stored.
TEST(Fed27, ATransientMessageOfAPeerIsNotStored) {
  auto backend = Backend::under_test();
  const auto b = Peer::under_test("b");
  const auto alice = backend.user("alice").device();
  const auto bob = b.user("bob").device();
  const auto chat = conversation_at(bob, {alice});
  auto socket = alice.open_socket();

  must_tell(bob, chat, {{alice, "transient"}}, {.transient = true});
  must_tell(bob, chat, {{alice, "fence"}});

  EXPECT_TRUE(socket.receives("transient"));
  EXPECT_THAT(alice.catch_up().bodies(), ElementsAre("fence"));
}

// FED-27  A message of a peer is pushed to a phone that is offline, unless it says that it should not be: the
//         push that arrives is of the second message.
TEST(Fed27, AMessageWithoutPushIsNotPushed) {
  const auto gateway = PushSink::under_test();
  auto backend = Backend::under_test();
  const auto b = Peer::under_test("b");
  const auto alice = backend.user("alice").device();
  const auto bob = b.user("bob").device();
  const auto chat = conversation_at(bob, {alice});
  const auto token = gateway.token();
  require_setup(alice.register_push_token({token}), {201}, "registering a push token");

  must_tell(bob, chat, {{alice, "quiet"}}, {.native_push = false});
  must_tell(bob, chat, {{alice, "loud"}});

  const auto pushes = gateway.wait_for(token);
  const auto messages = alice.catch_up().messages();
  ASSERT_THAT(messages, SizeIs(2));
  ASSERT_THAT(pushes, SizeIs(1));
  EXPECT_EQ(part(pushes.front().body, "/payload/data/id"), messages.back().notification);
}

// FED-28  When the peer has its answer, the message is stored.
TEST(Fed28, WhatWasAnsweredIsFoundAtOnce) {
  auto backend = Backend::under_test();
  const auto b = Peer::under_test("b");
  const auto alice = backend.user("alice").device();
  const auto bob = b.user("bob").device();
  const auto chat = conversation_at(bob, {alice});

  EXPECT_THAT(tell(bob, chat, {{alice, "hello"}}), HasStatus(200));
  EXPECT_THAT(alice.catch_up().bodies(), ElementsAre("hello"));
}

// FED-28  … also after the process was killed.
TEST(Fed28, WhatWasAnsweredSurvivesTheProcess) {
  const auto process = Process::under_test();
  auto backend = Backend::under_test();
  const auto b = Peer::under_test("b");
  const auto alice = backend.user("alice").device();
  const auto bob = b.user("bob").device();
  const auto chat = conversation_at(bob, {alice});

  EXPECT_THAT(tell(bob, chat, {{alice, "hello"}}), HasStatus(200));
  process.kill();
  process.start();

  EXPECT_THAT(alice.catch_up().bodies(), ElementsAre("hello"));
}

// FED-29  Of the named recipients, those get it who are members; the call succeeds all the same.
TEST(Fed29, AStrangerGetsNothing) {
  auto backend = Backend::under_test();
  const auto b = Peer::under_test("b");
  const auto alice = backend.user("alice").device();
  const auto eve = backend.user("eve").device();
  const auto bob = b.user("bob").device();
  connect(eve, bob);
  const auto chat = conversation_at(bob, {alice});

  EXPECT_THAT(tell(bob, chat, to_each({alice, eve}, "hello")), HasStatus(200));

  EXPECT_THAT(alice.catch_up().bodies(), ElementsAre("hello"));
  EXPECT_THAT(eve.catch_up().bodies(), ElementsAre());
}

// FED-29  A peer cannot write into a conversation of another: the id means one of the caller's domain.
TEST(Fed29, AConversationOfAnotherBackendIsOutOfReach) {
  auto backend = Backend::under_test();
  const auto b = Peer::under_test("b");
  const auto c = Peer::under_test("c");
  const auto alice = backend.user("alice").device();
  const auto bob = b.user("bob").device();
  const auto charlie = c.user("charlie").device();
  connect(alice, charlie);
  const auto of_b = conversation_at(bob, {alice}, {charlie});
  const auto of_a = conversation_with(alice, {bob, charlie});

  for (const auto& chat : {of_b, of_a}) {
    const auto reply =
        c.call(rpc::on_message_sent, message_sent_body(charlie, chat, {{alice, "relayed"}}));
    EXPECT_THAT(reply, HasStatus(200));
  }
  must_tell(bob, of_b, {{alice, "fence"}});

  EXPECT_THAT(alice.catch_up().bodies(), ElementsAre("fence"));
}

// FED-29  Nor into one that it has told nobody of.
TEST(Fed29, AConversationThatNobodyKnowsHasNoMembers) {
  auto backend = Backend::under_test();
  const auto b = Peer::under_test("b");
  const auto alice = backend.user("alice").device();
  const auto bob = b.user("bob").device();
  const auto chat = conversation_at(bob, {alice});

  EXPECT_THAT(tell(bob, {{random_uuid(), b.domain()}}, {{alice, "unheard of"}}), HasStatus(200));
  must_tell(bob, chat, {{alice, "fence"}});

  EXPECT_THAT(alice.catch_up().bodies(), ElementsAre("fence"));
}

// FED-30  A client that does not exist does not keep the others from theirs.
TEST(Fed30, AnInventedClientKeepsNobodyFromTheirs) {
  auto backend = Backend::under_test();
  const auto b = Peer::under_test("b");
  const auto alice = backend.user("alice").device();
  const auto bob = b.user("bob").device();
  const Address invented{alice.user().id(), "badc0ffee0ddf00d"};
  const auto chat = conversation_at(bob, {alice});

  EXPECT_THAT(tell(bob, chat, {{invented, "to nobody"}, {alice, "to alice"}}), HasStatus(200));

  EXPECT_THAT(alice.catch_up().bodies(), ElementsAre("to alice"));
}

// FED-31  Ids are the recipients' backend's: they ascend in the order of the calls, whatever time the owner
//         gives, so that a pointer misses nothing.
TEST(Fed31, IdsAscendWhateverTimeTheOwnerGives) {
  auto backend = Backend::under_test();
  const auto b = Peer::under_test("b");
  const auto alice = backend.user("alice").device();
  const auto bob = b.user("bob").device();
  const auto chat = conversation_at(bob, {alice});
  auto pointer = alice.newest();

  for (const auto* time :
       {"2099-01-01T00:00:00.000Z", "2001-01-01T00:00:00.000Z", "2050-06-15T12:00:00.000Z"}) {
    auto body = message_sent_body(bob, chat, {{alice, time}});
    body["time"] = time;
    EXPECT_THAT(b.call(rpc::on_message_sent, body), HasStatus(200));

    const auto found = alice.catch_up({.since = pointer});
    ASSERT_THAT(found.bodies(), ElementsAre(time));
    EXPECT_EQ(part(found.events().front(), "/time"), time);
    const auto before = uuid_ticks(pointer);
    const auto after = uuid_ticks(*found.newest());
    ASSERT_TRUE(after) << *found.newest();
    EXPECT_GT(*after, *before);
    pointer = *found.newest();
  }
}

// FED-32  The same call twice is two messages.
TEST(Fed32, TheSameCallTwiceIsTwoMessages) {
  auto backend = Backend::under_test();
  const auto b = Peer::under_test("b");
  const auto alice = backend.user("alice").device();
  const auto bob = b.user("bob").device();
  const auto chat = conversation_at(bob, {alice});

  must_tell(bob, chat, {{alice, "hello"}});
  must_tell(bob, chat, {{alice, "hello"}});

  const auto messages = alice.catch_up().messages();
  ASSERT_THAT(messages, SizeIs(2));
  EXPECT_NE(messages.front().notification, messages.back().notification);
}

}  // namespace
}  // namespace twostep::conformance

#include <string>

#include "conformance/deliver/pushes.hpp"
#include "conformance/support/backend.hpp"
#include "conformance/support/bytes.hpp"
#include "conformance/support/match.hpp"

namespace twostep::conformance {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::UnorderedElementsAre;

// DLV-17  A message with `native_push: false` is stored and sent on sockets like any other.
TEST(Dlv17, WithoutNativePushItIsStoredAndSentAsEver) {
  auto backend = Backend::under_test();
  auto alice = backend.user("alice").device();
  auto bob = backend.user("bob").device();
  auto offline = bob.user().device();
  auto chat = conversation_of({alice, bob});
  auto socket = bob.open_socket();

  alice.must_send(chat, to_each({bob, offline}, "quiet"), {.native_push = false});

  EXPECT_TRUE(socket.receives("quiet"));
  EXPECT_THAT(bob.catch_up().bodies(), ElementsAre("quiet"));
  EXPECT_THAT(offline.catch_up().bodies(), ElementsAre("quiet"));
}

// DLV-17  … and causes no native push. Without the field native push is allowed, as with `true`.
TEST(Dlv17, OnlyNativePushFalseIsQuiet) {
  const auto gateway = PushSink::under_test();
  auto backend = Backend::under_test();
  auto alice = backend.user("alice").device();
  auto bob = backend.user("bob").device();
  auto chat = conversation_of({alice, bob});
  const auto token = pushed_to(bob, gateway);

  alice.must_send(chat, {{bob, "quiet"}}, {.native_push = false});
  alice.must_send(chat, {{bob, "without the field"}});
  const auto without_the_field = bob.newest();
  alice.must_send(chat, {{bob, "true"}}, {.native_push = true});

  EXPECT_THAT(ids_of(gateway.wait_for(token, 2)),
              UnorderedElementsAre(without_the_field, bob.newest()));
}

// DLV-18  A message for a client with a push token and no open socket causes a call of the push gateway
//         with that token, which names the user and the stored notification (S3).
//
// Two clients of a user, so that tokens and ids could be mixed up.
TEST(Dlv18, EachOfflineClientIsPushedItsOwnNotification) {
  const auto gateway = PushSink::under_test();
  auto backend = Backend::under_test();
  auto alice = backend.user("alice").device();
  auto phone = backend.user("bob").device();
  auto tablet = phone.user().device();
  auto chat = conversation_of({alice, phone});
  const auto phone_token = pushed_to(phone, gateway);
  const auto tablet_token = pushed_to(tablet, gateway);

  alice.must_send(chat, to_each({phone, tablet}, "hello"));

  for (const auto& [device, token] : {std::pair{phone, phone_token}, {tablet, tablet_token}}) {
    const auto pushes = gateway.wait_for(token);
    ASSERT_THAT(ids_of(pushes), ElementsAre(device.newest())) << device.name();
    auto body = pushes[0].body;
    EXPECT_EQ(body["payload"]["user"], device.user().id().id) << device.name();
  }
}

// DLV-19  No native push is made for a client that the notification reached over a socket (S3).
//
// When a backend notices that a socket was closed is open: messages are sent until one is pushed. Then
// the one that the socket had brought must not be among the pushed.
TEST(Dlv19, WhatASocketBroughtIsNotPushed) {
  const auto gateway = PushSink::under_test();
  auto backend = Backend::under_test();
  auto alice = backend.user("alice").device();
  auto bob = backend.user("bob").device();
  auto chat = conversation_of({alice, bob});
  const auto token = pushed_to(bob, gateway);
  auto socket = bob.open_socket();

  alice.must_send(chat, {{bob, "online"}});
  ASSERT_TRUE(socket.receives("online"));
  const auto online = socket.seen().newest().value();
  socket.close();
  const bool pushed = becomes_true([&] {
    alice.must_send(chat, {{bob, "offline"}});
    return !gateway.arrived(token).empty();
  });

  EXPECT_TRUE(pushed);
  EXPECT_THAT(ids_of(gateway.arrived(token)), Not(Contains(online)));
}

// DLV-20  A client that the message is not addressed to causes no native push.
//
// The fence is a message that is addressed to it, and must be what it is pushed first.
TEST(Dlv20, AClientThatWasNotAddressedIsNotPushed) {
  const auto gateway = PushSink::under_test();
  auto backend = Backend::under_test();
  auto alice = backend.user("alice").device();
  auto phone = backend.user("bob").device();
  auto tablet = phone.user().device();
  auto chat = conversation_of({alice, phone});
  const auto phone_token = pushed_to(phone, gateway);
  const auto tablet_token = pushed_to(tablet, gateway);

  alice.must_send(chat, {{phone, "hello"}}, {.strategy = ignore_all()});
  gateway.wait_for(phone_token);
  alice.must_send(chat, {{tablet, "fence"}}, {.strategy = ignore_all()});

  EXPECT_THAT(ids_of(gateway.wait_for(tablet_token)), ElementsAre(tablet.newest()));
}

// DLV-20  Nor does one of a user outside the conversation.
TEST(Dlv20, AUserOutsideIsNotPushed) {
  const auto gateway = PushSink::under_test();
  auto backend = Backend::under_test();
  auto alice = backend.user("alice").device();
  auto bob = backend.user("bob").device();
  auto eve = backend.user("eve").device();
  auto chat = conversation_of({alice, bob});
  auto other_chat = conversation_of({alice, eve});
  const auto bob_token = pushed_to(bob, gateway);
  const auto eve_token = pushed_to(eve, gateway);

  alice.must_send(chat, to_each({bob, eve}, "hello"));
  gateway.wait_for(bob_token);
  alice.must_send(other_chat, {{eve, "fence"}});

  EXPECT_THAT(ids_of(gateway.wait_for(eve_token)), ElementsAre(eve.newest()));
}

// DLV-20  Nor does the sending client, even if it addressed itself.
TEST(Dlv20, TheSenderIsNotPushed) {
  const auto gateway = PushSink::under_test();
  auto backend = Backend::under_test();
  auto alice = backend.user("alice").device();
  auto bob = backend.user("bob").device();
  auto chat = conversation_of({alice, bob});
  const auto alice_token = pushed_to(alice, gateway);
  const auto bob_token = pushed_to(bob, gateway);

  alice.must_send(chat, to_each({alice, bob}, "hello"));
  gateway.wait_for(bob_token);
  bob.must_send(chat, {{alice, "fence"}});

  EXPECT_THAT(ids_of(gateway.wait_for(alice_token)), ElementsAre(alice.newest()));
}

// DLV-21  The call of the push gateway carries neither ciphertext nor shared data.
//
// Both are looked for as they are and in base64, in everything the gateway was sent.
TEST(Dlv21, APushCarriesNoContent) {
  const auto gateway = PushSink::under_test();
  auto backend = Backend::under_test();
  auto alice = backend.user("alice").device();
  auto bob = backend.user("bob").device();
  auto chat = conversation_of({alice, bob});
  const auto token = pushed_to(bob, gateway);
  const auto ciphertext = random_hex(48);
  const auto shared = random_hex(48);

  alice.must_send(chat, {{bob, ciphertext}}, {.blob = shared});

  const auto pushes = gateway.wait_for(token);
  ASSERT_THAT(pushes, Not(IsEmpty()));
  for (const auto& push : pushes) {
    for (const auto& secret : {ciphertext, shared, to_base64(ciphertext), to_base64(shared)}) {
      EXPECT_THAT(push.body.dump(), Not(HasSubstr(secret)));
    }
  }
}

}  // namespace
}  // namespace twostep::conformance

#include <algorithm>
#include <string>

#include "conformance/support/backend.hpp"
#include "conformance/support/match.hpp"

namespace twostep::conformance {
namespace {

using ::testing::UnorderedElementsAre;
using ::testing::UnorderedElementsAreArray;

// DLV-01  A client that is online receives a message over its websocket (S3).
TEST(Dlv01, AnOnlineClientReceivesTheMessageOnItsSocket) {
  auto backend = Backend::under_test();
  auto alice = backend.user("alice").device();
  auto bob = backend.user("bob").device();
  auto chat = conversation_of({alice, bob});
  auto socket = bob.open_socket();

  alice.must_send(chat, {{bob, "hello"}});

  EXPECT_TRUE(socket.receives("hello"));
}

// DLV-01  … one frame for each notification, also for one that is no message.
//
// Everything that the inbox gains while the socket is open is compared with what the socket said.
TEST(Dlv01, EveryNotificationIsOneFrame) {
  auto backend = Backend::under_test();
  auto alice = backend.user("alice").device();
  auto bob = backend.user("bob").device();
  const auto since = bob.newest();
  auto socket = bob.open_socket();

  auto chat = conversation_of({alice, bob});
  for (const auto* body : {"one", "two", "fence"}) alice.must_send(chat, {{bob, body}});

  const auto frames = socket.notifications_until("fence").ids();
  EXPECT_THAT(frames, UnorderedElementsAreArray(bob.catch_up({.since = since}).ids()));
}

// DLV-02  A frame has the id and the payload of the stored notification, so that a client may move its
//         pointer with it (L5).
TEST(Dlv02, AFrameIsTheStoredNotification) {
  auto backend = Backend::under_test();
  auto alice = backend.user("alice").device();
  auto bob = backend.user("bob").device();
  auto socket = bob.open_socket();
  auto chat = conversation_of({alice, bob});
  alice.must_send(chat, {{bob, "hello"}}, {.blob = "shared"});

  const auto frames = socket.notifications_until("hello").list();

  const auto inbox = bob.catch_up().list();
  for (const auto& frame : frames) {
    const auto single = bob.notification(frame.id);
    ASSERT_THAT(single, HasStatus(200)) << frame.id;
    EXPECT_EQ(single.json["payload"], frame.payload);
    const auto stored = std::find_if(inbox.begin(), inbox.end(),
                                     [&](const auto& other) { return other.id == frame.id; });
    ASSERT_NE(stored, inbox.end()) << frame.id;
    EXPECT_EQ(stored->payload, frame.payload);
  }
}

// DLV-03  A socket of a client gets nothing that is for other clients only.
//
// The fence goes to both. Each socket is first asked for its own message, so that it does not matter in
// which order a backend sends frames.
TEST(Dlv03, AMessageAppearsOnTheSocketOfItsClientAlone) {
  auto backend = Backend::under_test();
  auto alice = backend.user("alice").device();
  auto phone = backend.user("bob").device();
  auto tablet = phone.user().device();
  auto chat = conversation_of({alice, phone});
  auto on_phone = phone.open_socket();
  auto on_tablet = tablet.open_socket();

  alice.must_send(chat, {{phone, "to the phone"}}, {.strategy = ignore_all()});
  alice.must_send(chat, {{tablet, "to the tablet"}}, {.strategy = ignore_all()});
  alice.must_send(chat, to_each({phone, tablet}, "fence"));

  EXPECT_TRUE(on_phone.receives("to the phone"));
  EXPECT_TRUE(on_tablet.receives("to the tablet"));
  EXPECT_THAT(on_phone.bodies_until("fence"), UnorderedElementsAre("to the phone", "fence"));
  EXPECT_THAT(on_tablet.bodies_until("fence"), UnorderedElementsAre("to the tablet", "fence"));
}

// DLV-03  … but all that is for all clients of the user.
TEST(Dlv03, WhatIsForAllClientsAppearsOnTheSocketOfEach) {
  auto backend = Backend::under_test();
  auto alice = backend.user("alice").device();
  auto phone = backend.user("bob").device();
  auto tablet = phone.user().device();
  auto on_phone = phone.open_socket();
  auto on_tablet = tablet.open_socket();

  conversation_of({alice, phone});

  EXPECT_TRUE(on_phone.wait_for_event("conversation.create"));
  EXPECT_TRUE(on_tablet.wait_for_event("conversation.create"));
}

// DLV-04  A socket that names no client gets every notification of the user.
TEST(Dlv04, WithoutAClientASocketGetsEverything) {
  auto backend = Backend::under_test();
  auto alice = backend.user("alice").device();
  auto phone = backend.user("bob").device();
  auto tablet = phone.user().device();
  auto everything = phone.open_socket({.path = "/await"});
  auto chat = conversation_of({alice, phone});

  alice.must_send(chat, {{phone, "to the phone"}, {tablet, "to the tablet"}});

  EXPECT_TRUE(everything.receives("to the phone"));
  EXPECT_TRUE(everything.receives("to the tablet"));
  EXPECT_TRUE(everything.wait_for_event("conversation.create"));
}

}  // namespace
}  // namespace twostep::conformance

#include <string>

#include "conformance/support/backend.hpp"
#include "conformance/support/match.hpp"

namespace twostep::conformance {
namespace {

using ::testing::ElementsAre;

const std::string client_that_nobody_has = "badc0ffee0ddf00d";

// SND-33  A sender who is not a member cannot tell a conversation from one that does not exist.
TEST(Snd33, AStrangerCannotTellThatAConversationExists) {
  auto backend = Backend::under_test();
  auto alice = backend.user("alice").device();
  auto bob = backend.user("bob").device();
  auto stranger = backend.user("stranger").device();
  auto chat = conversation_of({alice, bob});

  const auto to_existing = stranger.send(chat, {{alice, "hello"}});
  const auto to_none = stranger.send(no_conversation(), {{alice, "hello"}});

  EXPECT_THAT(to_existing, IsError(404, "no-conversation"));
  EXPECT_THAT(to_none, IsError(404, "no-conversation"));
  EXPECT_EQ(to_existing.json, to_none.json);
}

// SND-33  Nor can one who was a member.
TEST(Snd33, AMemberWhoWasRemovedIsAStranger) {
  auto backend = Backend::under_test();
  auto alice = backend.user("alice").device();
  auto bob = backend.user("bob").device();
  auto chat = conversation_of({alice, bob});
  require_setup(remove_member(alice, chat, bob), {200}, "removing bob");

  const auto reply = bob.send(chat, {{alice, "hello"}});

  EXPECT_THAT(reply, IsError(404, "no-conversation"));
}

// SND-34  A `sender` that is not a client of the sending user is answered 403 `unknown-client`:
//         whether nobody has it or another member does.
TEST(Snd34, TheSenderMustBeAClientOfItsUser) {
  auto backend = Backend::under_test();
  auto alice = backend.user("alice").device();
  auto bob = backend.user("bob").device();
  auto chat = conversation_of({alice, bob});

  const auto as_nobody = alice.send(chat, {{bob, "hello"}}, {.sender = client_that_nobody_has});
  const auto as_bob = alice.send(chat, {{bob, "hello"}}, {.sender = bob.id()});

  EXPECT_THAT(as_nobody, IsError(403, "unknown-client"));
  EXPECT_THAT(as_bob, IsError(403, "unknown-client"));
}

// SND-35  Membership is checked before the sending client …
TEST(Snd35, MembershipIsCheckedBeforeTheSendingClient) {
  auto backend = Backend::under_test();
  auto alice = backend.user("alice").device();
  auto bob = backend.user("bob").device();
  auto stranger = backend.user("stranger").device();
  auto chat = conversation_of({alice, bob});

  const auto reply = stranger.send(chat, {}, {.sender = client_that_nobody_has});

  EXPECT_THAT(reply, IsError(404, "no-conversation"));
}

// SND-35  … and the sending client before missing clients.
TEST(Snd35, TheSendingClientIsCheckedBeforeMissingClients) {
  auto backend = Backend::under_test();
  auto alice = backend.user("alice").device();
  auto bob = backend.user("bob").device();
  auto chat = conversation_of({alice, bob});

  const auto reply = alice.send(chat, {}, {.sender = client_that_nobody_has});

  EXPECT_THAT(reply, IsError(403, "unknown-client"));
}

// SND-36  A message answered 400, 403 or 404 is delivered to nobody.
//
// After all three a correct message is the first thing that the addressed client receives, in its
// inbox and on its socket.
TEST(Snd36, WhatIsRefusedReachesNobody) {
  auto backend = Backend::under_test();
  auto alice = backend.user("alice").device();
  auto bob = backend.user("bob").device();
  auto stranger = backend.user("stranger").device();
  auto chat = conversation_of({alice, bob});
  auto socket = bob.open_socket();

  const auto bad = alice.send(chat, {{bob, "bad"}}, {.strategy = no_strategy()});
  const auto unknown = alice.send(chat, {{bob, "unknown"}}, {.sender = client_that_nobody_has});
  const auto strange = stranger.send(chat, to_each({alice, bob}, "strange"));
  alice.must_send(chat, {{bob, "fence"}});
  bob.must_send(chat, {{alice, "fence"}});

  EXPECT_THAT(bad, HasStatus(400));
  EXPECT_THAT(unknown, HasStatus(403));
  EXPECT_THAT(strange, HasStatus(404));
  EXPECT_THAT(bob.catch_up().bodies(), ElementsAre("fence"));
  EXPECT_THAT(alice.catch_up().bodies(), ElementsAre("fence"));
  EXPECT_THAT(socket.bodies_until("fence"), ElementsAre("fence"));
}

}  // namespace
}  // namespace twostep::conformance

#include "conformance/support/backend.hpp"
#include "conformance/support/match.hpp"

namespace twostep::conformance {
namespace {

using ::testing::IsEmpty;

/// The same client with another access token, and so with a connection of its own.
Device other_login(const Device& device) {
  return {device.user(), device.name() + "'s other login", device.id(), device.user().new_token()};
}

// DLV-05  Sockets that were opened with different access tokens are independent, also if they name the
//         same client.
TEST(Dlv05, TwoLoginsOfAClientBothGetTheFrame) {
  auto backend = Backend::under_test();
  auto alice = backend.user("alice").device();
  auto bob = backend.user("bob").device();
  auto chat = conversation_of({alice, bob});
  auto one = bob.open_socket();
  auto other = other_login(bob).open_socket();

  alice.must_send(chat, {{bob, "hello"}});

  EXPECT_TRUE(one.receives("hello"));
  EXPECT_TRUE(other.receives("hello"));
}

// DLV-05  … and one of them may go without the other noticing.
TEST(Dlv05, ClosingOneLeavesTheOther) {
  auto backend = Backend::under_test();
  auto alice = backend.user("alice").device();
  auto bob = backend.user("bob").device();
  auto chat = conversation_of({alice, bob});
  auto stays = bob.open_socket();
  auto goes = other_login(bob).open_socket();
  goes.close();

  alice.must_send(chat, {{bob, "hello"}});

  EXPECT_TRUE(stays.receives("hello"));
}

// DLV-06  An event that a request caused is not sent on the socket of the access token that the request
//         carried, but on the other sockets of the acting user.
//
// A message of Bob in the new conversation is the fence on the silent socket.
TEST(Dlv06, AnEventIsNotEchoedToTheLoginThatCausedIt) {
  auto backend = Backend::under_test();
  auto alice = backend.user("alice").device();
  auto bob = backend.user("bob").device();
  connect(alice, bob);
  const Device acting{alice.user(), "alice, acting", alice.id(), alice.user().token()};
  auto own = acting.open_socket();
  auto other = alice.open_socket();

  const auto created = create_conversation(acting, {bob});
  require_setup(created, {201}, "creating a conversation");
  bob.must_send(conversation_in(created), {{alice, "fence"}});

  EXPECT_TRUE(other.wait_for_event("conversation.create"));
  EXPECT_THAT(own.notifications_until("fence").events("conversation.create"), IsEmpty());
}

// DLV-07  Of two sockets with the same access token the newer gets the frames.
//
// What becomes of the older is open. That it is closed later must not silence the newer.
TEST(Dlv07, OfTwoSocketsOfOneLoginTheNewerGetsTheFrames) {
  auto backend = Backend::under_test();
  auto alice = backend.user("alice").device();
  auto bob = backend.user("bob").device();
  auto chat = conversation_of({alice, bob});
  auto older = bob.open_socket();
  auto newer = bob.open_socket();

  alice.must_send(chat, {{bob, "hello"}});
  EXPECT_TRUE(newer.receives("hello"));

  older.close();
  alice.must_send(chat, {{bob, "and again"}});
  EXPECT_TRUE(newer.receives("and again"));
}

}  // namespace
}  // namespace twostep::conformance

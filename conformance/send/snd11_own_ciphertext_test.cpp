#include <string>

#include "conformance/support/backend.hpp"
#include "conformance/support/bytes.hpp"
#include "conformance/support/match.hpp"

namespace twostep::conformance {
namespace {

using ::testing::ElementsAre;

// SND-11  Each valid client receives the ciphertext that was addressed to it, and none that was
//         addressed to another.
//
// Random bytes, so that no client's share can be mistaken for another's.
TEST(Snd11, EachClientReceivesItsOwnCiphertextOnly) {
  auto backend = Backend::under_test();
  auto alice = backend.user("alice").device();
  auto bob = backend.user("bob").device();
  auto tablet = bob.user().device();
  auto chris = backend.user("chris").device();
  auto chat = conversation_of({alice, bob, chris});
  const auto for_bob = random_bytes(300);
  const auto for_tablet = random_bytes(300);
  const auto for_chris = random_bytes(300);

  const auto reply = alice.send(chat, {{bob, for_bob}, {tablet, for_tablet}, {chris, for_chris}});

  EXPECT_THAT(reply, Acknowledged());
  EXPECT_THAT(bob.catch_up().bodies(), ElementsAre(for_bob));
  EXPECT_THAT(tablet.catch_up().bodies(), ElementsAre(for_tablet));
  EXPECT_THAT(chris.catch_up().bodies(), ElementsAre(for_chris));
}

// SND-11  … byte for byte: every byte there is, nothing at all, and much.
TEST(Snd11, CiphertextsArriveByteForByte) {
  auto backend = Backend::under_test();
  auto alice = backend.user("alice").device();
  auto bob = backend.user("bob").device();
  auto chat = conversation_of({alice, bob});
  std::string every_byte;
  for (int byte = 0; byte < 256; ++byte) every_byte += static_cast<char>(byte);
  const auto much = random_bytes(100'000);

  for (const auto& body : {every_byte, std::string{}, much}) {
    EXPECT_THAT(alice.send(chat, {{bob, body}}), Acknowledged());
  }

  EXPECT_THAT(bob.catch_up().bodies(), ElementsAre(every_byte, "", much));
}

// SND-12  A client that was not addressed receives nothing, also when it is a client of a member and
//         the strategy lets the message pass without it.
//
// Left out are another client of an addressed user, which shares its inbox, and a user altogether.
// The fence shows that both can receive.
TEST(Snd12, AClientThatWasNotAddressedReceivesNothing) {
  auto backend = Backend::under_test();
  auto alice = backend.user("alice").device();
  auto bob = backend.user("bob").device();
  auto tablet = bob.user().device();
  auto chris = backend.user("chris").device();
  auto chat = conversation_of({alice, bob, chris});

  const auto reply = alice.send(chat, {{bob, "hello"}}, {.strategy = ignore_all()});
  alice.must_send(chat, to_each({bob, tablet, chris}, "fence"));

  EXPECT_THAT(reply, Acknowledged());
  EXPECT_THAT(tablet.catch_up().bodies(), ElementsAre("fence"));
  EXPECT_THAT(chris.catch_up().bodies(), ElementsAre("fence"));
}

// SND-12  Nor does its socket.
TEST(Snd12, NothingComesOnItsSocketEither) {
  auto backend = Backend::under_test();
  auto alice = backend.user("alice").device();
  auto bob = backend.user("bob").device();
  auto tablet = bob.user().device();
  auto chat = conversation_of({alice, bob});
  auto socket = tablet.open_socket();

  alice.must_send(chat, {{bob, "hello"}}, {.strategy = ignore_all()});
  alice.must_send(chat, to_each({bob, tablet}, "fence"));

  EXPECT_THAT(socket.bodies_until("fence"), ElementsAre("fence"));
}

// SND-13  A user who is not a member receives nothing, even if addressed.
//
// The fence reaches that user in another conversation.
TEST(Snd13, AUserOutsideReceivesNothing) {
  auto backend = Backend::under_test();
  auto alice = backend.user("alice").device();
  auto bob = backend.user("bob").device();
  auto eve = backend.user("eve").device();
  auto chat = conversation_of({alice, bob});
  auto other_chat = conversation_of({alice, eve});

  const auto reply = alice.send(chat, to_each({bob, eve}, "hello"));
  alice.must_send(other_chat, {{eve, "fence"}});

  EXPECT_THAT(reply, Acknowledged());
  EXPECT_THAT(eve.catch_up().bodies(), ElementsAre("fence"));
}

// SND-14  The sending client never receives its own message; if it addressed itself it is reported
//         in `redundant`, and the message is sent to the others.
//
// Bob's message is the fence in Alice's inbox and on her socket.
TEST(Snd14, TheSendingClientReceivesNothingOfItsOwn) {
  auto backend = Backend::under_test();
  auto alice = backend.user("alice").device();
  auto bob = backend.user("bob").device();
  auto chat = conversation_of({alice, bob});
  auto socket = alice.open_socket();

  const auto reply = alice.send(chat, to_each({alice, bob}, "hello"));
  bob.must_send(chat, {{alice, "fence"}});

  EXPECT_THAT(reply, Acknowledged());
  EXPECT_THAT(reply, Redundant({alice}));
  EXPECT_THAT(reply, Deleted({}));
  EXPECT_THAT(bob.catch_up().bodies(), ElementsAre("hello"));
  EXPECT_THAT(alice.catch_up().bodies(), ElementsAre("fence"));
  EXPECT_THAT(socket.bodies_until("fence"), ElementsAre("fence"));
}

// SND-14  … and need not address itself: it is never missing.
TEST(Snd14, TheSendingClientIsNotExpected) {
  auto backend = Backend::under_test();
  auto alice = backend.user("alice").device();
  auto bob = backend.user("bob").device();
  auto chat = conversation_of({alice, bob});

  const auto reply = alice.send(chat, {});

  EXPECT_THAT(reply, RefusedForMissing({bob}));
}

}  // namespace
}  // namespace twostep::conformance

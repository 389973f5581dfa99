#include "conformance/support/backend.hpp"
#include "conformance/support/bytes.hpp"
#include "conformance/support/match.hpp"

namespace twostep::conformance {
namespace {

using ::testing::ElementsAre;

Address client_that_nobody_has(const User& user) { return {user.id(), "badc0ffee0ddf00d"}; }

// SND-19  With `report_all`, `missing` names exactly the expected clients that were not addressed.
//
// Missing are one of two clients of a member, the only client of another, and one of the sender's.
TEST(Snd19, MissingNamesExactlyWhoWasLeftOut) {
  auto backend = Backend::under_test();
  auto alice = backend.user("alice").device();
  auto laptop = alice.user().device();
  auto bob = backend.user("bob").device();
  auto tablet = bob.user().device();
  auto chris = backend.user("chris").device();
  auto chat = conversation_of({alice, bob, chris});

  const auto reply = alice.send(chat, {{bob, "hello"}});

  EXPECT_THAT(reply, RefusedForMissing({laptop, tablet, chris}));
}

// SND-19  A single client that was left out is enough.
TEST(Snd19, OneMissingClientIsEnough) {
  auto backend = Backend::under_test();
  auto alice = backend.user("alice").device();
  auto bob = backend.user("bob").device();
  auto tablet = bob.user().device();
  auto chris = backend.user("chris").device();
  auto chat = conversation_of({alice, bob, chris});

  const auto reply = alice.send(chat, to_each({bob, tablet}, "hello"));

  EXPECT_THAT(reply, RefusedForMissing({chris}));
}

// SND-20  A message answered 412 is stored for nobody and sent on no socket (S13).
//
// A second, complete message is the first thing that any addressed client receives.
TEST(Snd20, ARefusedMessageReachesNobody) {
  auto backend = Backend::under_test();
  auto alice = backend.user("alice").device();
  auto bob = backend.user("bob").device();
  auto tablet = bob.user().device();
  auto chris = backend.user("chris").device();
  auto chat = conversation_of({alice, bob, chris});
  auto socket = bob.open_socket();

  const auto reply = alice.send(chat, to_each({bob, tablet}, "refused"));
  alice.must_send(chat, to_each({bob, tablet, chris}, "fence"));

  EXPECT_THAT(reply, RefusedForMissing({chris}));
  EXPECT_THAT(bob.catch_up().bodies(), ElementsAre("fence"));
  EXPECT_THAT(tablet.catch_up().bodies(), ElementsAre("fence"));
  EXPECT_THAT(socket.bodies_until("fence"), ElementsAre("fence"));
}

// SND-21  An addressed client id that the member does not have is reported in `deleted`.
TEST(Snd21, AClientThatAMemberNeverHadIsReportedAsDeleted) {
  auto backend = Backend::under_test();
  auto alice = backend.user("alice").device();
  auto bob = backend.user("bob").device();
  auto chat = conversation_of({alice, bob});

  const auto reply = alice.send(chat, to_each({bob, client_that_nobody_has(bob)}, "hello"));

  EXPECT_THAT(reply, Acknowledged());
  EXPECT_THAT(reply, Deleted({client_that_nobody_has(bob)}));
  EXPECT_THAT(reply, Redundant({}));
  EXPECT_THAT(bob.catch_up().bodies(), ElementsAre("hello"));
}

// SND-21  So is one that another member has: a client is a client of its user only.
TEST(Snd21, AClientOfAnotherMemberIsReportedAsDeleted) {
  auto backend = Backend::under_test();
  auto alice = backend.user("alice").device();
  auto bob = backend.user("bob").device();
  auto chris = backend.user("chris").device();
  auto chat = conversation_of({alice, bob, chris});
  const Address chris_as_bob{bob.user().id(), chris.id()};

  const auto reply =
      alice.send(chat, {{bob, "to bob"}, {chris_as_bob, "to nobody"}, {chris, "to chris"}});

  EXPECT_THAT(reply, Acknowledged());
  EXPECT_THAT(reply, Deleted({chris_as_bob}));
  EXPECT_THAT(chris.catch_up().bodies(), ElementsAre("to chris"));
}

// SND-22  An addressed client of a user who is not a member is reported in `redundant`.
TEST(Snd22, AClientOfAUserOutsideIsReportedAsRedundant) {
  auto backend = Backend::under_test();
  auto alice = backend.user("alice").device();
  auto bob = backend.user("bob").device();
  auto eve = backend.user("eve").device();
  auto chat = conversation_of({alice, bob});

  const auto reply = alice.send(chat, to_each({bob, eve}, "hello"));

  EXPECT_THAT(reply, Acknowledged());
  EXPECT_THAT(reply, Redundant({eve}));
  EXPECT_THAT(reply, Deleted({}));
}

// SND-22  Also if there is no such user: the answer does not tell who exists.
TEST(Snd22, SoIsAClientOfAUserWhoDoesNotExist) {
  auto backend = Backend::under_test();
  auto alice = backend.user("alice").device();
  auto bob = backend.user("bob").device();
  auto chat = conversation_of({alice, bob});
  const Address nobody{{random_uuid(), backend.domain()}, "badc0ffee0ddf00d"};

  const auto reply = alice.send(chat, to_each({bob, nobody}, "hello"));

  EXPECT_THAT(reply, Acknowledged());
  EXPECT_THAT(reply, Redundant({nobody}));
  EXPECT_THAT(reply, Deleted({}));
}

// SND-23  Redundant and deleted clients never prevent a message from being sent, and are reported.
TEST(Snd23, RedundantAndDeletedClientsPreventNothing) {
  auto backend = Backend::under_test();
  auto alice = backend.user("alice").device();
  auto bob = backend.user("bob").device();
  auto eve = backend.user("eve").device();
  auto chat = conversation_of({alice, bob});

  const auto reply = alice.send(chat, to_each({bob, client_that_nobody_has(bob), eve}, "hello"));

  EXPECT_THAT(reply, Acknowledged());
  EXPECT_THAT(reply, Deleted({client_that_nobody_has(bob)}));
  EXPECT_THAT(reply, Redundant({eve}));
  EXPECT_THAT(bob.catch_up().bodies(), ElementsAre("hello"));
}

// SND-23  … in the 412 as well as in the 201.
TEST(Snd23, TheyAreReportedInTheRefusalAsWell) {
  auto backend = Backend::under_test();
  auto alice = backend.user("alice").device();
  auto bob = backend.user("bob").device();
  auto eve = backend.user("eve").device();
  auto chat = conversation_of({alice, bob});

  const auto reply = alice.send(chat, to_each({client_that_nobody_has(bob), eve}, "hello"));

  EXPECT_THAT(reply, RefusedForMissing({bob}));
  EXPECT_THAT(reply, Deleted({client_that_nobody_has(bob)}));
  EXPECT_THAT(reply, Redundant({eve}));
}

}  // namespace
}  // namespace twostep::conformance

#include "conformance/support/backend.hpp"
#include "conformance/support/match.hpp"

namespace twostep::conformance {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

// SND-28  After a 412 the same message, completed with a ciphertext for each missing client, is
//         accepted and delivered once to every valid client.
//
// As a client does it: prekeys are claimed for what `missing` names, and for nothing else.
TEST(Snd28, ACompletedMessageIsDeliveredOnceToEverybody) {
  auto backend = Backend::under_test();
  auto alice = backend.user("alice").device();
  auto bob = backend.user("bob").device();
  auto tablet = bob.user().device();
  auto chat = conversation_of({alice, bob});
  Recipients recipients = {{bob, "hello"}};

  const auto refused = alice.send(chat, recipients);
  const auto missing = clients_in(refused, "missing");
  require_setup(alice.claim_prekeys(missing), {200}, "claiming prekeys");
  for (const auto& client : missing) recipients.push_back({client, "hello"});
  const auto completed = alice.send(chat, recipients);

  EXPECT_THAT(refused, RefusedForMissing({tablet}));
  EXPECT_THAT(completed, Acknowledged());
  EXPECT_THAT(bob.catch_up().bodies(), ElementsAre("hello"));
  EXPECT_THAT(tablet.catch_up().bodies(), ElementsAre("hello"));
}

// SND-29  The last of several occurrences counts: of a client within a user …
TEST(Snd29, OfAClientThatOccursTwiceTheLastCounts) {
  auto backend = Backend::under_test();
  auto alice = backend.user("alice").device();
  auto bob = backend.user("bob").device();
  auto chat = conversation_of({alice, bob});

  const auto reply = alice.send(chat, {{bob, "first"}, {bob, "second"}});

  EXPECT_THAT(reply, Acknowledged());
  EXPECT_THAT(bob.catch_up().bodies(), ElementsAre("second"));
}

// SND-29  … of a user within a domain. The entries are not merged: the client that only the first
//         one names is not addressed.
TEST(Snd29, OfAUserWhoOccursTwiceTheLastCounts) {
  auto backend = Backend::under_test();
  auto alice = backend.user("alice").device();
  auto bob = backend.user("bob").device();
  auto tablet = bob.user().device();
  auto chris = backend.user("chris").device();
  auto chat = conversation_of({alice, bob, chris});

  // Chris stands between the two, so that they are two entries on the wire.
  const Recipients bob_twice = {{bob, "to bob"}, {chris, "to chris"}, {tablet, "to the tablet"}};
  const auto reported = alice.send(chat, bob_twice);
  const auto reply = alice.send(chat, bob_twice, {.strategy = ignore_all()});
  alice.must_send(chat, {{bob, "fence"}}, {.strategy = ignore_all()});

  EXPECT_THAT(reported, RefusedForMissing({bob}));
  EXPECT_THAT(reply, Acknowledged());
  EXPECT_THAT(bob.catch_up().bodies(), ElementsAre("fence"));
  EXPECT_THAT(tablet.catch_up().bodies(), ElementsAre("to the tablet"));
}

// SND-29  … and of a domain.
//
// Two protobuf messages in a row are one: the recipients of the second are added to the first's.
TEST(Snd29, OfADomainThatOccursTwiceTheLastCounts) {
  auto backend = Backend::under_test();
  auto alice = backend.user("alice").device();
  auto bob = backend.user("bob").device();
  auto chris = backend.user("chris").device();
  auto chat = conversation_of({alice, bob, chris});
  const SendOptions domain_again = {
      .strategy = ignore_all(),
      .appended = encode_message(alice.id(), {{chris, "to chris"}}, {.strategy = no_strategy()})};

  const auto reply = alice.send(chat, {{bob, "to bob"}}, domain_again);
  alice.must_send(chat, {{bob, "fence"}}, {.strategy = ignore_all()});

  EXPECT_THAT(reply, Acknowledged());
  EXPECT_THAT(bob.catch_up().bodies(), ElementsAre("fence"));
  EXPECT_THAT(chris.catch_up().bodies(), ElementsAre("to chris"));
}

// SND-30  A request without recipients is refused if a client is missing, like any other …
TEST(Snd30, AMessageToNobodyIsMissingEverybody) {
  auto backend = Backend::under_test();
  auto alice = backend.user("alice").device();
  auto laptop = alice.user().device();
  auto bob = backend.user("bob").device();
  auto chat = conversation_of({alice, bob});

  const auto reply = alice.send(chat, {});

  EXPECT_THAT(reply, RefusedForMissing({laptop, bob}));
}

// SND-30  … and otherwise answered 201.
TEST(Snd30, AMessageToNobodyIsAcknowledgedIfNothingIsMissing) {
  auto backend = Backend::under_test();
  auto alice = backend.user("alice").device();
  auto bob = backend.user("bob").device();
  auto chat = conversation_of({alice, bob});

  const auto reply = alice.send(chat, {}, {.strategy = ignore_all()});

  EXPECT_THAT(reply, Acknowledged());
  EXPECT_THAT(bob.catch_up().bodies(), IsEmpty());
}

// SND-31  A message without a strategy is answered 400 `bad-request`.
TEST(Snd31, AMessageWithoutAStrategyIsABadRequest) {
  auto backend = Backend::under_test();
  auto alice = backend.user("alice").device();
  auto bob = backend.user("bob").device();
  auto chat = conversation_of({alice, bob});

  const auto reply = alice.send(chat, {{bob, "hello"}}, {.strategy = no_strategy()});

  EXPECT_THAT(reply, IsError(400, "bad-request"));
}

// SND-32  Of several strategies the last on the wire counts, whichever field number it has.
TEST(Snd32, OfTwoStrategiesTheLastCounts) {
  auto backend = Backend::under_test();
  auto alice = backend.user("alice").device();
  auto bob = backend.user("bob").device();
  auto chat = conversation_of({alice, bob});

  const auto ignoring =
      alice.send(chat, {}, {.strategy = report_all(), .appended = encode_strategy(ignore_all())});
  const auto reporting =
      alice.send(chat, {}, {.strategy = ignore_all(), .appended = encode_strategy(report_all())});

  EXPECT_THAT(ignoring, Acknowledged());
  EXPECT_THAT(reporting, RefusedForMissing({bob}));
}

}  // namespace
}  // namespace twostep::conformance

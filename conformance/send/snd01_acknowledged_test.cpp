#include "conformance/support/backend.hpp"
#include "conformance/support/match.hpp"

namespace twostep::conformance {
namespace {

using ::testing::ElementsAre;
using ::testing::Field;

// SND-01  If no client is missing, the message is answered 201, and the body says that none is.
TEST(Snd01, ACompleteMessageIsAcknowledged) {
  auto backend = Backend::under_test();
  auto alice = backend.user("alice").device();
  auto bob = backend.user("bob");
  auto phone = bob.device();
  auto tablet = bob.device();
  auto chat = conversation_of({alice, bob});

  const auto reply = alice.send(chat, {{phone, "to the phone"}, {tablet, "to the tablet"}});

  EXPECT_THAT(reply, Acknowledged());
}

// SND-01  Nobody is expected of a member who is alone with a single client, so that even a message
//         to nobody is complete.
TEST(Snd01, SoIsAMessageToNobodyIfNobodyIsExpected) {
  auto backend = Backend::under_test();
  auto alice = backend.user("alice").device();
  auto chat = conversation_of({alice});

  const auto reply = alice.send(chat, {});

  EXPECT_THAT(reply, Acknowledged());
}

// SND-02  A message that is answered 201 is stored (S2).
//
// One catch-up, right after the answer, without waiting or repeating: what is not there now was not
// stored when it was acknowledged.
TEST(Snd02, AnAcknowledgedMessageIsInTheInboxAtOnce) {
  auto backend = Backend::under_test();
  auto alice = backend.user("alice").device();
  auto bob = backend.user("bob").device();
  auto chat = conversation_of({alice, bob});

  const auto reply = alice.send(chat, {{bob, "hello"}});

  EXPECT_THAT(reply, Acknowledged());
  EXPECT_THAT(bob.catch_up().bodies(), ElementsAre("hello"));
}

// SND-02  It is stored for every valid client: of each recipient, and of the sender.
TEST(Snd02, AnAcknowledgedMessageIsInEveryInbox) {
  auto backend = Backend::under_test();
  auto alice = backend.user("alice").device();
  auto laptop = alice.user().device();
  auto bob = backend.user("bob").device();
  auto tablet = bob.user().device();
  auto chat = conversation_of({alice, bob});

  const auto reply = alice.send(chat, to_each({laptop, bob, tablet}, "hello"));

  EXPECT_THAT(reply, Acknowledged());
  EXPECT_THAT(laptop.catch_up().bodies(), ElementsAre("hello"));
  EXPECT_THAT(bob.catch_up().bodies(), ElementsAre("hello"));
  EXPECT_THAT(tablet.catch_up().bodies(), ElementsAre("hello"));
}

// SND-08  `time` in the answer is the `time` of the event at every recipient client.
TEST(Snd08, TheAnswerHasTheTimeOfTheEvents) {
  auto backend = Backend::under_test();
  auto alice = backend.user("alice").device();
  auto bob = backend.user("bob").device();
  auto tablet = bob.user().device();
  auto chat = conversation_of({alice, bob});

  const auto reply = alice.must_send(chat, to_each({bob, tablet}, "hello"));

  const auto time = reply.json.value("time", "the answer has no time");
  EXPECT_THAT(bob.catch_up().messages(), ElementsAre(Field("time", &Message::time, time)));
  EXPECT_THAT(tablet.catch_up().messages(), ElementsAre(Field("time", &Message::time, time)));
}

// SND-10  There is no duplicate detection: the same body sent again is another message, and is
//         delivered again under another notification id.
//
// Another id is not asserted here: `catch_up` fails if an id comes twice.
TEST(Snd10, TheSameBodySentAgainIsAnotherMessage) {
  auto backend = Backend::under_test();
  auto alice = backend.user("alice").device();
  auto bob = backend.user("bob").device();
  auto chat = conversation_of({alice, bob});
  const auto body = encode_message(alice.id(), {{bob, "hello"}}, {});

  const auto first = alice.post_message(chat, body);
  const auto again = alice.post_message(chat, body);

  EXPECT_THAT(first, Acknowledged());
  EXPECT_THAT(again, Acknowledged());
  EXPECT_THAT(bob.catch_up().bodies(), ElementsAre("hello", "hello"));
}

}  // namespace
}  // namespace twostep::conformance

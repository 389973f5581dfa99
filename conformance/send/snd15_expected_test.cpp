#include <string>

#include "conformance/support/backend.hpp"
#include "conformance/support/match.hpp"
#include "conformance/support/outcome.hpp"

namespace twostep::conformance {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::Not;

// SND-15  The sender's other clients are expected like those of any member: missing if left out.
TEST(Snd15, TheSendersOtherClientIsMissingIfLeftOut) {
  auto backend = Backend::under_test();
  auto alice = backend.user("alice").device();
  auto laptop = alice.user().device();
  auto bob = backend.user("bob").device();
  auto chat = conversation_of({alice, bob});

  const auto reply = alice.send(chat, {{bob, "hello"}});

  EXPECT_THAT(reply, RefusedForMissing({laptop}));
}

// SND-15  … and they receive the message if addressed.
TEST(Snd15, TheSendersOtherClientReceivesTheMessage) {
  auto backend = Backend::under_test();
  auto alice = backend.user("alice").device();
  auto laptop = alice.user().device();
  auto bob = backend.user("bob").device();
  auto chat = conversation_of({alice, bob});

  const auto reply = alice.send(chat, {{bob, "to bob"}, {laptop, "to the laptop"}});

  EXPECT_THAT(reply, Acknowledged());
  EXPECT_THAT(reply, Redundant({}));
  EXPECT_THAT(laptop.catch_up().bodies(), ElementsAre("to the laptop"));
}

// SND-16  A client registered before a request is sent is expected by that request.
//
// A message goes through before, so that a backend that remembers clients has something to remember.
TEST(Snd16, ANewClientIsExpectedAtOnce) {
  auto backend = Backend::under_test();
  auto alice = backend.user("alice").device();
  auto bob = backend.user("bob").device();
  auto chat = conversation_of({alice, bob});
  alice.must_send(chat, {{bob, "before"}});

  auto tablet = bob.user().device();
  const auto reply = alice.send(chat, {{bob, "hello"}});

  EXPECT_THAT(reply, RefusedForMissing({tablet}));
}

/// Sends to `addressed` until a message reports the deleted client, as a correct backend may need a
/// moment for it. The last reply, and what it sent.
struct Reported {
  Reply reply;
  std::string body;
};
Reported send_until_reported(const Device& sender, const Conversation& chat, const Address& valid,
                             const Address& gone) {
  const auto until = deadline();
  for (int attempt = 0;; ++attempt) {
    const auto body = "message " + std::to_string(attempt);
    const auto reply = sender.send(chat, {{valid, body}, {gone, "to the deleted: " + body}});
    if (clients_in(reply, "deleted") == std::vector{gone} || Clock::now() > until) {
      if (attempt > 0) note_reading("a deleted client is reported after a short delay");
      return {reply, body};
    }
  }
}

// SND-17  A deleted client that is still addressed is reported in `deleted` and receives nothing; a
//         short delay is allowed.
//
// It cannot ask any more, but what was stored for it would be seen by its user, whose inbox it is.
TEST(Snd17, ADeletedClientIsReportedAndReceivesNothing) {
  auto backend = Backend::under_test();
  auto alice = backend.user("alice").device();
  auto bob = backend.user("bob").device();
  auto tablet = bob.user().device();
  auto chat = conversation_of({alice, bob});
  require_setup(tablet.remove(), {200}, "deleting bob's tablet");

  const auto [reply, body] = send_until_reported(alice, chat, bob, tablet);

  EXPECT_THAT(reply, Acknowledged());
  EXPECT_THAT(reply, Deleted({tablet}));
  EXPECT_THAT(reply, Redundant({}));
  const auto seen = bob.catch_up({.filtered = false}).bodies();
  EXPECT_THAT(seen, Contains(body));
  EXPECT_THAT(seen, Not(Contains("to the deleted: " + body)));
}

// SND-17  … and is no longer expected.
TEST(Snd17, ADeletedClientIsNotExpected) {
  auto backend = Backend::under_test();
  auto alice = backend.user("alice").device();
  auto bob = backend.user("bob").device();
  auto tablet = bob.user().device();
  auto chat = conversation_of({alice, bob});
  require_setup(tablet.remove(), {200}, "deleting bob's tablet");
  send_until_reported(alice, chat, bob, tablet);

  const auto reply = alice.send(chat, {{bob, "hello"}});

  EXPECT_THAT(reply, Acknowledged());
}

// SND-18  Clients of a user who was removed are redundant if addressed, and receive nothing.
//
// The fence reaches the removed user in another conversation.
TEST(Snd18, ARemovedUserIsRedundantAndReceivesNothing) {
  auto backend = Backend::under_test();
  auto alice = backend.user("alice").device();
  auto bob = backend.user("bob").device();
  auto chat = conversation_of({alice, bob});
  auto other_chat = conversation_of({alice, bob});
  require_setup(remove_member(alice, chat, bob), {200}, "removing bob");

  const auto reply = alice.send(chat, {{bob, "hello"}});
  alice.must_send(other_chat, {{bob, "fence"}});

  EXPECT_THAT(reply, Acknowledged());
  EXPECT_THAT(reply, Redundant({bob}));
  EXPECT_THAT(reply, Deleted({}));
  EXPECT_THAT(bob.catch_up().bodies(), ElementsAre("fence"));
}

// SND-18  … and are not expected.
TEST(Snd18, ARemovedUserIsNotExpected) {
  auto backend = Backend::under_test();
  auto alice = backend.user("alice").device();
  auto bob = backend.user("bob").device();
  auto chris = backend.user("chris").device();
  auto chat = conversation_of({alice, bob, chris});
  require_setup(remove_member(alice, chat, bob), {200}, "removing bob");

  const auto reply = alice.send(chat, {{chris, "hello"}});

  EXPECT_THAT(reply, Acknowledged());
  EXPECT_THAT(chris.catch_up().bodies(), ElementsAre("hello"));
}

}  // namespace
}  // namespace twostep::conformance

#include "conformance/conversations/connection.hpp"
#include "conformance/support/backend.hpp"
#include "conformance/support/match.hpp"

namespace twostep::conformance {
namespace {

using ::testing::AnyOf;
using ::testing::ElementsAre;
using ::testing::Ne;

// CNV-07  A pending connection can be ignored, and an ignored one accepted.
TEST(Cnv07, APendingOneCanBeIgnoredAndStillAccepted) {
  auto backend = Backend::under_test();
  auto alice = backend.user("alice");
  auto bob = backend.user("bob");
  must_ask(alice, bob);

  EXPECT_THAT(update_connection(bob, alice, "ignored"), HasStatus(200));
  EXPECT_EQ(status_of(bob, alice), "ignored");
  EXPECT_EQ(status_of(alice, bob), "sent");

  EXPECT_THAT(update_connection(bob, alice, "accepted"), HasStatus(200));
  EXPECT_EQ(status_of(bob, alice), "accepted");
  EXPECT_EQ(status_of(alice, bob), "accepted");
}

// CNV-07  A pending connection can be blocked. Without the block it would be pending; as the other
//         still wants it, taking the block away by accepting connects both.
TEST(Cnv07, APendingOneCanBeBlockedAndRestored) {
  auto backend = Backend::under_test();
  auto alice = backend.user("alice");
  auto bob = backend.user("bob");
  must_ask(alice, bob);

  EXPECT_THAT(update_connection(bob, alice, "blocked"), HasStatus(200));
  EXPECT_EQ(status_of(bob, alice), "blocked");
  EXPECT_EQ(status_of(alice, bob), "sent");

  EXPECT_THAT(update_connection(bob, alice, "accepted"), HasStatus(200));
  EXPECT_EQ(status_of(bob, alice), "accepted");
  EXPECT_EQ(status_of(alice, bob), "accepted");
}

// CNV-07  An ignored connection can be blocked.
TEST(Cnv07, AnIgnoredOneCanBeBlocked) {
  auto backend = Backend::under_test();
  auto alice = backend.user("alice");
  auto bob = backend.user("bob");
  must_ask(alice, bob);
  must_update(bob, alice, "ignored");

  const auto reply = update_connection(bob, alice, "blocked");

  EXPECT_THAT(reply, HasStatus(200));
  EXPECT_EQ(status_of(bob, alice), "blocked");
  EXPECT_EQ(status_of(alice, bob), "sent");
}

// CNV-07  A sent connection can be cancelled, and is then no longer there to be accepted.
//
// What the other side reads then is left open, as long as it is not a connection.
TEST(Cnv07, ASentOneCanBeCancelled) {
  auto backend = Backend::under_test();
  auto alice = backend.user("alice");
  auto bob = backend.user("bob");
  must_ask(alice, bob);

  const auto reply = update_connection(alice, bob, "cancelled");

  EXPECT_THAT(reply, HasStatus(200));
  EXPECT_EQ(status_of(alice, bob), "cancelled");
  EXPECT_THAT(status_of(bob, alice), Ne("accepted"));
}

// CNV-07  A sent connection can be blocked, and is sent again without the block.
TEST(Cnv07, ASentOneCanBeBlockedAndRestored) {
  auto backend = Backend::under_test();
  auto alice = backend.user("alice");
  auto bob = backend.user("bob");
  must_ask(alice, bob);

  EXPECT_THAT(update_connection(alice, bob, "blocked"), HasStatus(200));
  EXPECT_EQ(status_of(alice, bob), "blocked");
  EXPECT_EQ(status_of(bob, alice), "pending");

  EXPECT_THAT(update_connection(alice, bob, "sent"), HasStatus(200));
  EXPECT_EQ(status_of(alice, bob), "sent");
  EXPECT_EQ(status_of(bob, alice), "pending");
}

// CNV-07  An accepted connection can be blocked, and is accepted again without the block.
TEST(Cnv07, AnAcceptedOneCanBeBlockedAndRestored) {
  auto backend = Backend::under_test();
  auto alice = backend.user("alice");
  auto bob = backend.user("bob");
  connect(alice, bob);

  EXPECT_THAT(update_connection(alice, bob, "blocked"), HasStatus(200));
  EXPECT_EQ(status_of(alice, bob), "blocked");
  EXPECT_EQ(status_of(bob, alice), "accepted");

  EXPECT_THAT(update_connection(alice, bob, "accepted"), HasStatus(200));
  EXPECT_EQ(status_of(alice, bob), "accepted");
  EXPECT_EQ(status_of(bob, alice), "accepted");
}

// CNV-08  An update to the status that the connection has is answered 200 or 204, without an event.
TEST(Cnv08, AcceptingTwiceIsNoNews) {
  auto backend = Backend::under_test();
  auto alice = backend.user("alice").device();
  auto bob = backend.user("bob").device();
  connect(alice, bob);

  const auto by_bob = update_connection(bob, alice, "accepted");
  const auto by_alice = update_connection(alice, bob, "accepted");

  EXPECT_THAT(by_bob, HasStatus(AnyOf(200, 204)));
  EXPECT_THAT(by_alice, HasStatus(AnyOf(200, 204)));
  EXPECT_THAT(statuses_found_by(alice), ElementsAre("sent", "accepted"));
  EXPECT_THAT(statuses_found_by(bob), ElementsAre("pending", "accepted"));
}

// CNV-08  One that is not possible is answered 403 `bad-conn-update`, and changes nothing: nobody
//         accepts for somebody else.
TEST(Cnv08, WhoAskedCannotAccept) {
  auto backend = Backend::under_test();
  auto alice = backend.user("alice").device();
  auto bob = backend.user("bob").device();
  must_ask(alice, bob);

  const auto reply = update_connection(alice, bob, "accepted");

  EXPECT_THAT(reply, IsError(403, "bad-conn-update"));
  EXPECT_EQ(status_of(alice, bob), "sent");
  EXPECT_EQ(status_of(bob, alice), "pending");
  EXPECT_THAT(statuses_found_by(alice), ElementsAre("sent"));
  EXPECT_THAT(statuses_found_by(bob), ElementsAre("pending"));
}

// CNV-08  Nor can what was accepted be cancelled.
TEST(Cnv08, WhatWasAcceptedCannotBeCancelled) {
  auto backend = Backend::under_test();
  auto alice = backend.user("alice");
  auto bob = backend.user("bob");
  connect(alice, bob);

  const auto reply = update_connection(alice, bob, "cancelled");

  EXPECT_THAT(reply, IsError(403, "bad-conn-update"));
  EXPECT_EQ(status_of(alice, bob), "accepted");
  EXPECT_EQ(status_of(bob, alice), "accepted");
}

// CNV-09  What does not exist can neither be read nor updated, and does not come to be by trying.
TEST(Cnv09, AConnectionThatDoesNotExistIsNotMadeByUpdatingIt) {
  auto backend = Backend::under_test();
  auto alice = backend.user("alice");
  auto bob = backend.user("bob");

  const auto read_before = read_connection(alice, bob);
  const auto accepted = update_connection(alice, bob, "accepted");
  const auto blocked = update_connection(alice, bob, "blocked");

  EXPECT_THAT(read_before, HasStatus(404));
  EXPECT_THAT(accepted, HasStatus(AnyOf(403, 404)));
  EXPECT_THAT(blocked, HasStatus(AnyOf(403, 404)));
  EXPECT_THAT(read_connection(alice, bob), HasStatus(404));
  EXPECT_THAT(read_connection(bob, alice), HasStatus(404));
}

/// What the asker learns when the other does this to the connection: reads it before and after, and
/// catches up. A new client of the asker is the fence, as its own events come later.
void expect_nothing_to_be_learned(const Device& asker, const User& other,
                                  const std::string& status) {
  const auto read_before = read_connection(asker, other);
  const auto found_before = statuses_found_by(asker);

  must_update(other, asker, status);
  asker.user().device();

  EXPECT_EQ(read_connection(asker, other).json, read_before.json);
  EXPECT_EQ(statuses_found_by(asker), found_before);
}

// CNV-10  Who is ignored does not learn of it.
TEST(Cnv10, BeingIgnoredIsNotDisclosed) {
  auto backend = Backend::under_test();
  auto alice = backend.user("alice").device();
  auto bob = backend.user("bob");
  must_ask(alice, bob);

  expect_nothing_to_be_learned(alice, bob, "ignored");
}

// CNV-10  Nor does who is blocked, before or after the connection was accepted.
TEST(Cnv10, BeingBlockedIsNotDisclosed) {
  auto backend = Backend::under_test();
  auto alice = backend.user("alice").device();
  auto bob = backend.user("bob");
  auto carol = backend.user("carol");
  must_ask(alice, bob);
  connect(alice, carol);

  expect_nothing_to_be_learned(alice, bob, "blocked");
  expect_nothing_to_be_learned(alice, carol, "blocked");
}

}  // namespace
}  // namespace twostep::conformance

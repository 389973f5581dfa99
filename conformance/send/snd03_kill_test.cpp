#include "conformance/support/backend.hpp"
#include "conformance/support/match.hpp"
#include "conformance/support/process.hpp"

namespace twostep::conformance {
namespace {

using ::testing::ElementsAre;

// SND-03  What a 201 acknowledged survives the abrupt end of the server process, and its restart.
//
// The kill follows the answer at once: nothing that the server meant to do later has been done. What
// happens when it strikes in the midst of many sends is shown in `histories`.
TEST(Snd03, AnAcknowledgedMessageSurvivesKillMinusNine) {
  const auto server = Process::under_test();
  auto backend = Backend::under_test();
  auto alice = backend.user("alice").device();
  auto bob = backend.user("bob").device();
  auto tablet = bob.user().device();
  auto chat = conversation_of({alice, bob});

  const auto reply = alice.send(chat, to_each({bob, tablet}, "hello"));
  server.kill();
  server.start();

  EXPECT_THAT(reply, Acknowledged());
  EXPECT_THAT(bob.catch_up().bodies(), ElementsAre("hello"));
  EXPECT_THAT(tablet.catch_up().bodies(), ElementsAre("hello"));
}

// SND-03  So do all of a chain, and the restarted server goes on where the old one ended: what is
//         sent afterwards comes after it.
TEST(Snd03, WhatIsSentAfterTheRestartIsAddedToIt) {
  const auto server = Process::under_test();
  auto backend = Backend::under_test();
  auto alice = backend.user("alice").device();
  auto bob = backend.user("bob").device();
  auto chat = conversation_of({alice, bob});

  for (const auto* body : {"one", "two", "three"}) {
    EXPECT_THAT(alice.send(chat, {{bob, body}}), Acknowledged());
    server.kill();
    server.start();
  }

  EXPECT_THAT(bob.catch_up().bodies(), ElementsAre("one", "two", "three"));
}

}  // namespace
}  // namespace twostep::conformance

#include "conformance/support/backend.hpp"
#include "conformance/support/match.hpp"
#include "conformance/support/process.hpp"

namespace twostep::conformance {
namespace {

// CUP-22  Ids, order and payloads are the same after a restart.
TEST(Cup22, TheInboxIsTheSameAfterARestart) {
  auto process = Process::under_test();
  auto backend = Backend::under_test();
  auto alice = backend.user("alice").device();
  auto bob = backend.user("bob").device();
  auto chat = conversation_of({alice, bob});
  for (const auto* body : {"one", "two", "three"}) alice.must_send(chat, {{bob, body}});
  const auto before = bob.catch_up();

  process.kill();
  process.start();
  const auto after = bob.catch_up();

  EXPECT_EQ(after.ids(), before.ids());
  EXPECT_EQ(after.events(), before.events());
  EXPECT_EQ(bob.catch_up({.since = before.ids().front()}).size(), before.size() - 1);
}

}  // namespace
}  // namespace twostep::conformance

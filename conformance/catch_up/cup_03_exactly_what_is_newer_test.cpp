#include <gmock/gmock.h>

#include "conformance/support/backend.hpp"
#include "conformance/support/match.hpp"

namespace twostep::conformance {
namespace {

using ::testing::ElementsAreArray;

// CUP-03  With `since` the catch-up has exactly what is newer than that notification (S5).
//
// Every notification of an inbox is taken as the pointer, so that the first, the last and all
// between are tried, and what follows must be the rest of the list.
TEST(Cup03, EveryPointerGivesTheRestOfTheInbox) {
  auto backend = Backend::under_test();
  auto alice = backend.user("alice").device();
  auto bob = backend.user("bob").device();
  auto chat = conversation_of({alice, bob});
  for (const auto* body : {"one", "two", "three", "four"}) alice.must_send(chat, {{bob, body}});

  const auto all = bob.catch_up().ids();

  for (auto pointer = all.begin(); pointer != all.end(); ++pointer) {
    SCOPED_TRACE(*pointer);
    EXPECT_THAT(bob.catch_up({.since = *pointer}).ids(),
                ElementsAreArray(std::next(pointer), all.end()));
  }
}

}  // namespace
}  // namespace twostep::conformance

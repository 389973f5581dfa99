#include "conformance/robustness/bystanders.hpp"

#include <vector>

#include "conformance/support/bytes.hpp"
#include "conformance/support/match.hpp"
#include "conformance/support/outcome.hpp"

namespace twostep::conformance {

Bystanders::Bystanders(const Backend& backend)
    : alice_{backend.user("bystander").device()},
      bob_{backend.user("neighbour").device()},
      chat_{conversation_of({alice_, bob_})},
      pointer_{bob_.newest()} {}

::testing::AssertionResult Bystanders::go_on() {
  const auto word = random_hex(16);
  try {
    auto socket = bob_.open_socket();
    const auto reply = alice_.send(chat_, {{bob_, word}});
    if (reply.status != 201) {
      return ::testing::AssertionFailure()
             << "a send is answered " << ::testing::PrintToString(reply);
    }
    if (const auto received = socket.receives(word); !received) return received;
    const auto inbox = bob_.catch_up({.since = pointer_});
    if (inbox.bodies() != std::vector{word}) {
      return ::testing::AssertionFailure() << "an inbox has " << ::testing::PrintToString(inbox);
    }
    pointer_ = *inbox.newest();
  } catch (const SetupFailed& failure) {
    return ::testing::AssertionFailure() << failure.what();
  }
  return ::testing::AssertionSuccess();
}

}  // namespace twostep::conformance

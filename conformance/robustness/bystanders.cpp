#include "conformance/robustness/bystanders.hpp"

#include <vector>

#include "conformance/support/bytes.hpp"
#include "conformance/support/context.hpp"
#include "conformance/support/match.hpp"

namespace twostep::conformance {

Bystanders::Bystanders(const Backend& backend)
    : alice_{backend.user("bystander").device()},
      bob_{backend.user("neighbour").device()},
      chat_{conversation_of({alice_, bob_})},
      pointer_{bob_.newest()} {}

::testing::AssertionResult Bystanders::go_on() {
  const auto failed = [] { return ::testing::AssertionFailure(); };
  const auto word = random_hex(16);

  // Opened by hand: a socket that is refused is no failed setup here.
  Socket socket{bob_.name(),
                context().target.websocket,
                {{"Authorization", "Bearer " + bob_.token()}},
                {.path = "/await?client=" + bob_.id(), .registered = false}};
  if (const auto& refusal = socket.refusal()) {
    return failed() << "a new socket is answered " << ::testing::PrintToString(*refusal);
  }
  socket.send(Opcode::text, "ping");
  if (!socket.wait_for([](const Frame& frame) { return frame.payload == "pong"; })) {
    return failed() << "a new socket does not answer a ping";
  }
  const auto reply = alice_.send(chat_, {{bob_, word}});
  if (reply.status != 201)
    return failed() << "a send is answered " << ::testing::PrintToString(reply);
  if (const auto received = socket.receives(word); !received) return received;
  const auto inbox = bob_.catch_up({.since = pointer_});
  if (inbox.bodies() != std::vector{word}) {
    return failed() << "an inbox has " << ::testing::PrintToString(inbox);
  }
  pointer_ = *inbox.newest();
  return ::testing::AssertionSuccess();
}

}  // namespace twostep::conformance

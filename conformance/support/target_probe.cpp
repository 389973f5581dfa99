#include "conformance/support/target_probe.hpp"

#include <poll.h>

#include "conformance/support/context.hpp"

namespace twostep::conformance {
namespace {

/// Between two attempts: nothing announces that a server has come or gone.
constexpr int attempt_every_ms = 10;

/// A proxy before the target answers for one that is gone, with a status of its own.
bool is_there() {
  const auto reply = probe();
  return reply.answered() && reply.status < 500;
}

/// Repeats an attempt until it succeeds, at most until the deadline.
template <typename Attempt>
bool repeat(Attempt attempt) {
  const auto until = deadline();
  do {
    if (attempt()) return true;
    poll(nullptr, 0, attempt_every_ms);
  } while (Clock::now() < until);
  return false;
}

}  // namespace

Reply probe() {
  HttpClient client{"the suite", context().target.http};
  return client.send({.method = "GET", .path = "/api-version"});
}

bool wait_until_it_answers() { return repeat(is_there); }

bool wait_until_it_is_gone() {
  return repeat([] { return !is_there(); });
}

}  // namespace twostep::conformance

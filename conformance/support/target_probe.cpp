#include "conformance/support/target_probe.hpp"

#include <poll.h>

#include "conformance/support/context.hpp"

namespace twostep::conformance {
namespace {

/// Between two attempts to connect to a server that is not there yet; nothing else announces it.
constexpr int attempt_every_ms = 10;

}  // namespace

Reply probe() {
  HttpClient client{"the suite", context().target.http};
  return client.send({.method = "GET", .path = "/api-version"});
}

bool wait_until_it_answers() {
  const auto until = deadline();
  do {
    if (probe().answered()) return true;
    poll(nullptr, 0, attempt_every_ms);
  } while (Clock::now() < until);
  return false;
}

}  // namespace twostep::conformance

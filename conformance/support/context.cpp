#include "conformance/support/context.hpp"

namespace twostep::conformance {

Context& context() {
  static Context instance;
  return instance;
}

void record(const Json& entry) {
  if (context().history) context().history->add(entry);
}

Milliseconds patience() { return context().patience; }

Clock::time_point deadline() { return Clock::now() + context().patience; }

}  // namespace twostep::conformance

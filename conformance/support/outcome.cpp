#include "conformance/support/outcome.hpp"

#include "conformance/support/context.hpp"

namespace twostep::conformance {

SetupFailed::SetupFailed(const std::string& what) : std::runtime_error("setup failed: " + what) {
  if (!context().ending.setup_failed) context().ending.setup_failed = what;
  record({{"kind", "note"}, {"text", "setup failed: " + what}});
}

NotCovered::NotCovered(const std::string& what) : std::runtime_error("not covered: " + what) {
  context().ending.not_covered = what;
}

MustRunAlone::MustRunAlone() : std::runtime_error("this test must run alone") {
  context().ending.must_run_alone = true;
}

void note_reading(const std::string& text) {
  context().ending.readings.push_back(text);
  record({{"kind", "note"}, {"text", text}});
}

}  // namespace twostep::conformance

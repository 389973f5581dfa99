#include "conformance/support/process.hpp"

#include <cstdlib>

#include "conformance/support/context.hpp"
#include "conformance/support/outcome.hpp"
#include "conformance/support/target_probe.hpp"

namespace twostep::conformance {
namespace {

void run(const std::string& command) {
  const auto begun = Clock::now();
  const auto line = "cd '" + context().target.folder + "' && " + command;
  const int status = std::system(line.c_str());
  record({{"kind", "process"}, {"command", command}, {"status", status}, {"ago_ms", ago(begun)}});
  if (status != 0)
    throw SetupFailed("\"" + command + "\" ended with status " + std::to_string(status));
}

}  // namespace

Process Process::under_test() {
  if (!context().target.process) throw NotCovered("the target does not offer \"process\"");
  if (!context().alone) throw MustRunAlone();
  return {};
}

void Process::kill() const {
  run(context().target.process->kill);
  // Not by process id: whoever inherits an orphan may take seconds to notice that it has ended, or
  // never do.
  if (!wait_until_it_is_gone()) throw SetupFailed("the target still answers after its kill");
}

bool Process::started() const {
  run(context().target.process->start);
  return wait_until_it_answers();
}

void Process::start() const {
  if (!started()) throw SetupFailed("the target does not answer after its start");
}

}  // namespace twostep::conformance

#pragma once

#include <atomic>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "conformance/support/history.hpp"
#include "conformance/support/patience.hpp"
#include "conformance/support/target.hpp"

/// What the test in this process runs with, and how it has ended so far.
///
/// One test runs in a process, so there is one context. The runner fills it in before the test.
namespace twostep::conformance {

/// How a test ended, besides the assertions that failed.
struct Ending {
  std::optional<std::string> setup_failed = {};
  std::optional<std::string> not_covered = {};
  bool must_run_alone = false;
  std::vector<std::string> readings = {};
};

struct Context {
  Target target = {};
  std::string test = {};  ///< "Snd02.AnAcknowledgedMessageIsInTheInboxAtOnce"
  Milliseconds patience{5'000};
  bool alone = false;            ///< Nothing else runs: the target may be killed.
  std::string switchboard = {};  ///< Where the push sink is controlled; "" if there is none.
  std::string peer_switchboard =
      {};  ///< Where peers are taken (see `PeerLine`); "" if none can be.
  std::atomic<unsigned>* accounts_taken = nullptr;  ///< Shared between processes.
  std::unique_ptr<History> history = {};
  Ending ending = {};
};

Context& context();

/// Records to the history of the test, if there is one.
void record(const Json& entry);

}  // namespace twostep::conformance

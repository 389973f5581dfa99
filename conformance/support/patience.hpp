#pragma once

#include <chrono>

/// How long a test waits for a fact.
///
/// There is one deadline for everything: it is scaled to the round trip measured before the run and
/// to the user's `--patience`. It decides only how long a failure takes, never whether a correct
/// backend passes. Nothing in the suite sleeps.
namespace twostep::conformance {

using Clock = std::chrono::steady_clock;
using Milliseconds = std::chrono::milliseconds;

/// The one deadline of this run.
Milliseconds patience();

/// The moment at which a wait that begins now gives up.
Clock::time_point deadline();

}  // namespace twostep::conformance

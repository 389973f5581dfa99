#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

#include "conformance/runner/test_result.hpp"

/// One test in a process of its own.
///
/// GoogleTest runs one test at a time, so what runs at once are processes: each is a fork of the
/// runner that runs a single test and writes its `Attempt` into a pipe. A test that crashes or
/// hangs takes nothing with it.
///
/// Threads    The runner has one thread, which is what makes the fork safe.
namespace twostep::conformance {

struct Child {
  std::string test;
  std::string history;
  pid_t pid = -1;
  int pipe = -1;  ///< Read end; readable until the child has ended.
  std::string received = {};
};

/// Starts the test. `alone` tells it that it may kill the target.
Child start_child(const std::string& test, const std::string& history, bool alone);

/// What the ended child found; `broken` if it ended without saying so.
Attempt finish_child(Child& child);

/// Ends a child that did not end by itself.
Attempt kill_child(Child& child, const std::string& reason);

/// Names of all tests in the program, "Suite.Test".
std::vector<std::string> all_tests();

}  // namespace twostep::conformance

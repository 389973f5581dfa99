#pragma once

/// The server process of the target, for tests about what survives it.
///
/// Such a test runs alone: taking `Process::under_test()` in its first line is enough, the runner
/// sees to the rest. A target without `process` commands is reported as not covered.
namespace twostep::conformance {

class Process {
 public:
  static Process under_test();

  /// Runs the target's `kill` command and waits until the target no longer answers. Setup.
  void kill() const;

  /// Runs the `start` command and waits until the target answers. Setup.
  void start() const;

  /// The same, where starting is what is under test: false if the target does not answer.
  bool started() const;
};

}  // namespace twostep::conformance

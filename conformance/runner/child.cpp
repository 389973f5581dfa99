#include "conformance/runner/child.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstring>
#include <filesystem>

#include "conformance/support/context.hpp"

namespace twostep::conformance {
namespace {

const ::testing::TestResult* result_of(const std::string& test) {
  const auto& unit = *::testing::UnitTest::GetInstance();
  for (int i = 0; i < unit.total_test_suite_count(); ++i) {
    const auto* suite = unit.GetTestSuite(i);
    for (int k = 0; k < suite->total_test_count(); ++k) {
      const auto* info = suite->GetTestInfo(k);
      if (std::string(info->test_suite_name()) + "." + info->name() == test) return info->result();
    }
  }
  return nullptr;
}

/// What GoogleTest adds when it cannot tell that the type of a value is plain to the reader.
std::string without_type_names(std::string text) {
  for (const std::string noise : {" (of type twostep::conformance::Reply)", " (of type int)"}) {
    for (auto at = text.find(noise); at != text.npos; at = text.find(noise)) {
      text.erase(at, noise.size());
    }
  }
  return text;
}

/// An exception that says how the test ended is also counted as a failure by GoogleTest. A test
/// that had failed before it, has failed.
Attempt judged(const ::testing::TestResult& result) {
  const auto& ending = context().ending;
  const bool thrown = ending.must_run_alone || ending.not_covered || ending.setup_failed;
  Attempt attempt{.outcome = Outcome::passed, .readings = ending.readings};
  int failures = 0;
  std::string skipped;
  for (int i = 0; i < result.total_part_count(); ++i) {
    const auto& part = result.GetTestPartResult(i);
    if (part.skipped()) skipped = part.message();
    if (!part.failed()) continue;
    ++failures;
    if (!attempt.message.empty()) attempt.message += "\n\n";
    if (part.file_name() != nullptr) {
      attempt.message += std::filesystem::path(part.file_name()).filename().string() + ":" +
                         std::to_string(part.line_number()) + "\n";
    }
    attempt.message += without_type_names(part.message());
  }
  if (failures > (thrown ? 1 : 0)) {
    attempt.outcome = Outcome::failed;
  } else if (ending.must_run_alone) {
    attempt.outcome = Outcome::must_run_alone;
  } else if (ending.not_covered || !skipped.empty()) {
    attempt.outcome = Outcome::not_covered;
    attempt.message = ending.not_covered.value_or(skipped);
  } else if (ending.setup_failed) {
    attempt.outcome = Outcome::unknown;
    attempt.message = "setup failed: " + *ending.setup_failed;
  }
  return attempt;
}

[[noreturn]] void run_in_child(const std::string& test, const std::string& history, bool alone,
                               int pipe) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  // OpenSSL writes to sockets in the way that ends a process when the other side has gone.
  signal(SIGPIPE, SIG_IGN);
  context().test = test;
  context().alone = alone;
  context().history = std::make_unique<History>(history);
  // What GoogleTest prints would be mixed with that of other tests; the failure carries it all.
  const int nowhere = open("/dev/null", O_WRONLY | O_CLOEXEC);
  dup2(nowhere, STDOUT_FILENO);

  GTEST_FLAG_SET(filter, test);
  const auto begun = Clock::now();
  [[maybe_unused]] const int ended = RUN_ALL_TESTS();  // Judged below, from what each part says.
  auto attempt = judged(*result_of(test));
  attempt.took_ms = std::chrono::duration<double, std::milli>(Clock::now() - begun).count();
  attempt.history = history;

  const auto text = to_json(attempt).dump(-1, ' ', false, Json::error_handler_t::replace);
  for (std::size_t sent = 0; sent < text.size();) {
    const auto written = write(pipe, text.data() + sent, text.size() - sent);
    if (written <= 0) break;
    sent += static_cast<std::size_t>(written);
  }
  _exit(0);
}

int reap(Child& child) {
  int status = 0;
  waitpid(child.pid, &status, 0);
  close(child.pipe);
  return status;
}

}  // namespace

Child start_child(const std::string& test, const std::string& history, bool alone) {
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) throw std::runtime_error("no pipe for a test");
  const auto pid = fork();
  if (pid < 0) throw std::runtime_error("no process for a test");
  if (pid == 0) {
    close(ends[0]);
    run_in_child(test, history, alone, ends[1]);
  }
  close(ends[1]);
  return {.test = test, .history = history, .pid = pid, .pipe = ends[0]};
}

Attempt finish_child(Child& child) {
  const int status = reap(child);
  const auto json = Json::parse(child.received, nullptr, false);
  if (json.is_object()) return attempt_in(json);
  const auto why = WIFSIGNALED(status) ? std::string(strsignal(WTERMSIG(status)))
                                       : "exit status " + std::to_string(WEXITSTATUS(status));
  return {.outcome = Outcome::broken,
          .message = "the test itself ended abnormally: " + why,
          .history = child.history};
}

Attempt kill_child(Child& child, const std::string& reason) {
  kill(child.pid, SIGKILL);
  reap(child);
  return {.outcome = Outcome::unknown, .message = reason, .history = child.history};
}

std::vector<std::string> all_tests() {
  std::vector<std::string> names;
  const auto& unit = *::testing::UnitTest::GetInstance();
  for (int i = 0; i < unit.total_test_suite_count(); ++i) {
    const auto* suite = unit.GetTestSuite(i);
    for (int k = 0; k < suite->total_test_count(); ++k) {
      names.push_back(std::string(suite->name()) + "." + suite->GetTestInfo(k)->name());
    }
  }
  return names;
}

}  // namespace twostep::conformance

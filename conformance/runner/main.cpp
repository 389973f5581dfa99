#include <gtest/gtest.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <new>
#include <thread>

#include "conformance/runner/arguments.hpp"
#include "conformance/runner/child.hpp"
#include "conformance/runner/console.hpp"
#include "conformance/runner/peer_switchboard.hpp"
#include "conformance/runner/report.hpp"
#include "conformance/runner/scheduler.hpp"
#include "conformance/runner/selection.hpp"
#include "conformance/runner/switchboard.hpp"
#include "conformance/support/context.hpp"
#include "conformance/support/target_probe.hpp"

namespace twostep::conformance {
namespace {

/// No wait is shorter than this, however fast the target answers: what is measured before the run
/// says nothing about a machine that is busy with it.
constexpr Milliseconds patience_min{10'000};

/// And none is shorter than this many round trips.
constexpr int round_trips = 200;

/// A test that takes longer than this many deadlines is stuck.
constexpr int deadlines_per_test = 12;

/// Tests mostly wait, so more of them than processors are run at once.
constexpr unsigned jobs_per_processor = 3;

int list(const std::vector<std::string>& tests) {
  for (const auto& clause : clauses()) {
    std::printf("%s %s  %s\n", std::string(clause.id).c_str(),
                std::string(word_for(clause.level)).c_str(), std::string(clause.text).c_str());
    for (const auto& test : tests) {
      if (clause_of_test(test) == clause.id) std::printf("    %s\n", test.c_str());
    }
    if (!clause.observable()) std::printf("    (%s)\n", std::string(clause.seen_by).c_str());
  }
  return 0;
}

int coverage(const std::vector<std::string>& tests) {
  const auto missing = without_test(tests);
  for (const auto* clause : missing) {
    std::printf("%s has no test: %s\n", std::string(clause->id).c_str(),
                std::string(clause->text).c_str());
  }
  const auto observable =
      std::ranges::count_if(clauses(), [](const Clause& clause) { return clause.observable(); });
  std::printf("%zu tests for %zu of %zd clauses that can be observed from outside\n", tests.size(),
              static_cast<std::size_t>(observable) - missing.size(), observable);
  return missing.empty() ? 0 : 1;
}

Milliseconds round_trip() {
  auto shortest = Clock::duration::max();
  for (int i = 0; i < 3; ++i) {
    const auto begun = Clock::now();
    if (probe().answered()) shortest = std::min(shortest, Clock::now() - begun);
  }
  return std::chrono::ceil<Milliseconds>(shortest);
}

/// A counter that all test processes share.
std::atomic<unsigned>* shared_counter() {
  void* page = mmap(nullptr, sizeof(std::atomic<unsigned>), PROT_READ | PROT_WRITE,
                    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (page == MAP_FAILED) throw std::runtime_error("no shared memory");
  return new (page) std::atomic<unsigned>{0};
}

Target target_of(const Arguments& arguments) {
  if (!arguments.target.empty()) return read_target(arguments.target);
  return quick_target(arguments.http, arguments.websocket, arguments.domain);
}

/// Fills in the context that every test is forked from. Says why the target does not answer, or "".
std::string prepare(const Arguments& arguments) {
  auto& shared = context();
  shared.target = target_of(arguments);
  shared.patience = std::chrono::duration_cast<Milliseconds>(patience_min * arguments.patience);
  shared.accounts_taken = shared_counter();
  if (const auto first = probe(); !first.answered()) return first.error;
  shared.patience = std::chrono::duration_cast<Milliseconds>(
      std::max(patience_min, round_trip() * round_trips) * arguments.patience);
  return "";
}

int run(const Arguments& arguments, const std::vector<std::string>& tests) {
  const auto begun = Clock::now();
  if (const auto why = prepare(arguments); !why.empty()) {
    std::fprintf(stderr, "%s cannot be reached at %s: %s\n", context().target.name.c_str(),
                 context().target.http.c_str(), why.c_str());
    return static_cast<int>(Exit::unreachable);
  }
  const auto selection = select(arguments, tests);
  if (selection.tests.empty()) {
    std::fputs("no test is selected; see --list\n", stderr);
    return static_cast<int>(Exit::broken);
  }
  const auto histories = std::filesystem::path(arguments.report) / "histories";
  std::filesystem::remove_all(histories);
  std::filesystem::create_directories(histories);

  const auto control = "/tmp/twostep-conformance." + std::to_string(getpid());
  std::unique_ptr<Switchboard> switchboard;
  if (const auto& listen = context().target.push_listen) {
    context().switchboard = control;
    switchboard = std::make_unique<Switchboard>(*listen, context().switchboard);
  }
  std::unique_ptr<PeerSwitchboard> peer_switchboard;
  if (const auto& federation = context().target.federation;
      federation && federation->peers_listen) {
    context().peer_switchboard = control + ".peers";
    peer_switchboard =
        std::make_unique<PeerSwitchboard>(*federation->peers_listen, context().peer_switchboard);
  }

  Console console{selection.tests.size()};
  const auto processors = std::max(1u, std::thread::hardware_concurrency());
  const Schedule schedule{
      .tests = selection.tests,
      .histories = histories.string(),
      .jobs =
          arguments.jobs > 0 ? arguments.jobs : static_cast<int>(processors * jobs_per_processor),
      .repeats = arguments.repeats,
      .time_limit = context().patience * deadlines_per_test,
  };
  const auto results = run(schedule, [&](const TestResult& result) { console.finished(result); });

  const auto judgements = judge(selection.clauses, results, context().target.known_failures);
  const auto exit = exit_for(judgements, results);
  const std::chrono::duration<double> took = Clock::now() - begun;
  write_reports({.target = context().target,
                 .arguments = arguments,
                 .judgements = judgements,
                 .results = results,
                 .seconds = took.count(),
                 .exit = exit});
  console.summary(judgements, arguments.report, took.count());
  return static_cast<int>(exit);
}

int main_of_suite(int argc, char** argv) {
  int exit_code = 0;
  const auto arguments = parse_arguments(argc, argv, exit_code);
  if (!arguments) return exit_code;

  int one = 1;
  ::testing::InitGoogleTest(&one, argv);
  const auto tests = all_tests();
  if (const auto stray = without_clause(tests); !stray.empty()) {
    std::fprintf(stderr, "%s is named after no clause of specs/\n", stray.front().c_str());
    return static_cast<int>(Exit::broken);
  }
  switch (arguments->job) {
    case Arguments::Job::list:
      return list(tests);
    case Arguments::Job::coverage:
      return coverage(tests);
    case Arguments::Job::run:
      break;
  }
  try {
    return run(*arguments, tests);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return static_cast<int>(Exit::broken);
  }
}

}  // namespace
}  // namespace twostep::conformance

int main(int argc, char** argv) { return twostep::conformance::main_of_suite(argc, argv); }

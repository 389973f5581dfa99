#include "conformance/runner/scheduler.hpp"

#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <deque>
#include <optional>

#include "conformance/runner/child.hpp"
#include "conformance/runner/clause.hpp"
#include "conformance/support/context.hpp"
#include "conformance/support/target_probe.hpp"

namespace twostep::conformance {
namespace {

/// Most time spent on repeating failures: they are already known, the repeats only describe them.
constexpr auto repeating_max = std::chrono::seconds{60};

struct Running {
  Child child;
  Clock::time_point killed_at;
};

/// Takes what a child has written. True when it has ended.
bool ended(Child& child) {
  char buffer[65'536];
  const auto size = read(child.pipe, buffer, sizeof buffer);
  if (size > 0) child.received.append(buffer, static_cast<std::size_t>(size));
  return size <= 0;
}

class Scheduler {
 public:
  Scheduler(const Schedule& schedule, const std::function<void(const TestResult&)>& finished)
      : schedule_(schedule), finished_(finished) {}

  std::vector<TestResult> run() {
    std::deque<std::string> alone;
    run_together({schedule_.tests.begin(), schedule_.tests.end()},
                 [&](const std::string& test, Attempt attempt) {
                   if (attempt.outcome == Outcome::must_run_alone) {
                     alone.push_back(test);
                   } else {
                     add(test, std::move(attempt));
                   }
                 });
    for (const auto& test : alone) add(test, run_alone(test, 1));
    repeat_failures();
    return std::move(results_);
  }

 private:
  void add(const std::string& test, Attempt attempt) {
    const auto suite = test.substr(0, test.find('.'));
    results_.push_back({.name = test, .clause = clause_of_suite(suite), .attempts = {}});
    results_.back().attempts.push_back(std::move(attempt));
    finished_(results_.back());
  }

  template <typename Ended>
  void run_together(std::deque<std::string> waiting, Ended on_ended) {
    std::vector<Running> running;
    while (!waiting.empty() || !running.empty()) {
      while (!waiting.empty() && running.size() < static_cast<std::size_t>(schedule_.jobs)) {
        running.push_back(start(waiting.front(), 1, false));
        waiting.pop_front();
      }
      wait(running);
      for (auto each = running.begin(); each != running.end();) {
        if (auto attempt = ended_attempt(*each)) {
          const auto test = each->child.test;
          each = running.erase(each);
          on_ended(test, std::move(*attempt));
        } else {
          ++each;
        }
      }
    }
  }

  Running start(const std::string& test, int attempt, bool alone) const {
    const auto history =
        schedule_.histories + "/" + test + "." + std::to_string(attempt) + ".ndjson";
    return {start_child(test, history, alone), Clock::now() + schedule_.time_limit};
  }

  /// Waits until a child has something to say or one has to be killed.
  static void wait(const std::vector<Running>& running) {
    std::vector<pollfd> pipes;
    auto until = Clock::time_point::max();
    for (const auto& each : running) {
      pipes.push_back({each.child.pipe, POLLIN, 0});
      until = std::min(until, each.killed_at);
    }
    const auto left = std::chrono::ceil<Milliseconds>(until - Clock::now()).count();
    poll(pipes.data(), pipes.size(), static_cast<int>(std::max<decltype(left)>(left, 0)));
  }

  std::optional<Attempt> ended_attempt(Running& running) const {
    pollfd ready{running.child.pipe, POLLIN, 0};
    if (poll(&ready, 1, 0) > 0) {
      if (ended(running.child)) return finish_child(running.child);
    } else if (Clock::now() >= running.killed_at) {
      const auto seconds =
          std::chrono::duration_cast<std::chrono::seconds>(schedule_.time_limit).count();
      return kill_child(running.child,
                        "killed at its time limit of " + std::to_string(seconds) + " s");
    }
    return std::nullopt;
  }

  Attempt run_alone(const std::string& test, int number) {
    if (!wait_until_it_answers()) {
      return {.outcome = Outcome::unknown, .message = "the target no longer answers"};
    }
    std::vector<Running> running;
    running.push_back(start(test, number, true));
    for (;;) {
      wait(running);
      if (auto attempt = ended_attempt(running.front())) {
        wait_until_it_answers();
        return std::move(*attempt);
      }
    }
  }

  void repeat_failures() {
    const auto until = Clock::now() + repeating_max;
    for (auto& result : results_) {
      for (int i = 0; i < schedule_.repeats && result.outcome() == Outcome::failed; ++i) {
        if (Clock::now() > until) return;
        result.attempts.push_back(run_alone(result.name, i + 2));
      }
    }
  }

  const Schedule& schedule_;
  const std::function<void(const TestResult&)>& finished_;
  std::vector<TestResult> results_ = {};
};

}  // namespace

std::vector<TestResult> run(const Schedule& schedule,
                            const std::function<void(const TestResult&)>& finished) {
  return Scheduler{schedule, finished}.run();
}

}  // namespace twostep::conformance

#include "property-tests/campaign/workers.hpp"

#include <poll.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <iostream>
#include <sstream>
#include <type_traits>
#include <utility>

#include "property-tests/campaign/finding.hpp"

namespace twostep::properties {
namespace {

using Clock = std::chrono::steady_clock;

/// What a worker tells of one run or several, as it is in memory: both ends are the same program.
struct Report {
  std::uint64_t next_seed = 0;
  CampaignTotals totals;
};
static_assert(std::is_trivially_copyable_v<Report>);
static_assert(sizeof(Report) <= 4096, "A pipe takes it whole.");

struct Worker {
  pid_t process;
  int reports;
  std::uint64_t seed;    ///< The one it is at, if it says nothing more.
  bool stopped = false;  ///< By us.
  bool ended = false;
};

Start start_of(const CampaignPlan& plan, std::uint64_t seed) {
  Start start{.seed = seed, .commands_max = plan.commands_max};
  if (plan.busy) start.mix = busy_mix(plan.commands_max);
  return start;
}

CampaignTotals totals_of(const RunResult& result) {
  return {.runs = 1,
          .messages = result.messages,
          .notifications = result.notifications,
          .steps = result.steps,
          .simulated_seconds = std::chrono::duration<double>(result.simulated).count(),
          .failed = 0,
          .coverage = result.coverage};
}

void show(const CampaignPlan& plan, const Start& start, const RunResult& failed) {
  const auto finding = plan.shrinks
                           ? find_smallest(start, failed)
                           : Finding{failed.violations.front(), failed.decisions, failed.lines};
  const auto file = plan.findings / (std::to_string(start.seed) + ".run");
  keep(finding, file);
  std::ostringstream text;
  tell(text, finding, file);
  std::cout << text.str() << std::flush;
}

/// The seeds of one worker: every n-th.
void work(const CampaignPlan& plan, std::uint64_t first, int reports) {
  const auto end = Clock::now() + plan.time;
  Report report;
  auto told = Clock::now();
  for (auto seed = first;; seed += plan.processes) {
    const auto start = start_of(plan, seed);
    RunResult result;
    const auto violation = first_violation(start, result, plan.twice);
    report.totals += totals_of(result);
    if (violation) {
      report.totals.failed = 1;
      result.violations.insert(result.violations.begin(), *violation);
      show(plan, start, result);
    }
    const bool last = Clock::now() >= end || report.totals.failed ||
                      (plan.runs && seed + plan.processes >= plan.seed + *plan.runs);
    // A run that dies is found by the seed that was told before it.
    report.next_seed = seed + plan.processes;
    if (last || Clock::now() - told > std::chrono::milliseconds{200}) {
      if (::write(reports, &report, sizeof report) != sizeof report) return;
      report.totals = {};
      told = Clock::now();
    }
    if (last) return;
  }
}

Worker start_worker(const CampaignPlan& plan, std::uint64_t number) {
  int ends[2];
  if (pipe(ends) != 0) throw std::runtime_error{"no pipe to a worker"};
  const auto first = plan.seed + number;
  const auto process = fork();
  if (process < 0) throw std::runtime_error{"no worker"};
  if (process == 0) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    close(ends[0]);
    work(plan, first, ends[1]);
    _exit(0);
  }
  close(ends[1]);
  return {process, ends[0], first};
}

/// Reads one report. Without one the worker has ended; if it died, its seed is the finding.
void listen(Worker& worker, CampaignTotals& totals) {
  Report report;
  if (::read(worker.reports, &report, sizeof report) == sizeof report) {
    worker.seed = report.next_seed;
    totals += report.totals;
    return;
  }
  worker.ended = true;
  close(worker.reports);
  int status = 0;
  waitpid(worker.process, &status, 0);
  if (worker.stopped || (WIFEXITED(status) && WEXITSTATUS(status) == 0)) return;
  ++totals.failed;
  std::cout << "\nA run died (signal " << (WIFSIGNALED(status) ? WTERMSIG(status) : 0)
            << ") at this seed or soon after it. Again:\n  ./run properties --seed " << worker.seed
            << " --processes 1\n";
}

void progress(const CampaignTotals& totals, Clock::time_point began) {
  const auto seconds = std::chrono::duration<double>(Clock::now() - began).count();
  std::fprintf(stderr, "\r%8.0f s  %10llu runs  %9.0f messages/s  %9.0f x real time  %llu failed ",
               seconds, static_cast<unsigned long long>(totals.runs),
               static_cast<double>(totals.messages) / seconds, totals.simulated_seconds / seconds,
               static_cast<unsigned long long>(totals.failed));
}

}  // namespace

CampaignTotals& CampaignTotals::operator+=(const CampaignTotals& other) {
  runs += other.runs;
  messages += other.messages;
  notifications += other.notifications;
  steps += other.steps;
  simulated_seconds += other.simulated_seconds;
  failed += other.failed;
  coverage += other.coverage;
  return *this;
}

CampaignTotals run_campaign(const CampaignPlan& plan) {
  const auto began = Clock::now();
  CampaignTotals totals;
  std::vector<Worker> workers;
  for (std::uint64_t i = 0; i < plan.processes; ++i) workers.push_back(start_worker(plan, i));
  for (;;) {
    std::vector<pollfd> open;
    for (const auto& worker : workers)
      if (!worker.ended) open.push_back({worker.reports, POLLIN, 0});
    if (open.empty()) break;
    poll(open.data(), open.size(), 1'000);
    for (const auto& ready : open) {
      if (ready.revents == 0) continue;
      for (auto& worker : workers)
        if (!worker.ended && worker.reports == ready.fd) listen(worker, totals);
    }
    if (isatty(STDERR_FILENO)) progress(totals, began);
    if (totals.failed > 0) {
      for (auto& worker : workers)
        if (!worker.ended && !std::exchange(worker.stopped, true)) kill(worker.process, SIGKILL);
    }
  }
  progress(totals, began);
  std::fputc('\n', stderr);
  return totals;
}

}  // namespace twostep::properties

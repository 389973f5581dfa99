#include "property-tests/campaign/workers.hpp"

#include <poll.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <climits>
#include <csignal>
#include <cstdio>
#include <iostream>
#include <sstream>
#include <type_traits>
#include <utility>
#include <vector>

#include "property-tests/campaign/finding.hpp"

namespace twostep::properties {
namespace {

using Clock = std::chrono::steady_clock;

/// What a worker tells of its runs, as it is in memory: both ends are the same program.
static_assert(std::is_trivially_copyable_v<CampaignTotals>);
static_assert(sizeof(CampaignTotals) <= PIPE_BUF, "A pipe takes it whole.");

constexpr std::size_t processes_max = 256;

/// What all processes see.
struct Shared {
  std::atomic<std::uint64_t> next_seed;
  std::atomic<bool> stops;                                        ///< No more seeds.
  std::array<std::atomic<std::uint64_t>, processes_max> at_seed;  ///< Of each worker.
};
static_assert(std::atomic<std::uint64_t>::is_always_lock_free);

/// Memory that `fork` does not copy.
class SharedMemory {
 public:
  explicit SharedMemory(std::uint64_t first_seed)
      : memory_{mmap(nullptr, sizeof(Shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS,
                     -1, 0)} {
    if (memory_ == MAP_FAILED) throw std::runtime_error{"no memory to share"};
    new (memory_) Shared{};
    (*this)->next_seed = first_seed;
  }
  ~SharedMemory() { munmap(memory_, sizeof(Shared)); }
  SharedMemory(const SharedMemory&) = delete;
  SharedMemory& operator=(const SharedMemory&) = delete;

  Shared* operator->() const { return static_cast<Shared*>(memory_); }
  Shared& operator*() const { return *operator->(); }

 private:
  void* memory_;
};

volatile std::sig_atomic_t asked_to_stop = 0;

struct Worker {
  pid_t process;
  int reports;
  std::size_t number;
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
          .hash = 0,
          .coverage = result.coverage,
          .judged = result.judged};
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

/// Adds up to the same in any order, and is another if two runs change places.
std::uint64_t hash_of(std::uint64_t seed, const RunResult& result) {
  return Random{stream_seed(result.hash, "campaign", seed)}.next();
}

/// The next seed, if there is one.
std::optional<std::uint64_t> take_seed(const CampaignPlan& plan, Shared& shared,
                                       Clock::time_point end) {
  auto seed = shared.next_seed.load();
  do {
    const bool done = plan.runs ? seed >= plan.seed + *plan.runs : Clock::now() >= end;
    if (done || shared.stops) return std::nullopt;
  } while (!shared.next_seed.compare_exchange_weak(seed, seed + 1));
  return seed;
}

/// Takes one seed after the other.
void work(const CampaignPlan& plan, Shared& shared, std::size_t number, int reports) {
  const auto end = Clock::now() + plan.time;
  CampaignTotals totals;
  auto told = Clock::now();
  const auto report = [&] {
    const bool whole = ::write(reports, &totals, sizeof totals) == sizeof totals;
    totals = {};
    told = Clock::now();
    return whole;
  };
  while (const auto seed = take_seed(plan, shared, end)) {
    shared.at_seed.at(number) = *seed;
    const auto start = start_of(plan, *seed);
    RunResult result;
    const auto violation = first_violation(start, result, plan.twice);
    totals += totals_of(result);
    totals.hash += hash_of(*seed, result);
    if (violation) {
      totals.failed = 1;
      result.violations.insert(result.violations.begin(), *violation);
      show(plan, start, result);
      break;
    }
    if (Clock::now() - told > std::chrono::milliseconds{200} && !report()) return;
  }
  report();
}

Worker start_worker(const CampaignPlan& plan, Shared& shared, std::size_t number) {
  int ends[2];
  if (pipe(ends) != 0) throw std::runtime_error{"no pipe to a worker"};
  const auto process = fork();
  if (process < 0) throw std::runtime_error{"no worker"};
  if (process == 0) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    std::signal(SIGINT, SIG_IGN);  // Whoever asks for an end at a terminal asks the whole group.
    close(ends[0]);
    work(plan, shared, number, ends[1]);
    _exit(0);
  }
  close(ends[1]);
  return {process, ends[0], number};
}

/// Reads one report. Without one the worker has ended; if it died, its seed is the finding.
void listen(Worker& worker, const Shared& shared, CampaignTotals& totals) {
  CampaignTotals report;
  if (::read(worker.reports, &report, sizeof report) == sizeof report) {
    totals += report;
    return;
  }
  worker.ended = true;
  close(worker.reports);
  int status = 0;
  waitpid(worker.process, &status, 0);
  if (worker.stopped || (WIFEXITED(status) && WEXITSTATUS(status) == 0)) return;
  ++totals.failed;
  std::cout << "\nA run died (signal " << (WIFSIGNALED(status) ? WTERMSIG(status) : 0)
            << "). Again:\n  ./run properties --tell --seed " << shared.at_seed.at(worker.number)
            << '\n';
}

void progress(const CampaignTotals& totals, Clock::time_point began) {
  const auto seconds = std::chrono::duration<double>(Clock::now() - began).count();
  std::fprintf(
      stderr,
      "\r%8.0f s  %10llu runs  %7.0f runs/s  %9.0f messages/s  %9.0f x real time  %llu failed ",
      seconds, static_cast<unsigned long long>(totals.runs),
      static_cast<double>(totals.runs) / seconds, static_cast<double>(totals.messages) / seconds,
      totals.simulated_seconds / seconds, static_cast<unsigned long long>(totals.failed));
}

}  // namespace

CampaignTotals& CampaignTotals::operator+=(const CampaignTotals& other) {
  runs += other.runs;
  messages += other.messages;
  notifications += other.notifications;
  steps += other.steps;
  simulated_seconds += other.simulated_seconds;
  failed += other.failed;
  hash += other.hash;
  coverage += other.coverage;
  judged += other.judged;
  return *this;
}

CampaignEnd run_campaign(const CampaignPlan& plan) {
  const auto began = Clock::now();
  CampaignTotals totals;
  const SharedMemory shared{plan.seed};
  std::vector<Worker> workers;
  const auto processes = std::min<std::size_t>(plan.processes, processes_max);
  for (std::size_t i = 0; i < processes; ++i) workers.push_back(start_worker(plan, *shared, i));
  for (const int signal : {SIGINT, SIGTERM}) std::signal(signal, [](int) { asked_to_stop = 1; });
  for (;;) {
    std::vector<pollfd> open;
    for (const auto& worker : workers)
      if (!worker.ended) open.push_back({worker.reports, POLLIN, 0});
    if (open.empty()) break;
    poll(open.data(), open.size(), 1'000);
    if (asked_to_stop) shared->stops = true;
    for (const auto& ready : open) {
      if (ready.revents == 0) continue;
      for (auto& worker : workers)
        if (!worker.ended && worker.reports == ready.fd) listen(worker, *shared, totals);
    }
    if (isatty(STDERR_FILENO)) progress(totals, began);
    if (totals.failed > 0) {
      for (auto& worker : workers)
        if (!worker.ended && !std::exchange(worker.stopped, true)) kill(worker.process, SIGKILL);
    }
  }
  progress(totals, began);
  std::fputc('\n', stderr);
  return {totals, shared->next_seed};
}

}  // namespace twostep::properties

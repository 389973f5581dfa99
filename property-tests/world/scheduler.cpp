#include "property-tests/world/scheduler.hpp"

#include <algorithm>

namespace twostep::properties {

namespace net = boost::asio;

/// What Asio asks of an executor that `any_io_executor` can hold.
class Process::Executor {
 public:
  explicit Executor(Process& process) : process_{&process} {}

  net::execution_context& query(net::execution::context_t) const noexcept { return *process_; }
  static constexpr net::execution::blocking_t query(net::execution::blocking_t) noexcept {
    return net::execution::blocking.never;
  }
  Executor require(net::execution::blocking_t::never_t) const noexcept { return *this; }

  template <class F>
  void execute(F&& run) const {
    process_->scheduler_.post(*process_, Task{std::forward<F>(run)});
  }

  friend bool operator==(const Executor&, const Executor&) noexcept = default;

 private:
  Process* process_;
};

net::any_io_executor Process::executor() { return Executor{*this}; }

void Process::kill() {
  if (std::exchange(dead_, true)) return;
  scheduler_.drop(*this);
  const auto ended = std::exchange(*parked_, {});
  shutdown();
}

Task Process::park(Task resume) {
  const auto place = ++parkings_;
  parked_->emplace(place, std::move(resume));
  return Task{[all = std::weak_ptr{parked_}, place] {
    const auto parked = all.lock();
    if (!parked) return;
    if (auto found = parked->extract(place)) found.mapped()();
  }};
}

void Scheduler::post(Process& process, Task task) {
  if (process.dead()) return;  // The task ends here, and with it the coroutine it would resume.
  ready_.push_back({&process, std::move(task)});
}

void Scheduler::post_at(Process& process, Ticks when, Task task) {
  if (process.dead()) return;
  later_.emplace(std::pair{std::max(when, now_), ++arrivals_}, Ready{&process, std::move(task)});
}

bool Scheduler::run_one() {
  if (ready_.empty()) {
    if (later_.empty()) return false;
    now_ = later_.begin()->first.first;
    while (!later_.empty() && later_.begin()->first.first == now_) {
      ready_.push_back(std::move(later_.begin()->second));
      later_.erase(later_.begin());
    }
  }
  const auto choices = std::min(width_, static_cast<std::uint32_t>(ready_.size()));
  const auto next = ready_.begin() + (choices > 1 ? order_.below(choices) : 0);
  auto chosen = std::move(*next);
  ready_.erase(next);
  trace_.step(now_, chosen.process->number());
  chosen.task();
  return true;
}

bool Scheduler::run_all(Ticks until, std::uint64_t tasks_max) {
  for (std::uint64_t tasks = 0; tasks < tasks_max; ++tasks) {
    const bool waits_too_long =
        ready_.empty() && !later_.empty() && later_.begin()->first.first > until;
    if (waits_too_long) return false;
    if (!run_one()) return true;
  }
  return false;
}

// Ending a coroutine may post to other processes, so the tasks are taken out first and ended then.
void Scheduler::drop(const Process& process) {
  std::vector<Task> ended;
  const auto end = std::stable_partition(
      ready_.begin(), ready_.end(), [&](const Ready& entry) { return entry.process != &process; });
  for (auto entry = end; entry != ready_.end(); ++entry) ended.push_back(std::move(entry->task));
  ready_.erase(end, ready_.end());
  for (auto entry = later_.begin(); entry != later_.end();) {
    if (entry->second.process != &process) {
      ++entry;
      continue;
    }
    ended.push_back(std::move(entry->second.task));
    entry = later_.erase(entry);
  }
}

net::awaitable<void> pause(Process& process, Ticks time) {
  auto& scheduler = process.scheduler();
  const auto keep = [&](Task resume) {
    scheduler.post_at(process, scheduler.now() + time, std::move(resume));
  };
  co_await suspended(process, keep);
}

}  // namespace twostep::properties

#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/associated_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/execution.hpp>
#include <boost/asio/execution_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <utility>
#include <vector>

#include "impl/core/time_uuid.hpp"
#include "property-tests/world/choices.hpp"
#include "property-tests/world/trace.hpp"

/// One thread that plays all threads, and a clock that moves only when nothing is left to do.
///
/// Coroutines of the production code run here as they are: they see an executor like any other. Which of
/// the tasks that could run is run next is a choice, so whatever order several threads could produce
/// between two suspensions, some run produces it; and waiting costs nothing.
///
/// Shape      A `Process` is everything that dies together: a node, a disk, the devices. Killing it
///            destroys its tasks where they stand, coroutines included, as `kill -9` does.
/// Threads    One.
namespace twostep::properties {

/// Something to run once. Destroying it unrun is no error: that is what a crash does.
class Task {
 public:
  Task() = default;
  template <class F>
  explicit Task(F run) : body_{std::make_unique<BodyOf<F>>(std::move(run))} {}

  explicit operator bool() const { return body_ != nullptr; }
  void operator()() { std::exchange(body_, nullptr)->run(); }

 private:
  struct Body {
    virtual ~Body() = default;
    virtual void run() = 0;
  };
  template <class F>
  struct BodyOf final : Body {
    explicit BodyOf(F f) : function{std::move(f)} {}
    void run() override { std::move(function)(); }
    F function;
  };

  std::unique_ptr<Body> body_;
};

class Process;

class Scheduler {
 public:
  /// `order` decides what runs next; among the first `width` of what could (1: in the order of arrival).
  Scheduler(Choices& order, std::uint32_t width, Trace& trace)
      : order_{order}, width_{width}, trace_{trace} {}

  Ticks now() const { return now_; }

  /// Something that somebody did or saw now. Returns its place in the order of all such things.
  std::uint64_t tell(model::Line line) { return trace_.tell(now_, std::move(line)); }

  void post(Process& process, Task task);
  void post_at(Process& process, Ticks when, Task task);

  /// Runs one task; moves the clock on to the next if none is ready. False: there is none at all.
  bool run_one();

  /// Runs until nothing is left to do, or the simulated time or the number of tasks is used up.
  /// Returns whether nothing was left.
  bool run_all(Ticks until, std::uint64_t tasks_max);

 private:
  friend class Process;
  struct Ready {
    Process* process;
    Task task;
  };
  std::uint64_t admit() { return ++processes_; }
  void drop(const Process& process);

  Choices& order_;
  const std::uint32_t width_;
  Trace& trace_;
  Ticks now_{0};
  std::uint64_t processes_ = 0;
  std::uint64_t arrivals_ = 0;
  std::deque<Ready> ready_;
  std::map<std::pair<Ticks, std::uint64_t>, Ready> later_;
};

class Process final : public boost::asio::execution_context {
 public:
  explicit Process(Scheduler& scheduler) : scheduler_{scheduler}, number_{scheduler.admit()} {}
  ~Process() { kill(); }

  /// Nothing of this process runs any more. What its coroutines refer to must still be there.
  void kill();

  boost::asio::any_io_executor executor();
  Scheduler& scheduler() { return scheduler_; }
  std::uint64_t number() const { return number_; }
  bool dead() const { return dead_; }

  /// Keeps a suspended coroutine until the returned task is run, or this process is killed.
  Task park(Task resume);

 private:
  class Executor;
  using Parked = std::map<std::uint64_t, Task>;

  Scheduler& scheduler_;
  const std::uint64_t number_;
  bool dead_ = false;
  std::uint64_t parkings_ = 0;
  std::shared_ptr<Parked> parked_ = std::make_shared<Parked>();
};

/// Suspends the calling coroutine, which runs in `process`, and gives `keep` the task that resumes it.
template <class Keep>
boost::asio::awaitable<void> suspended(Process& process, Keep keep) {
  namespace net = boost::asio;
  const auto initiate = [&process](auto handler, auto keep_it) {
    auto executor = net::get_associated_executor(handler);
    keep_it(process.park(Task{[handler = std::move(handler), executor]() mutable {
      net::post(executor, std::move(handler));
    }}));
  };
  return net::async_initiate<const net::use_awaitable_t<>, void()>(initiate, net::use_awaitable,
                                                                   std::move(keep));
}

/// Waits for simulated time to pass.
boost::asio::awaitable<void> pause(Process& process, Ticks time);

}  // namespace twostep::properties

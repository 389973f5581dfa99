#pragma once

#include <atomic>
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <list>
#include <map>
#include <mutex>

/// The open connections: how many there are, and how to ask all of them to end.
///
/// Threads    Any, except that `until_at_most` is for coroutines on the executor given to the
///            constructor, a strand.
/// Source     specs/08-robustness.md (ROB).
namespace twostep::server {

class Sessions {
 public:
  /// One open connection. It counts as long as this lives.
  class Seat {
   public:
    explicit Seat(Sessions& sessions);
    ~Seat();
    Seat(const Seat&) = delete;
    Seat& operator=(const Seat&) = delete;

    /// What asks this session to end: called once, on any thread, must not wait. Called at once if
    /// everybody has been asked already.
    void when_asked(std::function<void()> leave);

   private:
    Sessions& sessions_;
    const std::uint64_t number_;
  };

  explicit Sessions(boost::asio::any_io_executor executor);

  std::size_t size() const { return size_; }

  void ask_all_to_end();

  /// Waits until no more than `wanted` are open, or until the deadline; says if it came to it.
  boost::asio::awaitable<bool> until_at_most(std::size_t wanted,
                                             std::chrono::steady_clock::time_point deadline =
                                                 std::chrono::steady_clock::time_point::max());

 private:
  void wake_who_waits();

  boost::asio::any_io_executor executor_;
  std::list<boost::asio::steady_timer> waiting_;  ///< Used on the executor only.
  std::atomic<std::size_t> waiting_count_{0};
  std::atomic<std::size_t> size_{0};
  std::atomic<std::uint64_t> numbers_{0};

  std::mutex mutex_;  ///< Guards what is below.
  bool asked_ = false;
  std::map<std::uint64_t, std::function<void()>> leaves_;
};

}  // namespace twostep::server

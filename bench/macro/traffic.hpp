#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "bench/macro/histogram.hpp"

/// The load: many connections from one thread, on one clock.
///
/// Shape      Work comes as tasks: requests made one after another on one kept-alive connection, timed
///            as one. In the open loop tasks start at fixed moments and latency counts from the
///            intended start, also while a task waits for a free connection. In the closed loop each
///            connection begins the next task when the last is over: that measures throughput, and
///            its latencies say little about what users would wait for.
/// Errors     A request without a complete answer within `answer_timeout` ends its task, and the
///            connection is opened anew. What cannot be reached at all is a `TrafficError`.
/// Threads    Everything happens on the thread that calls; callbacks too. They must be quick: what
///            they take is added to the latency of others, and shows as slip.
namespace twostep::bench {

using Clock = std::chrono::steady_clock;

struct TrafficError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// `http://host:port` or `ws://host:port`. No TLS: it would be measured too.
struct Endpoint {
  std::string host;
  std::string port;

  /// Errors     `TrafficError` for any other URL.
  static Endpoint parse(const std::string& url);

  std::string authority() const { return host + ":" + port; }
};

/// One request, complete, as it goes over the wire.
std::string request_bytes(const std::string& method, const Endpoint& to, const std::string& target,
                          const std::string& token, const std::string& content_type = {},
                          const std::string& body = {});

struct Exchange {
  std::size_t task;            ///< From 0, in the order of their starts.
  std::size_t step;            ///< From 0, within the task.
  Clock::time_point intended;  ///< Start of the task; in the closed loop that of its first request.
  Clock::time_point begun;
  Clock::time_point ended;
  int status = 0;  ///< 0: no answer.
  std::string body;
};

class Workload {
 public:
  virtual ~Workload() = default;

  /// The next request of a task; none: the task is over. Called at the moment it is sent.
  virtual std::optional<std::string> request(std::size_t task, std::size_t step) = 0;

  virtual void ended(Exchange&& exchange) = 0;
};

struct Pace {
  std::optional<double> per_second = {};  ///< None: the closed loop.
  std::size_t connections = 1;
  std::chrono::duration<double> warm_up{0};  ///< Done, and audited, but not measured.
  std::chrono::duration<double> measured{10};
};

/// Measured tasks only.
struct Load {
  Histogram latency;  ///< Nanoseconds, of tasks that were answered.
  Histogram slip;     ///< Nanoseconds from an intended start until the generator turned to it.
  std::size_t tasks = 0;
  std::size_t unanswered = 0;  ///< Tasks that a missing answer ended.
  bool overloaded = false;     ///< More than `tasks_waiting_max` waited; the run was cut short.
  std::chrono::duration<double> elapsed{0};

  double per_second() const { return static_cast<double>(tasks) / elapsed.count(); }
};

/// Tasks waiting for a connection. A backend that is so far behind is not measured but drowned.
inline constexpr std::size_t tasks_waiting_max = 20'000;

/// Longer than a busy disk or a restarted node takes; nothing shorter is a failure of the backend.
inline constexpr std::chrono::seconds answer_timeout{30};

/// The largest answer that is read. A page of 10,000 long messages has some dozen megabytes.
inline constexpr std::size_t answer_bytes_max = std::size_t{256} << 20;

class Traffic {
 public:
  /// A frame on the `socket`-th websocket.
  using OnFrame = std::function<void(std::size_t socket, std::string&& frame, Clock::time_point)>;

  explicit Traffic(const Endpoint& http);
  ~Traffic();

  /// Opens a websocket; frames are read for as long as this lives. Returns when it is open.
  void open_socket(const Endpoint& to, const std::string& target, const std::string& token,
                   OnFrame on_frame);

  /// Runs a load to its end.
  Load run(const Pace& pace, Workload& workload);

  /// Makes one request, outside of any load.
  Exchange call(const std::string& request);

  /// Keeps reading frames until `done`. False if that was not within `longest`.
  bool wait_until(const std::function<bool()>& done, std::chrono::milliseconds longest);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace twostep::bench

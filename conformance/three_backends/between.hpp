#pragma once

#include <condition_variable>
#include <cstddef>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "conformance/support/peer_script.hpp"
#include "conformance/support/stream.hpp"

/// Stands before a backend's listener for peers, passes calls on, one connection each, and keeps what came.
/// At one moment of one call it does what a test says, while the call is held; or it answers in the backend's
/// place.
///
/// Threads    One for each connection, all of them its own. The rest from the test's, between calls.
namespace twostep::conformance {

/// Where a call is on its way when something happens to it.
enum class Point {
  before_it_arrives,
  in_the_middle,  ///< Half of its body has arrived, and no more will.
  answered,       ///< The answer is on its way, and arrives all the same.
  answer_lost,    ///< The answer was on its way.
};

std::string name_of(Point point);

class Between {
 public:
  /// Before the backend "a", "b" or "c", where the two others call it.
  explicit Between(const std::string& name);
  ~Between();
  Between(const Between&) = delete;
  Between& operator=(const Between&) = delete;

  /// "127.0.0.1:8090": where the others call.
  const std::string& address() const { return address_; }

  /// With the next call of this procedure.
  void once(const std::string& rpc, Point point, std::function<void()> action);

  /// Whether it came to that.
  bool happened() const;

  /// From here on answers calls of this procedure itself: the backend hears nothing of them.
  void answers(const std::string& rpc, Answering answering);

  /// From here on passes everything on again.
  void passes_on();

  /// Every call since `forget`, whatever became of it.
  std::vector<Call> received() const;
  void forget();

  /// Waits until no call is on its way any more: the backend has answered, whether or not anybody was left
  /// to hear it.
  void wait_until_idle();

 private:
  struct Plan {
    std::string rpc;
    Point point;
    std::function<void()> action;
  };

  void accept();
  void serve(Stream& caller);
  void pass_on_with(Stream& caller, const std::string& request, const Plan& plan);
  std::optional<Plan> plan_for(const std::string& rpc);
  std::optional<Answer> answer_to(const Call& call);

  std::string name_;
  std::string address_;
  Url backend_;
  int listening_ = -1;
  mutable std::mutex mutex_;  ///< Guards what is below.
  std::optional<Plan> plan_;
  std::map<std::string, Answering> answerings_;  ///< By procedure.
  std::vector<Call> received_;
  std::vector<std::thread> connections_;
  std::size_t under_way_ = 0;
  std::condition_variable idle_;
  std::thread accepting_;
};

}  // namespace twostep::conformance

#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <vector>

/// Whether a run did what it measured: nothing lost, invented, twice, or out of order.
///
/// A backend that drops messages is faster than one that keeps them. So every run is audited, and a
/// run with an anomaly has no result.
///
/// Shape      Messages are numbered from 0 in the order in which they began. Of one that got no answer
///            nobody knows whether it was stored: it may be received or not, but not twice.
/// Threads    A plain value.
/// Source     specs/01-send.md (SND), specs/03-catch-up.md (CUP), specs/04-time-uuid.md (TID).
namespace twostep::bench {

/// One message as a recipient got it.
struct Received {
  std::string notification;                 ///< Id; a version-1 UUID.
  std::optional<std::size_t> message = {};  ///< Its number; none if it is not one of ours.
};

class Audit {
 public:
  using Moment = std::chrono::steady_clock::time_point;

  /// Requires   `message` is 0, then 1, then 2, ….
  void begun(std::size_t message, Moment at);

  /// Answered, and stored as far as the backend says.
  void acknowledged(std::size_t message, Moment at);

  /// Everything that one recipient got of messages that were begun, in the order in which it did. If a
  /// message was acknowledged before another began, it comes first; and ids ascend.
  void judge(const std::string& recipient, const std::vector<Received>& received);

  /// Notes what was found in another way.
  void add_anomaly(const std::string& what);

  std::size_t acknowledged_count() const;

  /// Sentences, each naming the message or notification; at most `anomalies_named_max`, and then how
  /// many more there are. Empty: the run is sound.
  std::vector<std::string> anomalies() const;

  /// More would not tell more, and a backend that stores nothing would fill the screen.
  static constexpr std::size_t anomalies_named_max = 10;

 private:
  struct Message {
    Moment begun;
    std::optional<Moment> acknowledged = {};
  };

  void judge_order(const std::string& recipient, const std::vector<Received>& received);

  std::vector<Message> messages_;
  std::vector<std::string> named_;
  std::size_t found_ = 0;
};

}  // namespace twostep::bench

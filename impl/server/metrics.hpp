#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

/// What an operator watches.
///
/// Requests are counted as they are answered. Everything else that can be known at any time, such
/// as the length of a queue, is not counted here a second time: its owner is asked when somebody
/// looks.
///
/// Threads    Any.
/// Source     docs/ARCHITECTURE.md, "Operation".
namespace twostep::server {

class Metrics {
 public:
  Metrics();
  ~Metrics();

  /// One answered request. `pattern` is the route's, never the path: paths name users.
  void answered(std::string_view method, std::string_view pattern, int status,
                std::chrono::nanoseconds took);

  /// One call of ours to another backend. Which backend is left to the log: there may be thousands.
  void called(std::string_view rpc, std::string_view outcome, std::chrono::nanoseconds took);

  enum class Kind { counter, gauge };

  /// A number that somebody else keeps. `value` is called on any thread, and as long as this lives.
  void watch(Kind kind, std::string name, std::string help, std::function<double()> value);

  /// All of it, in the Prometheus text format.
  std::string text() const;

 private:
  class Implementation;
  std::unique_ptr<Implementation> implementation_;
};

}  // namespace twostep::server

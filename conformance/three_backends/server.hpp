#pragma once

#include <string>
#include <string_view>

#include "conformance/support/backend.hpp"
#include "conformance/support/target.hpp"

/// One of three backends that speak with each other, each a process of its own, as scripts/federation has
/// started them in the folder TWOSTEP_FEDERATION.
///
/// Errors     A server that cannot be used ends a test as setup that failed does: by an exception.
/// Threads    `kill` from any; the rest from the test's own.
namespace twostep::conformance {

class Server {
 public:
  /// "a", "b" or "c".
  static Server named(const std::string& name);

  const std::string& name() const { return target_.name; }
  const std::string& domain() const { return target_.domain; }

  /// A device of a user who was not there before.
  Device device(std::string_view name) const;

  /// Another device of the same user.
  Device device_of(const User& user) const;

  /// Somebody with a connection of their own and another's token.
  Caller caller(const Device& device) const;

  /// A socket of one of its devices.
  Socket open_socket(const Device& device) const;

  void kill() const;   ///< With signal 9; returns when the process is gone.
  void start() const;  ///< Returns when it answers.

 private:
  explicit Server(Target target) : target_(std::move(target)) {}

  Target target_;
};

}  // namespace twostep::conformance

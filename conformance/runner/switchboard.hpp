#pragma once

#include <sys/types.h>

#include <string>

#include "conformance/support/target.hpp"

/// The one process that is reached by the target, on behalf of all tests.
///
/// It listens where the target file says that the push gateway is, tells tests apart by push token,
/// and answers as each test has asked through a socket in the file system (see `PushSink`).
namespace twostep::conformance {

class Switchboard {
 public:
  /// Starts the process.
  /// @param control  path of the socket through which tests speak to it.
  /// Errors          throws `std::runtime_error` if it cannot listen.
  Switchboard(const Endpoint& listen, const std::string& control);
  ~Switchboard();
  Switchboard(const Switchboard&) = delete;
  Switchboard& operator=(const Switchboard&) = delete;

 private:
  pid_t pid_ = -1;
  std::string control_;
};

}  // namespace twostep::conformance

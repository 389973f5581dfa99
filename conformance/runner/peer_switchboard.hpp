#pragma once

#include <sys/types.h>

#include <string>

#include "conformance/support/target.hpp"

/// The process through which the target reaches the peers that tests play.
///
/// It listens where the target file says that all peers are. Of a connection it reads no more than is
/// needed to tell which peer is meant, and leaves even that unread; then it hands the connection itself to
/// the test that has taken this domain (see `PeerLine`), which does with it what it likes. What is meant
/// for a domain that nobody has taken is closed.
namespace twostep::conformance {

class PeerSwitchboard {
 public:
  /// Starts the process.
  /// @param control  path of the socket at which tests take domains.
  /// Errors          throws `std::runtime_error` if it cannot listen.
  PeerSwitchboard(const Endpoint& listen, const std::string& control);
  ~PeerSwitchboard();
  PeerSwitchboard(const PeerSwitchboard&) = delete;
  PeerSwitchboard& operator=(const PeerSwitchboard&) = delete;

 private:
  pid_t pid_ = -1;
  std::string control_;
};

}  // namespace twostep::conformance

#pragma once

#include <memory>
#include <string>

#include "conformance/support/stream.hpp"

/// The connections that the target opens to one peer.
///
/// One process of the suite listens for all peers and hands over each connection to the test that has taken
/// its domain. From then on the connection is the test's own: it can read, garble, reset, or do nothing.
///
/// Errors     A domain that cannot be taken makes the test *unknown*.
/// Threads    `next` belongs to one thread; `hang_up` may be called from any, and makes it return.
namespace twostep::conformance {

class PeerLine {
 public:
  /// Takes the domain. From here on, connections for it come to this line.
  explicit PeerLine(const std::string& domain);
  ~PeerLine();
  PeerLine(const PeerLine&) = delete;
  PeerLine& operator=(const PeerLine&) = delete;

  /// Waits for a connection, however long. Nothing after `hang_up`.
  std::unique_ptr<Stream> next() const;

  void hang_up() const;

 private:
  int fd_ = -1;
};

/// Sends an open connection to another process (SCM_RIGHTS): `next` of the line at the other end of `line`
/// gives it.
void hand_over_connection(int line, int connection);

}  // namespace twostep::conformance

#pragma once

#include <cstddef>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>

#include "conformance/support/certificates.hpp"
#include "conformance/support/patience.hpp"

/// A connection to the target, over TCP or TLS, with a deadline on every wait.
///
/// The suite has its own because it needs what libraries hide: bytes of its own choosing, a reader
/// that does not read, and above all no request that is silently sent again on a fresh connection,
/// which would be seen as a message delivered twice.
///
/// Errors     Connecting throws `StreamError`; afterwards the end of the connection is a value.
/// Threads    Belongs to one thread at a time.
namespace twostep::conformance {

struct StreamError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// scheme://host:port; the scheme decides on TLS (https, wss).
struct Url {
  bool tls = false;
  std::string host;
  std::string port;

  static Url parse(const std::string& text);
  std::string authority() const { return host + ":" + port; }
};

enum class Io { done, ended, timed_out };

class Stream {
 public:
  /// @param receive_buffer_bytes  size of the kernel's buffer, or 0 for its default.
  Stream(const Url& url, Clock::time_point until, int receive_buffer_bytes = 0);
  /// With TLS of one's own: proves and believes what `end` says, and expects to find `name`.
  Stream(const Url& url, const TlsEnd& end, const std::string& name, Clock::time_point until);

  /// Takes over a connection that was accepted: the target's, to a peer that the suite plays.
  explicit Stream(int accepted);
  ~Stream();
  Stream(const Stream&) = delete;
  Stream& operator=(const Stream&) = delete;

  /// Writes all of it, or fails.
  Io write(std::string_view bytes, Clock::time_point until);

  /// Appends what is there to `to`, waiting for at least one byte.
  Io read_some(std::string& to, Clock::time_point until);

  /// True if the other side has ended the connection, or sent what nobody asked for.
  bool stale() const;

  /// Begins TLS on an accepted connection.
  Io secure(const TlsEnd& end, Clock::time_point until);

  void shut_down_writing();

  /// Ends it both ways; a wait on another thread returns. The only thing another thread may do.
  void shut_down();

  /// Ends it as a crash would: what is on its way is lost, and the other side is told so (RST).
  void reset();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace twostep::conformance

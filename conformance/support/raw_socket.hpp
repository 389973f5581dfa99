#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "conformance/support/http.hpp"

/// A connection for bytes that no library would send. Plain TCP or TLS, as the target's URL says.
///
/// Errors     A target that cannot be reached makes the test *unknown* (`SetupFailed`).
/// Threads    Belongs to one thread.
namespace twostep::conformance {

/// An HTTP/1.1 request as it stands on the wire, with `Host`, the test's name, and these headers:
/// nothing is added that speaks of the body.
std::string request_text(const std::string& method, const std::string& path,
                         const std::vector<Header>& headers = {}, const std::string& body = {});

class RawSocket {
 public:
  /// Connects to scheme, host and port of `url` (http, https, ws or wss).
  RawSocket(std::string actor, const std::string& url, int receive_buffer_bytes = 0);
  ~RawSocket();
  RawSocket(RawSocket&&) noexcept;
  RawSocket& operator=(RawSocket&&) noexcept;

  /// Writes all of it, or as much as the other side takes before the deadline. False if it did not
  /// take everything.
  bool write(std::string_view bytes);

  /// Waits for some bytes, at most until `until`. Empty at the end of the connection or the
  /// deadline.
  std::string read_some(Clock::time_point until = deadline());

  /// Everything until the other side closes or the deadline has passed.
  std::string read_to_end();

  /// Reads one HTTP response (with `Content-Length`, chunked, or until the end).
  Reply read_reply();

  /// True once the other side has closed or reset the connection.
  bool ended() const;

  void shut_down_writing();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace twostep::conformance

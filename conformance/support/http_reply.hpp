#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "conformance/support/http.hpp"
#include "conformance/support/stream.hpp"

namespace twostep::conformance {

/// Reads one HTTP/1.1 response from the stream.
///
/// Interim responses (1xx but 101) are skipped. The body ends where `Content-Length`, the last
/// chunk, or the end of the connection says so. Bytes after it stay in `buffer`: the next response,
/// or the first frames after a 101.
///
/// Errors     Status 0 with an `error` that says what was missing.
Reply read_reply(Stream& stream, std::string& buffer, bool head_request, Clock::time_point until);

/// Reads one request, as a backend that calls one of our peers sends it. Nothing if there is none, or
/// none that is well formed.
std::optional<Request> read_request(Stream& stream, std::string& buffer, Clock::time_point until);

/// True unless the response or its framing says that the connection cannot be used again.
bool keeps_alive(const Reply& reply);

}  // namespace twostep::conformance

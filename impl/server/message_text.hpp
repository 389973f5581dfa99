#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "impl/server/http.hpp"

/// The text of HTTP messages, as far as we read and write it ourselves.
///
/// Threads    Pure functions.
/// Source     RFC 9112 sections 2 to 4.
namespace twostep::server {

/// How many octets the request head at the beginning of `text` has, its empty line included.
///
/// A text that cannot become a head any more (it does not begin like one, has a line that does not
/// end with CRLF, or is as long as a head may be) is complete as well: the sooner it is refused,
/// the better. None: read on.
std::optional<std::size_t> end_of_head(std::string_view text);

/// What a response says of its connection.
struct Connection {
  bool stays = true;
  std::chrono::seconds idle{};  ///< If it stays: how long a client should count on it.
};

/// The head of a response. A `content_length` is written unless the status has no body at all.
std::string response_head(const Response& response, std::size_t content_length,
                          Connection connection, std::chrono::sys_seconds now);

}  // namespace twostep::server

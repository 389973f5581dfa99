#pragma once

#include <chrono>
#include <cstddef>
#include <string>

#include "impl/server/http.hpp"

/// The heads of responses. Written by hand, so that a body is sent from where it lies.
///
/// Requires   Header values without line ends: handlers make them, never out of what was sent to
/// us. Threads    Pure functions. Source     RFC 9112 section 4.
namespace twostep::server {

/// What a response says of its connection.
struct Connection {
  bool stays = true;
  std::chrono::seconds idle{};  ///< If it stays: how long a client should count on it.
};

/// The head of a response. A `content_length` is written unless the status has no body at all.
std::string response_head(const Response& response, std::size_t content_length,
                          Connection connection, std::chrono::sys_seconds now);

}  // namespace twostep::server

#pragma once

#include <chrono>
#include <cstddef>

/// Every bound of the push gateway's client, each with the reason for its value.
namespace twostep::push::limits {

using namespace std::chrono_literals;

/// From connecting to the end of the answer. A gateway only takes a notice in; one that needs
/// longer is stuck, and a notice that is later than this was overtaken by the client's own catching
/// up.
inline constexpr auto notice_timeout = 5s;

/// Head and body of an answer: we read nothing but its status.
inline constexpr std::size_t answer_head_bytes_max = 16 * 1024;
inline constexpr std::size_t answer_body_bytes_max = 64 * 1024;

/// Connections kept open while nothing is to be said. As many as there are workers at most.
inline constexpr std::size_t idle_connections_max = 16;

}  // namespace twostep::push::limits

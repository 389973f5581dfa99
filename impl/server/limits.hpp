#pragma once

#include <chrono>
#include <cstddef>

#include "impl/core/limits.hpp"

/// Every bound of the HTTP and websocket server, each with the reason for its value.
/// Source     specs/08-robustness.md (ROB).
namespace twostep::server::limits {

using namespace std::chrono_literals;
using twostep::limits::kibibyte;
using twostep::limits::mebibyte;

// --- One connection ------------------------------------------------------------------------

/// What is read ahead on one connection. A request head must fit; so must a chunk's extensions and
/// a chunked body's trailers, which would otherwise grow without end.
inline constexpr std::size_t read_ahead_bytes_max = 64 * kibibyte;
static_assert(twostep::limits::head_bytes_max <= read_ahead_bytes_max);

/// A client has this long for a request head, from its first byte to its last.
inline constexpr auto head_deadline = 10s;

/// A connection without a request is closed after this.
inline constexpr auto idle_deadline = 75s;

/// What we say of it in `Keep-Alive`. Clients do not repeat a request that meets a closing
/// connection, so they are told to stop using it well before we close it.
inline constexpr auto idle_announced = 60s;
static_assert(idle_announced < idle_deadline);

/// A body, in either direction, has this long, and longer the longer it is: a phone on a bad
/// network gets its page, a client that sends a byte a second does not get a connection.
inline constexpr auto transfer_deadline_base = 20s;
inline constexpr std::size_t transfer_bytes_per_second_min = 64 * kibibyte;

/// Before a connection is closed, what the client is still sending is read and thrown away, for so
/// long and so much: closing at once would reset the connection and could take our answer with it.
inline constexpr auto linger_deadline = 2s;
inline constexpr std::size_t linger_bytes_max = 2 * mebibyte;

/// A request id from a client is taken over if it is no longer than this.
inline constexpr std::size_t request_id_chars_max = 64;

// --- All connections -----------------------------------------------------------------------

/// Open connections, websockets included. At 16 KiB each they fit a small machine; beyond it,
/// accepting pauses and the kernel's queue holds who comes.
inline constexpr std::size_t connections_max = 50'000;

/// How long accepting pauses when the process has no file descriptor left.
inline constexpr auto accept_pause = 100ms;

/// The kernel's queue of connections that are not yet accepted.
inline constexpr int accept_queue_max = 1'024;

/// From SIGTERM to the end, at most: below the 30 s that supervisors commonly allow.
inline constexpr auto drain_grace = 25s;

// --- Websockets ----------------------------------------------------------------------------

/// A message from a client. The only one that means anything has four octets.
inline constexpr std::size_t socket_message_bytes_max = 64 * kibibyte;

/// Messages a client may send in a window. It sends one `ping` in 20 s; control frames are the
/// protocol's own business and cost us no memory.
inline constexpr std::size_t socket_messages_per_window_max = 600;
inline constexpr auto socket_message_window = 60s;

/// A handshake is a response like any other, but clients give it 4 s.
inline constexpr auto handshake_deadline = 4s;

/// A silent connection is pinged after half of this and closed after all of it.
inline constexpr auto socket_idle_deadline = 30s;

/// One message has this long to leave. What does not is a reader that does not read: its socket is
/// closed, and it will catch up.
inline constexpr auto socket_write_deadline = 30s;

/// How long a client may take to answer our close.
inline constexpr auto socket_close_deadline = 5s;

}  // namespace twostep::server::limits

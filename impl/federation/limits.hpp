#pragma once

#include <chrono>
#include <cstddef>

#include "impl/core/limits.hpp"

/// Every bound of the transport between backends, each with the reason for its value.
/// Source     specs/09-federation.md (FED).
namespace twostep::federation::limits {

using namespace std::chrono_literals;
using twostep::limits::kibibyte;
using twostep::limits::mebibyte;

// --- One call ------------------------------------------------------------------------------

/// The head of an answer. We read its status and how long the connection stays.
inline constexpr std::size_t answer_head_bytes_max = 16 * kibibyte;

/// What was read from a connection and may wait there to be understood.
inline constexpr std::size_t read_bytes_max = 64 * kibibyte;
static_assert(twostep::limits::head_bytes_max <= read_bytes_max);

/// What is asked for in one read: most messages come in one.
inline constexpr std::size_t read_step_bytes = 16 * kibibyte;

/// Certificates between one that we trust and that of a peer. Authorities have one or two; a peer
/// that sends a hundred wants us to check a hundred signatures.
inline constexpr int certificate_chain_max = 3;

/// A question to the DNS is sent again after this, so often: within the shortest deadline of a call,
/// one lost packet is made good.
inline constexpr std::chrono::milliseconds dns_try = 700ms;
inline constexpr int dns_tries = 4;

// --- All calls to others -------------------------------------------------------------------

/// Calls of one procedure that one peer has to serve for us at a time. Each procedure has places of
/// its own: if one that waits for another filled the places of that other, two backends that send
/// to each other would wait for each other.
inline constexpr std::size_t calls_at_once_max = 64;

/// Calls that wait for such a place. More than this is minutes of work for a peer; those that would
/// wait behind it fail at once.
inline constexpr std::size_t calls_waiting_max = 4'096;

/// Connections to one peer that are kept for later calls, and how old one may get: a certificate is
/// judged when a connection is made, so it counts for so much longer than it is valid.
inline constexpr std::size_t kept_connections_max = 64;
inline constexpr auto connection_age_max = 5min;

// --- Listening to others -------------------------------------------------------------------

/// From the first octet of a connection to the end of the handshake, and the same for a head: peers
/// are machines with good networks.
inline constexpr auto handshake_deadline = 5s;
inline constexpr auto head_deadline = 5s;

/// A body, in either direction, has this long, and longer the longer it is.
inline constexpr auto transfer_deadline_base = 10s;
inline constexpr std::size_t transfer_bytes_per_second_min = 256 * kibibyte;

/// A connection without a request is closed after this.
inline constexpr auto idle_deadline = 60s;

/// Open connections from all peers together.
inline constexpr std::size_t connections_max = 4'096;

/// The longest name of a procedure that is looked at.
inline constexpr std::size_t procedure_chars_max = 64;

}  // namespace twostep::federation::limits

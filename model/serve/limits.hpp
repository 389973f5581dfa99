#pragma once

#include <chrono>
#include <cstddef>

/// Every bound of the reference server, with its reason.
///
/// It serves a test suite or a reader, not the public: the bounds are generous, but there are no others,
/// so that nothing a client does can grow without end.
///
/// Source     specs/08-robustness.md ROB-02, ROB-03, ROB-09, ROB-10, ROB-11, ROB-16..ROB-19.
namespace twostep::model::serve::limits {

using namespace std::chrono_literals;

/// 8 KiB of header fields must be accepted; four times that is more than any client sends.
constexpr std::size_t head_bytes_max = 32 * 1024;
/// A JSON body of 256 KiB must be accepted; 512 KiB is what proxies in front allow.
constexpr std::size_t body_bytes_max = 512 * 1024;
/// A message for all clients of the largest conversation.
constexpr std::size_t message_bytes_max = 40 * 1024 * 1024;
/// The size of a chunk in hexadecimal, and a short extension, which is ignored.
constexpr std::size_t chunk_line_bytes_max = 256;
/// Trailers are read and ignored.
constexpr std::size_t trailers_bytes_max = 4 * 1024;
/// The deepest JSON that a request needs has five levels.
constexpr int json_depth_max = 32;

/// From the first byte of a head to its last, and for the wait between two requests.
constexpr auto head_time_max = 15s;
/// For a body: 40 MiB in this time is a slow line.
constexpr auto body_time_max = 55s;
/// For the client to take the answer.
constexpr auto write_time_max = 30s;
/// After a refusal, what the client still sends is read for a while, so that it sees the answer.
constexpr auto linger_time_max = 2s;
constexpr std::size_t linger_bytes_max = 1024 * 1024;
/// Connections at once; a suite opens a few hundred.
constexpr std::size_t connections_max = 4096;

/// What a client may say on a websocket: `ping`, and small things that are ignored.
constexpr std::size_t socket_message_bytes_max = 64 * 1024;
/// What a socket still has to take before it is given up; its client catches up.
constexpr std::size_t socket_queue_bytes_max = 16 * 1024 * 1024;
/// A socket that neither takes what it is sent nor answers a ping is closed after this time.
constexpr auto socket_idle_max = 45s;

/// For one call of the push gateway.
constexpr auto push_time_max = 5s;
/// Calls of the push gateway under way; what comes on top is dropped, since a push is a courtesy.
constexpr int pushes_max = 256;
/// What a push gateway or a peer may answer: the clients of 500 users are far less.
constexpr std::size_t answer_bytes_max = 8 * 1024 * 1024;

/// For a call of a peer.
constexpr auto peer_time_max = 3s;
/// For a call whose callee calls others before it answers; together less than 30 s.
constexpr auto owner_time_max = 20s;
/// A message of 40 MiB in base64, which is in turn base64 in what a peer is told.
constexpr std::size_t peer_body_bytes_max = 80 * 1024 * 1024;

/// Asked to stop, for what is being written.
constexpr auto drain_time = 200ms;

constexpr auto access_token_life = 900s;
constexpr auto cookie_life = 28 * 24h;

constexpr std::size_t permanent_clients_max = 7;
constexpr std::size_t members_max = 500;
/// Users in one request for clients or prekeys.
constexpr std::size_t listed_users_max = 500;
constexpr std::size_t connections_of_user_max = 1000;
constexpr std::size_t user_name_chars_max = 128;
constexpr std::size_t conversation_name_chars_max = 256;
constexpr std::size_t password_chars_min = 8;
constexpr std::size_t password_chars_max = 1024;
constexpr std::size_t gcm_token_chars_max = 8192;
constexpr std::size_t apns_token_chars_max = 400;

}  // namespace twostep::model::serve::limits

#pragma once

#include <chrono>
#include <cstddef>

/// Every bound of the service, each with the reason for its value.
namespace twostep::service::limits {

/// Frames and bytes that wait in memory for one websocket. Room for a burst; a client that reads
/// slower than this is served from the store, and costs no more than its cursor.
inline constexpr std::size_t socket_frames_max = 64;
inline constexpr std::size_t socket_bytes_max = 32 * 1024;

/// Rows looked at in one read for a websocket, most of which may be for other clients: a read ends
/// soon, whatever the inbox holds.
inline constexpr std::size_t socket_page_rows_max = 1'000;

/// Open websockets of one user. Clients are few (eight), logins may be more; each socket makes
/// every notification of its user a little dearer for the store's writer.
inline constexpr std::size_t sockets_per_user_max = 100;

/// Independently locked parts of the registry of sockets: several times the threads of a machine.
inline constexpr std::size_t socket_shards = 64;

/// Notifications that wait for their native push. A gateway that hangs fills this and then loses
/// notices; at 100 octets each it costs a megabyte, not the backend.
inline constexpr std::size_t pushes_waiting_max = 10'000;

/// Calls of the push gateway at a time: at 20 ms each, 800 notices a second.
inline constexpr std::size_t push_workers = 16;

/// Logins of one user that can be used at the same time; the next one ends the oldest. Eight
/// clients and some browsers, and a row of about 150 octets each.
inline constexpr std::size_t cookies_per_user_max = 32;

/// Names whose failed logins are remembered: a few megabytes. To be forgotten, an attacker has to
/// guess at this many others first, which takes longer than the pause.
inline constexpr std::size_t login_names_max = 10'000;

/// Push tokens of one user: each of eight clients with a few apps and transports. A notification is
/// handed to the gateway for each of them.
inline constexpr std::size_t push_tokens_per_user_max = 64;

/// How long a peer may take for an answer; after it, the peer is down. A client waits meanwhile.
inline constexpr auto peer_deadline = std::chrono::seconds{3};

/// The same where the peer asks others before it can answer: the owner of a conversation asks for
/// clients and then tells to store, each with the deadline above, and queues in between.
inline constexpr auto owner_deadline = std::chrono::seconds{20};

}  // namespace twostep::service::limits

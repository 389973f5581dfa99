#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>

/// Every bound that more than one module relies on, each with the reason for its value. Bounds of
/// one module alone stand in that module's own limits header.
///
/// Source     specs/07-wire.md (WIR), specs/08-robustness.md (ROB).
namespace twostep::limits {

inline constexpr std::size_t kibibyte = 1024;
inline constexpr std::size_t mebibyte = 1024 * kibibyte;

// --- One request ---------------------------------------------------------------------------

/// The request line and all header fields. A token in the query and a cookie fit many times over.
inline constexpr std::size_t head_bytes_max = 16 * kibibyte;

/// The request target. Longer ones are answered 414; none of ours comes near.
inline constexpr std::size_t target_bytes_max = 8 * kibibyte;

/// Header fields of one request. Browsers and proxies send some twenty.
inline constexpr std::size_t header_fields_max = 100;

/// Parameters of one query string.
inline constexpr std::size_t query_parameters_max = 64;

/// A request body, before and after inflating, on every endpoint but those that send messages.
inline constexpr std::size_t body_bytes_max = 512 * kibibyte;

/// The same where a message is sent: one ciphertext for each of 500 members' devices.
inline constexpr std::size_t message_body_bytes_max = 40 * mebibyte;

/// The body of a call between backends. The largest carries a message of the largest size as base64,
/// and some names.
inline constexpr std::size_t peer_body_bytes_max = 56 * mebibyte;

/// The answer to such a call. The largest lists a page of conversations with their members.
inline constexpr std::size_t peer_answer_bytes_max = 16 * mebibyte;

/// Nesting of JSON that we read. Our deepest body has five levels; a parser's stack has an end.
inline constexpr std::size_t json_depth_max = 32;

/// Values in one JSON body. The largest, a message in the older form, has one for each of some
/// thousand devices. A value may be two octets on the wire and costs dozens in memory.
inline constexpr std::size_t json_values_max = 1 << 18;

/// Nesting of protobuf that we read. The deepest message has five levels.
inline constexpr int protobuf_depth_max = 8;

static_assert(target_bytes_max < head_bytes_max);
static_assert(body_bytes_max < message_body_bytes_max);
static_assert(message_body_bytes_max / 3 * 4 < peer_body_bytes_max);

// --- Accounts and devices ------------------------------------------------------------------

/// A user's name, in characters.
inline constexpr std::size_t name_chars_max = 128;

/// An e-mail address, in octets (RFC 5321 section 4.5.3.1.3, without the angle brackets).
inline constexpr std::size_t email_bytes_max = 254;

/// A handle, in characters; all of them are ASCII.
inline constexpr std::size_t handle_chars_min = 2;
inline constexpr std::size_t handle_chars_max = 256;

/// A new password. The upper bound keeps hashing from becoming a weapon.
inline constexpr std::size_t password_chars_min = 8;
inline constexpr std::size_t password_chars_max = 1024;

/// Labels, models and other short text that a device says of itself and that we only keep.
inline constexpr std::size_t label_chars_max = 256;

/// Devices of one user that stay; the next one is refused.
inline constexpr std::size_t permanent_clients_max = 7;

/// Devices of one user, with the one temporary device: a new temporary one replaces the old.
inline constexpr std::size_t clients_per_user_max = permanent_clients_max + 1;

/// The last-resort prekey: handed out when no other is left, and never used up.
inline constexpr std::uint16_t last_resort_prekey_id = 65535;

// --- Conversations and messages ------------------------------------------------------------

/// Members of a conversation, its creator among them.
inline constexpr std::size_t members_max = 500;

/// A conversation's name, in characters.
inline constexpr std::size_t conversation_name_chars_max = 256;

/// Qualified names in one request that asks about many: as many as one conversation can have.
inline constexpr std::size_t names_per_request_max = members_max;

/// Users that a request may name to create a conversation, before the answer is that it is too
/// large. Beyond it the request is malformed.
inline constexpr std::size_t invited_per_request_max = 2 * members_max;

/// A reference that a client keeps with a conversation, in characters. A notification's id fits.
inline constexpr std::size_t own_reference_chars_max = 256;

/// Connections that a user may want at once (sent and accepted).
inline constexpr std::size_t connections_max = 1'000;

/// One page of a user's connections, and of a user's conversations.
inline constexpr std::size_t connections_page_default = 100;
inline constexpr std::size_t connections_page_max = 500;
inline constexpr std::size_t conversations_page_max = 1'000;

// --- Inboxes -------------------------------------------------------------------------------

/// How long a notification is kept. A client away for longer finds a gap, and knows it.
inline constexpr auto notification_retention = std::chrono::days{28};

/// Notifications in one page, as a client may ask for them.
inline constexpr std::size_t page_notifications_min = 100;
inline constexpr std::size_t page_notifications_default = 1'000;
inline constexpr std::size_t page_notifications_max = 10'000;

/// A page is cut after the notification that reaches this. It bounds what one catch up costs in
/// memory, whatever the size of the messages; the rest is one more request.
inline constexpr std::size_t page_bytes_max = 5 * mebibyte;

static_assert(page_notifications_min <= page_notifications_default);
static_assert(page_notifications_default <= page_notifications_max);

// --- Store ---------------------------------------------------------------------------------

/// A key of the ordered map, in octets: what LMDB takes.
inline constexpr std::size_t store_key_bytes_max = 511;

// An e-mail address, its table's letter and its closing zero are one key.
static_assert(1 + email_bytes_max + 1 <= store_key_bytes_max);

// A handle too; all its characters are one octet.
static_assert(1 + handle_chars_max + 1 <= store_key_bytes_max);

}  // namespace twostep::limits

#pragma once

#include <string>
#include <string_view>

#include "impl/core/limits.hpp"
#include "impl/core/message.hpp"
#include "impl/core/result.hpp"
#include "impl/wire/form.hpp"

/// A message on the wire: what a client posts, and what it is answered.
///
/// Shape      Ciphertexts are octets here; they become base64 once, in the event (event.hpp). Of
///            several entries for one domain, user or client the last one counts, whole; of several
///            strategies too. A priority that is not in the enumeration is as if it were absent.
/// Errors     `bad_request` for everything that is not a message: undecodable, a required field or
///            the strategy missing, a user that is not 16 octets, a domain that is none, groups
///            (this schema has none); `payload_too_large` for more fields than
///            `message_fields_max`.
/// Threads    Pure functions.
/// Source     specs/01-send.md (SND-29 to SND-32, SND-37 to SND-42), specs/otr.proto.
namespace twostep::wire {

/// Fields in one protobuf message, counted at every level. Five for each client of the largest
/// conversation, many times over. Without a bound a few bytes on the wire, such as an empty
/// recipient, would cost dozens in memory, millions of times.
inline constexpr std::size_t message_fields_max = 1 << 18;

static_assert(message_fields_max >= 10 * 5 * limits::members_max * limits::clients_per_user_max);

/// `QualifiedNewOtrMessage`.
Result<NewMessage> decode_qualified_message(std::string_view protobuf);

/// `NewOtrMessage`: all users are of `domain`, the backend's own. The query says what the body does
/// not: `ignore_missing` and `report_missing`, each `true`, `false` or user ids with commas
/// between.
Result<NewMessage> decode_legacy_message(std::string_view protobuf, const Parameters& query,
                                         const Domain& domain);

/// The same in JSON, with ciphertexts and blob in base64.
Result<NewMessage> decode_legacy_json_message(std::string_view json, const Parameters& query,
                                              const Domain& domain);

/// `{"time","missing","redundant","deleted","failed_to_send","failed_to_confirm_clients"}`, each
/// map from domain to user to clients and always there. The last one is always empty: this backend
/// does not send to clients that it could not confirm.
std::string encode_sending_status(const SendingStatus& status);

/// `{"time","missing","redundant","deleted"}` with maps from user to clients, of `domain` only.
std::string encode_legacy_status(const SendingStatus& status, const Domain& domain);

}  // namespace twostep::wire

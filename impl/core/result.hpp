#pragma once

#include <boost/system/result.hpp>
#include <memory>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "impl/core/ids.hpp"

/// How an operation says no.
///
/// Shape      `Result<T>` holds a T, or the `Refusal` that explains why there is none. A reason
///            exists only if some caller acts differently on it; its status, label and public
///            message are the wire's business (impl/wire/labels.hpp).
/// Errors     Every refusal is definite: nothing was stored and nothing will be, except
///            `Reason::outcome_unknown`.
/// Threads    Plain values.
/// Source     specs/07-wire.md (WIR), the table of labels.
namespace twostep {

/// Grouped as the wire groups them; one line of impl/wire/labels.cpp each.
enum class Reason {
  // The request could not be understood.
  bad_request,
  invalid_notification_id,
  payload_too_large,
  unsupported_media_type,
  unsupported_version,
  no_endpoint,
  method_not_allowed,

  // Who is asking.
  unauthorized,  ///< No access token, or not a valid one: 401 without a label.
  invalid_credentials,
  missing_cookie,
  missing_cookie_and_token,
  invalid_token,   ///< A cookie or token that is unknown, revoked or too old: log in again.
  token_expired,   ///< A token that was good once: refresh it and ask again.
  token_mismatch,  ///< Cookie and token of different users.
  pending_activation,
  suspended,
  too_many_failed_logins,
  too_many_logins,
  missing_auth,

  // Accounts and devices.
  invalid_email,
  invalid_invitation_code,
  missing_identity,
  user_creation_restricted,
  key_exists,
  handle_exists,
  invalid_handle,
  invalid_code,
  invalid_user,
  client_error,
  client_not_found,
  too_many_clients,
  malformed_prekeys,
  capabilities_cannot_be_removed,
  app_not_found,
  invalid_push_token,
  token_too_long,
  metadata_too_long,
  apns_voip_not_supported,

  // Connections and conversations.
  not_connected,
  no_identity,
  bad_connection_update,
  connection_limit,
  no_conversation,
  access_denied,
  action_denied,
  operation_denied,
  no_team_member,
  invalid_op,
  too_many_members,
  unknown_client,
  missing_legalhold_consent,  ///< Of another backend's conversation; there is none here.

  // Inboxes.
  not_found,

  // Other backends.
  federation_not_enabled,
  federation_denied,              ///< By our own configuration.
  invalid_domain,                 ///< No such backend.
  discovery_failure,              ///< Whether there is such a backend could not be found out.
  federation_connection_refused,  ///< It is not there, or says nothing in time.
  federation_tls_error,           ///< It is there and cannot prove who it is.
  federation_http_error,          ///< What it says is not HTTP, or breaks off.
  federation_version_error,       ///< It speaks no version of ours.
  federation_remote_error,        ///< It refuses; `PeerFault::inner` says why.
  federation_invalid_body,        ///< Its answer is not JSON.
  federation_unexpected_body,     ///< Its answer is JSON of another shape.
  federation_not_implemented,     ///< Not possible across backends.
  unreachable_backends,           ///< Of those that had to take part: `PeerFault::domains`.
  invalid_payload,                ///< A peer sent a message that is none.
  invalid_endpoint,               ///< A peer asked in a way in which nothing is answered.
  peer_authentication_failure,    ///< A peer is not who it says it is.

  // The backend itself.
  too_busy,         ///< A bound was reached; the same request may succeed later.
  store_full,       ///< No room on disk; reads go on.
  outcome_unknown,  ///< Indefinite: it may have been stored.
  internal,
};

/// What other backends have to do with a refusal.
struct PeerFault {
  std::vector<Domain> domains;  ///< The one that was called; or all that could not be reached.
  std::string path = {};        ///< Of the call: "/federation/brig/get-user-clients".
  std::string inner = {};       ///< The error body that the peer answered with, if it is one.
};

struct Refusal {
  Reason reason;
  std::string detail = {};  ///< For people; empty means the reason's own message. No secrets.
  std::shared_ptr<const PeerFault> fault = {};  ///< Shared: rare, and a refusal is copied often.
};

template <class T>
using Result = boost::system::result<T, Refusal>;

/// Called when code takes the value of a `Result` that has none: a bug in the caller.
[[noreturn]] inline void throw_exception_from_error(const Refusal& refusal,
                                                    const boost::source_location&) {
  throw std::logic_error{"value taken from a refused result: " + refusal.detail};
}

}  // namespace twostep

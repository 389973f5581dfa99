#include "impl/wire/labels.hpp"

#include <array>
#include <cstddef>
#include <span>

#include "impl/wire/json_text.hpp"

namespace twostep::wire {
namespace {

constexpr std::string_view nothing_more = "Internal Server Error";

struct Line {
  Reason reason;
  Label label;
};

// In the order of `Reason`, which the assertions below hold it to.
constexpr auto table = std::to_array<Line>({
    {Reason::bad_request, {400, "bad-request", "The request could not be understood"}},
    {Reason::invalid_notification_id, {400, "bad-request", "Invalid Notification ID"}},
    {Reason::payload_too_large, {413, "payload-too-large", "The request is too large"}},
    {Reason::unsupported_media_type, {415, "unsupported-media-type", "Not a type taken here"}},
    {Reason::unsupported_version, {404, "unsupported-version", "Not a version served here"}},
    {Reason::no_endpoint, {404, "no-endpoint", "The requested endpoint does not exist"}},
    {Reason::method_not_allowed, {405, "method-not-allowed", "Not a method of this endpoint"}},

    {Reason::unauthorized, {401, "unauthorized", "A valid access token is needed"}},
    {Reason::invalid_credentials, {403, "invalid-credentials", "Authentication failed."}},
    {Reason::missing_cookie, {403, "invalid-credentials", "Missing cookie"}},
    {Reason::missing_cookie_and_token, {403, "invalid-credentials", "Missing cookie and token"}},
    {Reason::invalid_token, {403, "invalid-credentials", "Invalid token"}},
    {Reason::token_expired, {403, "invalid-credentials", "Token expired"}},
    {Reason::token_mismatch, {403, "invalid-credentials", "Token mismatch"}},
    {Reason::pending_activation, {403, "pending-activation", "The account is not activated yet"}},
    {Reason::suspended, {403, "suspended", "The account is suspended"}},
    {Reason::too_many_failed_logins, {403, "client-error", "Too many failed logins"}},
    {Reason::too_many_logins, {429, "client-error", "Too many logins in a short time"}},
    {Reason::missing_auth, {403, "missing-auth", "The password is needed for this"}},

    {Reason::invalid_email, {400, "invalid-email", "Not an e-mail address"}},
    {Reason::invalid_invitation_code, {400, "invalid-invitation-code", "Not a valid invitation"}},
    {Reason::missing_identity, {403, "missing-identity", "An e-mail address is needed"}},
    {Reason::user_creation_restricted,
     {403, "user-creation-restricted", "Accounts are not created here by their users"}},
    {Reason::key_exists, {409, "key-exists", "The e-mail address is in use"}},
    {Reason::handle_exists, {409, "handle-exists", "The handle is in use"}},
    {Reason::invalid_handle, {400, "invalid-handle", "Not a handle"}},
    {Reason::invalid_code, {404, "invalid-code", "Not a valid code"}},
    {Reason::invalid_user, {400, "invalid-user", "Not a user this can be done with"}},
    {Reason::client_error, {400, "client-error", "The request cannot be carried out"}},
    {Reason::client_not_found, {404, "client-not-found", "No such client"}},
    {Reason::too_many_clients, {403, "too-many-clients", "Too many clients"}},
    {Reason::malformed_prekeys, {400, "bad-request", "Malformed prekeys uploaded"}},
    {Reason::capabilities_cannot_be_removed,
     {409, "client-capabilities-cannot-be-removed", "A client keeps the capabilities it has"}},
    {Reason::app_not_found, {404, "app-not-found", "Not an app that pushes are sent to"}},
    {Reason::invalid_push_token, {404, "invalid-token", "Not a push token of this app"}},
    {Reason::token_too_long, {413, "token-too-long", "The push token is too long"}},
    {Reason::metadata_too_long, {413, "metadata-too-long", "Too much goes with the push token"}},
    {Reason::apns_voip_not_supported,
     {400, "apns-voip-not-supported", "VoIP pushes are not supported"}},

    {Reason::not_connected, {403, "not-connected", "The users are not connected"}},
    {Reason::no_identity, {403, "no-identity", "An activated account is needed"}},
    {Reason::bad_connection_update, {403, "bad-conn-update", "Not a possible next state"}},
    {Reason::connection_limit, {403, "connection-limit", "Too many connections"}},
    {Reason::no_conversation, {404, "no-conversation", "No such conversation"}},
    {Reason::access_denied, {403, "access-denied", "Not a conversation of this user"}},
    {Reason::action_denied, {403, "action-denied", "This member may not do that"}},
    {Reason::operation_denied, {403, "operation-denied", "This user may not do that"}},
    {Reason::no_team_member, {403, "no-team-member", "Not a member of the team"}},
    {Reason::invalid_op, {403, "invalid-op", "Not possible in such a conversation"}},
    {Reason::too_many_members, {403, "too-many-members", "The conversation is full"}},
    {Reason::unknown_client, {403, "unknown-client", "The sender has no such client"}},
    {Reason::missing_legalhold_consent,
     {403, "missing-legalhold-consent", "Somebody has not consented to legal hold"}},

    {Reason::not_found, {404, "not-found", "Not found"}},

    {Reason::federation_not_enabled, {400, "federation-not-enabled", "Federation is off"}},
    {Reason::federation_denied, {400, "federation-denied", "Not a backend we talk to"}},
    {Reason::invalid_domain, {422, "invalid-domain", "There is no such backend"}},
    {Reason::discovery_failure, {400, "discovery-failure", "The backend could not be looked up"}},
    {Reason::federation_connection_refused,
     {521, "federation-connection-refused", "The other backend cannot be reached"}},
    {Reason::federation_tls_error,
     {525, "federation-tls-error", "No secure connection to the other backend"}},
    {Reason::federation_http_error,
     {533, "federation-http2-error", "The other backend does not answer in HTTP"}},
    {Reason::federation_version_error,
     {533, "federation-version-error", "No version in common with the other backend"}},
    {Reason::federation_remote_error,
     {533, "federation-remote-error", "The other backend refused"}},
    {Reason::federation_invalid_body,
     {533, "federation-invalid-body", "The other backend's answer is not JSON"}},
    {Reason::federation_unexpected_body,
     {533, "federation-unexpected-body", "The other backend's answer has another shape"}},
    {Reason::federation_not_implemented,
     {422, "federation-not-implemented", "Not possible across backends"}},
    {Reason::unreachable_backends,
     {533, "unreachable-backends", "Some of the backends cannot be reached"}},
    {Reason::invalid_payload, {400, "invalid-payload", "Not a message"}},
    {Reason::invalid_endpoint, {403, "invalid-endpoint", "Nothing is answered here"}},
    {Reason::peer_authentication_failure,
     {403, "authentication-failure", "The certificate does not name this domain"}},
    {Reason::too_busy, {503, "service-unavailable", "Too busy at the moment; try again"}},
    {Reason::store_full, {507, "insufficient-storage", "No room is left"}},
    {Reason::outcome_unknown, {500, "outcome-unknown", nothing_more}},
    {Reason::internal, {500, "server-error", nothing_more}},
});

static_assert(table.size() == static_cast<std::size_t>(Reason::internal) + 1);
static_assert([] {
  for (std::size_t i = 0; i < table.size(); ++i) {
    if (table[i].reason != static_cast<Reason>(i)) return false;
  }
  return true;
}());

// `{"unreachable_backends":[…]}`: no label, or clients would not recognise it.
std::string encode_unreachable_backends(std::span<const Domain> domains) {
  std::string body = R"({"unreachable_backends":[)";
  for (const auto& domain : domains) {
    if (body.back() == '"') body += ',';
    append_json_string(body, domain.text());
  }
  return body + "]}";
}

// Into the error body, before its last brace. The inner error is JSON already.
void append_fault(std::string& body, const PeerFault& fault) {
  body.pop_back();
  if (!fault.domains.empty()) {
    body += R"(,"data":{"type":"federation","domain":)";
    append_json_string(body, fault.domains.front().text());
    body += R"(,"path":)";
    append_json_string(body, fault.path);
    body += '}';
  }
  if (!fault.inner.empty()) body += R"(,"inner":)" + fault.inner;
  body += '}';
}

}  // namespace

Label label_of(Reason reason) { return table[static_cast<std::size_t>(reason)].label; }

std::string error_body(const Refusal& refusal) {
  if (refusal.fault && refusal.reason == Reason::unreachable_backends)
    return encode_unreachable_backends(refusal.fault->domains);
  auto label = label_of(refusal.reason);
  if (!refusal.detail.empty() && label.status != 500) label.message = refusal.detail;
  auto body = error_body(label);
  if (refusal.fault) append_fault(body, *refusal.fault);
  return body;
}

std::string error_body(const Label& label) {
  std::string body = R"({"code":)";
  body += std::to_string(label.status);
  body += R"(,"label":)";
  append_json_string(body, label.label);
  body += R"(,"message":)";
  append_json_string(body, label.message);
  body += '}';
  return body;
}

}  // namespace twostep::wire

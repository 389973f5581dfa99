#include "impl/wire/labels.hpp"

#include <gtest/gtest.h>

#include <map>
#include <nlohmann/json.hpp>
#include <set>

namespace twostep::wire {
namespace {

TEST(Labels, ClientsGetACodeALabelAndAMessageNoneOfThemEmpty) {
  for (int i = 0; i <= static_cast<int>(Reason::internal); ++i) {
    const auto label = label_of(static_cast<Reason>(i));
    const auto body = nlohmann::json::parse(error_body({static_cast<Reason>(i)}));

    EXPECT_EQ(body,
              (nlohmann::json{
                  {"code", label.status}, {"label", label.label}, {"message", label.message}}));
    EXPECT_GE(label.status, 400);
    EXPECT_FALSE(label.label.empty());
    EXPECT_FALSE(label.message.empty());
  }
}

// What clients and other backends decide by.
TEST(Labels, EachReasonHasItsStatus) {
  using enum Reason;
  const std::map<int, std::set<Reason>> expected{
      {400,
       {apns_voip_not_supported, bad_request, client_error, discovery_failure, federation_denied,
        federation_not_enabled, invalid_email, invalid_handle, invalid_invitation_code,
        invalid_notification_id, invalid_payload, invalid_user, malformed_prekeys}},
      {401, {unauthorized}},
      {403,
       {access_denied,
        action_denied,
        bad_connection_update,
        connection_limit,
        invalid_credentials,
        invalid_endpoint,
        invalid_op,
        invalid_token,
        missing_auth,
        missing_cookie,
        missing_cookie_and_token,
        missing_identity,
        missing_legalhold_consent,
        no_identity,
        no_team_member,
        not_connected,
        operation_denied,
        peer_authentication_failure,
        pending_activation,
        suspended,
        token_expired,
        token_mismatch,
        too_many_clients,
        too_many_failed_logins,
        too_many_members,
        unknown_client,
        user_creation_restricted}},
      {404,
       {app_not_found, client_not_found, invalid_code, invalid_push_token, no_conversation,
        no_endpoint, not_found, unsupported_version}},
      {405, {method_not_allowed}},
      {409, {capabilities_cannot_be_removed, handle_exists, key_exists}},
      {413, {metadata_too_long, payload_too_large, token_too_long}},
      {415, {unsupported_media_type}},
      {422, {federation_not_implemented, invalid_domain}},
      {429, {too_many_logins}},
      {500, {internal, outcome_unknown}},
      {503, {too_busy}},
      {507, {store_full}},
      {521, {federation_connection_refused}},
      {525, {federation_tls_error}},
      {533,
       {federation_http_error, federation_invalid_body, federation_remote_error,
        federation_unexpected_body, federation_version_error, unreachable_backends}},
  };
  std::map<int, std::set<Reason>> statuses;
  for (int i = 0; i <= static_cast<int>(internal); ++i)
    statuses[label_of(static_cast<Reason>(i)).status].insert(static_cast<Reason>(i));
  EXPECT_EQ(statuses, expected);
}

TEST(Labels, MessagesThatClientsMatchAreExact) {
  EXPECT_EQ(label_of(Reason::invalid_credentials).message, "Authentication failed.");
  EXPECT_EQ(label_of(Reason::token_expired).message, "Token expired");
  EXPECT_EQ(label_of(Reason::missing_cookie).message, "Missing cookie");
  EXPECT_EQ(label_of(Reason::missing_cookie_and_token).message, "Missing cookie and token");
  EXPECT_EQ(label_of(Reason::invalid_token).message, "Invalid token");
}

TEST(Labels, TheDetailIsTheMessage) {
  EXPECT_EQ(error_body({Reason::bad_request, "name: \"\x01\xff\" is no text"}),
            R"({"code":400,"label":"bad-request","message":"name: \"\u0001)"
            "\xEF\xBF\xBD"
            R"(\" is no text"})");
}

TEST(Labels, UnreachableBackendsHaveABodyOfTheirOwn) {
  const Refusal refusal{
      .reason = Reason::unreachable_backends,
      .fault = std::make_shared<PeerFault>(
          PeerFault{.domains = {*Domain::parse("b.example"), *Domain::parse("c.example")}})};
  EXPECT_EQ(error_body(refusal), R"({"unreachable_backends":["b.example","c.example"]})");
}

TEST(Labels, WhatWentWrongInsideStaysInside) {
  EXPECT_EQ(error_body({Reason::internal, "password is hunter2"}),
            R"({"code":500,"label":"server-error","message":"Internal Server Error"})");
}

}  // namespace
}  // namespace twostep::wire

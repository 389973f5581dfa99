#include "impl/wire/push_tokens.hpp"

#include <algorithm>
#include <string>
#include <utility>

#include "impl/core/limits.hpp"
#include "impl/wire/fields.hpp"

namespace twostep::wire {
namespace {

/// What the two vendors hand out; specs/05-accounts-and-devices.md (ACC), push tokens.
constexpr std::size_t gcm_token_chars_max = 8'192;
constexpr std::size_t apns_token_chars_max = 400;

/// Of the transports that are known; those that are not supported have none.
struct Transport {
  bool supported;
  std::size_t token_chars_max;
};

Result<std::pair<std::string, Transport>> transport(const Json& value) {
  using Known = std::pair<std::string, Transport>;
  return read::OneOf<Known>{{{"GCM", {"GCM", {true, gcm_token_chars_max}}},
                             {"APNS", {"APNS", {true, apns_token_chars_max}}},
                             {"APNS_SANDBOX", {"APNS_SANDBOX", {true, apns_token_chars_max}}},
                             {"APNS_VOIP", {"APNS_VOIP", {false, 0}}},
                             {"APNS_VOIP_SANDBOX", {"APNS_VOIP_SANDBOX", {false, 0}}}}}(value);
}

/// Vendors use nothing else, and the token becomes a header of the answer.
bool is_visible(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c <= '~'; });
}

}  // namespace

Result<PushToken> decode_push_token(std::string_view body) {
  const auto json = parse_object(body);
  if (!json) return json.error();
  Fields fields{*json};
  const auto [name, known] = fields.required("transport", transport);
  PushToken token{.transport = name,
                  .app = fields.required("app", read::Text{1, limits::label_chars_max}),
                  .token = fields.required("token", read::Text{1, limits::body_bytes_max}),
                  .client = fields.required("client", read::client_id),
                  .registered_on = {}};
  if (fields.refusal()) return *fields.refusal();
  if (!known.supported) return Refusal{Reason::apns_voip_not_supported};
  if (token.token.size() > known.token_chars_max) return Refusal{Reason::token_too_long};
  if (!is_visible(token.token)) return Refusal{Reason::invalid_push_token};
  return token;
}

Json push_token(const PushToken& token) {
  return {{"transport", token.transport},
          {"app", token.app},
          {"token", token.token},
          {"client", token.client.text()}};
}

Json push_token_list(const std::vector<PushToken>& tokens) {
  auto list = Json::array();
  for (const auto& token : tokens) list.push_back(push_token(token));
  return {{"tokens", std::move(list)}};
}

}  // namespace twostep::wire

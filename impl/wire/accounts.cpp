#include "impl/wire/accounts.hpp"

#include <cstdint>

#include "impl/core/limits.hpp"
#include "impl/wire/fields.hpp"
#include "impl/wire/json_text.hpp"

namespace twostep::wire {
namespace {

/// Passwords that are to be checked may be shorter than new ones: rules were looser once elsewhere.
constexpr std::size_t checked_password_chars_min = 6;

/// Only looked at to be refused well.
constexpr std::size_t locale_chars_max = 16;

constexpr read::Text label{0, limits::label_chars_max};
constexpr read::Text checked_password{checked_password_chars_min, limits::password_chars_max};

/// Long enough for a bad address to be called one.
constexpr read::Text address{0, 4 * limits::email_bytes_max};
constexpr read::Text handle_text{0, limits::handle_chars_max};

}  // namespace

Result<NewAccount> decode_new_account(std::string_view body) {
  const auto json = parse_object(body);
  if (!json) return json.error();
  Fields fields{*json};
  NewAccount account{
      .name = fields.required("name", read::Text{1, limits::name_chars_max}),
      .email = {},
      .password = fields.optional(
          "password", read::Text{limits::password_chars_min, limits::password_chars_max}),
      .accent_id = fields.optional("accent_id", read::Integer{INT32_MIN, INT32_MAX}).value_or(0),
      .locale = fields.optional("locale", read::Text{1, locale_chars_max}).value_or("en"),
      .label = fields.optional("label", label)};
  const auto email = fields.optional("email", address);
  const bool of_team = fields.optional("team", read::anything).has_value();
  const bool invited = fields.optional("team_code", read::anything).has_value() ||
                       fields.optional("invitation_code", read::anything).has_value();
  if (fields.refusal()) return *fields.refusal();
  if (invited) return Refusal{Reason::invalid_invitation_code};
  if (of_team) return Refusal{Reason::user_creation_restricted, "There are no teams here"};
  if (email) {
    account.email = EmailAddress::parse(*email);
    if (!account.email) return Refusal{Reason::invalid_email};
  }
  return account;
}

Result<Login> decode_login(std::string_view body) {
  const auto json = parse_object(body);
  if (!json) return json.error();
  Fields fields{*json};
  const auto email = fields.optional("email", address);
  const auto handle = fields.optional("handle", handle_text);
  auto password = fields.required("password", checked_password);
  auto cookie_label = fields.optional("label", label);
  if (fields.refusal()) return *fields.refusal();

  if (email) {
    if (auto name = EmailAddress::parse(*email))
      return Login{*std::move(name), std::move(password), std::move(cookie_label)};
    return Refusal{Reason::bad_request, "email: not an e-mail address"};
  }
  if (handle) {
    if (auto name = Handle::parse(*handle))
      return Login{*std::move(name), std::move(password), std::move(cookie_label)};
    return Refusal{Reason::bad_request, "handle: not a handle"};
  }
  return Refusal{Reason::bad_request, "email: is missing"};
}

Result<std::optional<std::string>> decode_password(std::string_view body) {
  const auto json = parse_object_or_nothing(body);
  if (!json) return json.error();
  Fields fields{*json};
  return fields.done(fields.optional("password", checked_password));
}

Result<Handle> decode_handle(std::string_view body) {
  const auto json = parse_object(body);
  if (!json) return json.error();
  Fields fields{*json};
  const auto text = fields.required("handle", handle_text);
  if (fields.refusal()) return *fields.refusal();
  if (auto handle = Handle::parse(text)) return *std::move(handle);
  return Refusal{Reason::invalid_handle};
}

Result<UserQuery> decode_user_query(std::string_view body) {
  const auto json = parse_object(body);
  if (!json) return json.error();
  Fields fields{*json};
  UserQuery query;
  if (auto users = fields.optional(
          "qualified_ids", read::List{read::qualified_user, limits::names_per_request_max})) {
    query.users = *std::move(users);
    return fields.done(std::move(query));
  }
  const auto handles = fields.required("qualified_handles",
                                       read::List{read::anything, limits::names_per_request_max});
  if (fields.refusal()) return *fields.refusal();
  for (const auto& each : handles) {
    Fields name{each};
    auto domain = name.required("domain", read::domain);
    const auto text = name.required("handle", handle_text);
    if (name.refusal()) return *name.refusal();
    // What is no handle is nobody's.
    if (auto handle = Handle::parse(text))
      query.handles.push_back({std::move(domain), *std::move(handle)});
  }
  return query;
}

Result<CookieRevocation> decode_cookie_revocation(std::string_view body) {
  const auto json = parse_object(body);
  if (!json) return json.error();
  Fields fields{*json};
  CookieRevocation revocation{
      .password = fields.optional("password", checked_password),
      .labels = fields.optional("labels", read::List{label, limits::names_per_request_max})
                    .value_or(std::vector<std::string>{}),
      .numbers = {}};
  const auto numbers = fields.optional(
      "ids", read::List{read::Integer{0, INT64_MAX}, limits::names_per_request_max});
  if (numbers) revocation.numbers.assign(numbers->begin(), numbers->end());
  return fields.done(std::move(revocation));
}

Json profile(const Profile& profile) {
  Json json{{"id", profile.user.id.text()},
            {"qualified_id", qualified_id(profile.user)},
            {"name", profile.name},
            {"accent_id", profile.accent_id},
            {"assets", Json::array()},
            {"picture", Json::array()},
            {"legalhold_status", "no_consent"},
            {"supported_protocols", Json::array({"proteus"})},
            {"type", "regular"}};
  if (profile.handle) json["handle"] = profile.handle->text();
  return json;
}

Json own_profile(const Account& account, const Domain& domain) {
  auto json = profile(profile_of(account, domain));
  json.erase("legalhold_status");
  json["locale"] = account.locale;
  json["managed_by"] = "wire";
  json["status"] = "active";
  json["searchable"] = true;
  if (account.email) json["email"] = account.email->text();
  return json;
}

Json cookie_list(const std::vector<Cookie>& cookies) {
  auto list = Json::array();
  for (const auto& cookie : cookies) {
    Json json{{"id", cookie.number},
              {"type", cookie.persistent ? "persistent" : "session"},
              {"created", millisecond_time(cookie.issued)},
              {"expires", millisecond_time(cookie.expires)}};
    if (cookie.label) json["label"] = *cookie.label;
    list.push_back(std::move(json));
  }
  return {{"cookies", std::move(list)}};
}

}  // namespace twostep::wire

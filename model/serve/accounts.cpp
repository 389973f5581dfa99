// Accounts, access tokens and cookies.
//
// Tokens and cookies are random and kept in tables: nothing can be forged, and nothing outlives the process.

#include <sodium.h>

#include <algorithm>
#include <ctime>

#include "model/serve/chapters.hpp"
#include "model/serve/limits.hpp"
#include "model/serve/peers.hpp"

namespace twostep::model::serve {
namespace {

/// A keyed hash, cheap on purpose: a suite registers hundreds of users, and neither the key nor what is
/// hashed ever leaves the process. Nothing for a server that keeps its accounts.
std::string hash_of(const std::string& password, const std::string& user) {
  static const auto key = random_secret();
  std::string hash(crypto_generichash_BYTES, '\0');
  const auto salted = user + '\0' + password;
  crypto_generichash(reinterpret_cast<unsigned char*>(hash.data()), hash.size(),
                     reinterpret_cast<const unsigned char*>(salted.data()), salted.size(),
                     reinterpret_cast<const unsigned char*>(key.data()), key.size());
  return hash;
}

bool is_email(const std::string& text) {
  const auto at = text.find('@');
  const auto plain = [](char c) { return c > ' ' && c < 0x7f && c != '@' && c != ','; };
  return at != std::string::npos && at > 0 && at + 1 < text.size() && text.size() <= 254 &&
         std::all_of(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(at), plain) &&
         read_domain(text.substr(at + 1)).has_value();
}

std::string email_in(const Json& body) {
  const auto email = lower(text_in(body, "email"));
  if (!is_email(email)) refuse(400, "invalid-email", "This is no e-mail address");
  return email;
}

Json profile_of(const Account& account) {
  return {{"id", account.id.id},
          {"qualified_id", json_of(account.id)},
          {"name", account.name},
          {"accent_id", account.extras.value("accent_id", 0)},
          {"assets", Json::array()},
          {"picture", Json::array()},
          {"supported_protocols", {"proteus"}},
          {"type", "regular"},
          {"searchable", true}};
}

Json self_profile_of(const Account& account) {
  auto profile = profile_of(account);
  profile["email"] = account.email;
  profile["locale"] = account.extras["locale"];
  profile["managed_by"] = "wire";
  profile["status"] = "active";
  return profile;
}

/// Profiles of users of any backend, each of which is asked once.
struct Profiles {
  Json found = Json::array();
  Json not_found = Json::array();
  Json failed = Json::array();
  std::vector<Refusal> failures = {};
};

Task<Profiles> profiles_of(Server& server, std::vector<QualifiedId> ids) {
  Profiles profiles;
  std::map<std::string, std::set<QualifiedId>> remote;
  for (const auto& id : ids) {
    if (const auto* account = server.account(id)) {
      profiles.found.push_back(profile_of(*account));
    } else if (server.faulty(Fault::made_up_users_are_found)) {
      profiles.found.push_back(profile_of({.id = id, .name = "nobody"}));
    } else if (id.domain == server.options.domain) {
      profiles.not_found.push_back(json_of(id));
    } else {
      remote[id.domain].insert(id);
    }
  }
  const auto answers =
      co_await call_peers(server, calls_by_domain("brig/get-users-by-ids", remote));
  for (const auto& answer : answers) {
    auto& asked = remote[answer.call.domain];
    if (const auto* failure = answer.failure()) {
      profiles.failures.push_back(*failure);
      for (const auto& id : asked) profiles.failed.push_back(json_of(id));
      continue;
    }
    for (const auto& profile : std::get<Json>(answer.result)) {
      const auto id =
          read_answer(answer.call, [&] { return qualified_id_in(field(profile, "qualified_id")); });
      if (asked.erase(id) > 0) profiles.found.push_back(profile);
    }
    for (const auto& id : asked) profiles.not_found.push_back(json_of(id));
  }
  co_return profiles;
}

[[noreturn]] void no_credentials(std::string message) {
  refuse(403, "invalid-credentials", std::move(message));
}

// --- Cookies. ---

std::string http_date(Moment moment) {
  const auto seconds = std::chrono::system_clock::to_time_t(moment);
  char text[64];
  std::tm parts{};
  std::strftime(text, sizeof text, "%a, %d %b %Y %H:%M:%S GMT", gmtime_r(&seconds, &parts));
  return text;
}

Header set_cookie(Server& server, Cookie cookie) {
  const auto secret = random_secret();
  auto text = "zuid=" + secret + "; Path=/access; HttpOnly; Secure";
  if (cookie.persistent || server.faulty(Fault::every_cookie_has_a_date)) {
    text += "; Expires=" + http_date(cookie.expires);
  }
  std::erase_if(server.cookies, [](const auto& entry) { return entry.second.expires < now(); });
  server.cookies[secret] = std::move(cookie);
  return {"Set-Cookie", text};
}

/// The secret in the cookie `zuid`, if there is one.
std::optional<std::string> cookie_in(const Request& request) {
  const auto header = find_header(request.headers, "cookie");
  if (!header) return std::nullopt;
  for (std::size_t at = 0; at < header->size();) {
    const auto end = std::min(header->find(';', at), header->size());
    const auto start = std::min(header->find_first_not_of(' ', at), end);
    const auto pair = header->substr(start, end - start);
    if (pair.starts_with("zuid=")) return pair.substr(5);
    at = end + 1;
  }
  return std::nullopt;
}

// --- Tokens. ---

std::optional<std::string> token_text_of(const Request& request, bool parameter_wins) {
  const auto header = find_header(request.headers, "authorization");
  const auto parameter = request.query.find("access_token");
  const bool in_query = parameter != request.query.end();
  if (in_query && (!header || parameter_wins)) return parameter->second;
  if (!header || !lower(*header).starts_with("bearer ")) return std::nullopt;
  return header->substr(7);
}

Reply access_reply(Server& server, const std::string& user, const std::string& connection,
                   Headers headers) {
  const auto secret = random_secret();
  std::erase_if(server.tokens, [](const auto& entry) { return entry.second.expires < now(); });
  server.tokens[secret] = {user, connection, now() + limits::access_token_life};
  const Json body = {{"user", user},
                     {"access_token", secret},
                     {"token_type", "Bearer"},
                     {"expires_in", limits::access_token_life.count()}};
  return json_reply(200, body, std::move(headers));
}

Cookie new_cookie(const std::string& user, const std::string& label, bool persistent) {
  return {user, label, std::nullopt, persistent, now() + limits::cookie_life};
}

bool persist_parameter(const Call& call) {
  const auto persist = call.parameter("persist").value_or("false");
  if (persist != "true" && persist != "false") bad_request("persist is true or false");
  return persist == "true";
}

}  // namespace

Reply register_account(Call& call) {
  auto& server = call.server;
  const auto body = call.body();
  const auto name = text_in(body, "name");
  const auto email = email_in(body);
  const auto password = text_in(body, "password");
  const auto password_chars = characters(password);
  if (name.empty() || characters(name) > limits::user_name_chars_max)
    bad_request("1 to 128 characters of name");
  const bool any_password = call.faulty(Fault::passwords_may_be_short);
  if ((password_chars < limits::password_chars_min && !any_password) ||
      password_chars > limits::password_chars_max) {
    bad_request("8 to 1024 characters of password");
  }
  if (server.emails.contains(email) && !call.faulty(Fault::an_address_can_be_taken_again)) {
    refuse(409, "key-exists", "The e-mail address is in use");
  }

  Account account{.id = server.qualified(random_uuid()), .name = name, .email = email};
  account.password_hash = hash_of(password, account.id.id);
  account.extras = {{"accent_id", number_if(body, "accent_id", 0, 255).value_or(0)},
                    {"locale", text_if(body, "locale").value_or("en")}};
  const auto label = text_if(body, "label").value_or("");
  const auto user = account.id;
  server.emails[email] = user.id;
  const auto& kept = server.accounts[user.id] = std::move(account);
  happened(server, nullptr, {.changes = {AddUser{server.runner.user(user)}}});
  return json_reply(201, self_profile_of(kept),
                    {{"Location", user.id}, set_cookie(server, new_cookie(user.id, label, true))});
}

Reply login(Call& call) {
  auto& server = call.server;
  const auto body = call.body();
  const auto password = text_in(body, "password");
  const auto label = text_if(body, "label").value_or("");
  if (!field_if(body, "email") && !field_if(body, "handle")) bad_request("email or handle");
  const auto email = server.emails.find(lower(text_if(body, "email").value_or("")));
  const bool persistent = persist_parameter(call);
  if (email == server.emails.end()) {
    no_credentials(call.faulty(Fault::unknown_addresses_are_told_apart) ? "Nobody has this address."
                                                                        : "Authentication failed.");
  }
  const auto& account = server.accounts[email->second];
  if (account.password_hash != hash_of(password, account.id.id))
    no_credentials("Authentication failed.");

  if (!label.empty() && !call.faulty(Fault::labels_of_cookies_mean_nothing)) {
    std::erase_if(server.cookies, [&](const auto& entry) {
      return entry.second.user == account.id.id && entry.second.label == label;
    });
  }
  return access_reply(server, account.id.id, random_secret(),
                      {set_cookie(server, new_cookie(account.id.id, label, persistent))});
}

Reply renew_access(Call& call) {
  auto& server = call.server;
  const auto secret = cookie_in(call.request);
  if (!secret) no_credentials("Missing cookie");
  const auto found = server.cookies.find(*secret);
  if (found == server.cookies.end() || found->second.expires < now()) {
    if (call.faulty(Fault::a_bad_cookie_is_answered_401)) refuse(401, "unauthorized", "Bad cookie");
    no_credentials("Invalid token");
  }
  const auto cookie = found->second;
  const auto former = access_token_of(server, call.request);
  if (former && former->user != cookie.user) no_credentials("Token mismatch");

  Headers headers;
  if (const auto client = call.client_parameter("client_id")) {
    const bool own = server.accounts[cookie.user].clients.contains(*client);
    const bool bound_to_another = cookie.client && cookie.client != client;
    if ((!own || bound_to_another) && !call.faulty(Fault::tokens_are_bound_to_any_client)) {
      no_credentials("The cookie is not for this client");
    }
    if (!cookie.client) {
      auto bound = cookie;
      bound.client = client;
      headers.push_back(set_cookie(server, bound));
      if (call.faulty(Fault::the_first_cookie_ends_with_the_second)) server.cookies.erase(*secret);
    }
  }
  return access_reply(server, cookie.user, former ? former->connection : random_secret(),
                      std::move(headers));
}

Reply logout(Call& call) {
  const auto secret = cookie_in(call.request);
  const auto token = access_token_of(call.server, call.request);
  if (!secret) no_credentials("Missing cookie");
  if (!token && !call.faulty(Fault::logging_out_needs_no_token)) no_credentials("Missing token");
  const auto cookie = call.server.cookies.find(*secret);
  if (cookie == call.server.cookies.end() || (token && cookie->second.user != token->user)) {
    no_credentials("Invalid token");
  }
  if (!call.faulty(Fault::logging_out_revokes_nothing)) call.server.cookies.erase(cookie);
  return empty_reply(200);
}

Reply own_profile(Call& call) { return json_reply(200, self_profile_of(call.account())); }

Task<Reply> profile_of_user(Call& call) {
  const std::vector one{call.qualified("domain", "user")};
  const auto profiles = co_await profiles_of(call.server, one);
  if (!profiles.failures.empty()) throw Refusal{profiles.failures.front()};
  if (profiles.found.empty()) refuse(404, "not-found", "No such user");
  co_return json_reply(200, profiles.found.at(0));
}

Task<Reply> list_users(Call& call) {
  const auto body = call.body();
  const auto ids = qualified_ids_in(body, "qualified_ids");
  const auto profiles = co_await profiles_of(call.server, ids);
  co_return json_reply(
      200,
      {{"found", profiles.found}, {"not_found", profiles.not_found}, {"failed", profiles.failed}});
}

Json asked_for_profiles(Asked& asked) {
  Json profiles = Json::array();
  if (!asked.body.is_array()) bad_request("A list of users");
  for (const auto& user : asked.body) {
    if (!user.is_string()) bad_request("A list of users");
    const auto* account = asked.server.account(asked.own(uuid_in(user)));
    if (!account) continue;
    const bool shows_all = asked.server.faulty(Fault::peers_learn_addresses);
    profiles.push_back(shows_all ? self_profile_of(*account) : profile_of(*account));
  }
  return profiles;
}

std::optional<AccessToken> access_token_of(const Server& server, const Request& request) {
  const bool parameter_wins = server.faulty(Fault::the_parameter_counts_before_the_header);
  const auto text = token_text_of(request, parameter_wins);
  if (!text) return std::nullopt;
  const bool by_its_beginning =
      server.faulty(Fault::the_end_of_a_token_means_nothing) && text->size() >= 40;
  const auto token =
      by_its_beginning ? server.tokens.lower_bound(text->substr(0, 40)) : server.tokens.find(*text);
  if (token == server.tokens.end() || token->second.expires < now()) return std::nullopt;
  return token->second;
}

void check_password(const Account& account, const std::optional<std::string>& password) {
  if (!password) refuse(403, "missing-auth", "The password is needed");
  if (account.password_hash != hash_of(*password, account.id.id))
    no_credentials("Authentication failed.");
}

}  // namespace twostep::model::serve

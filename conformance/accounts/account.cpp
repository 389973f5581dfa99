#include "conformance/accounts/account.hpp"

#include <gtest/gtest.h>

#include "conformance/support/bytes.hpp"
#include "conformance/support/context.hpp"
#include "conformance/support/outcome.hpp"

namespace twostep::conformance {

Json NewAccount::body() const { return {{"name", name}, {"email", email}, {"password", password}}; }

NewAccount new_account() {
  if (context().target.accounts.how != Accounts::How::registration) {
    throw NotCovered("registration is not open");
  }
  return {"Alice", "alice-" + random_hex(16) + "@example.com", "password-" + random_hex(8)};
}

Reply log_in(const std::string& email, const std::string& password, const LoginOptions& options) {
  const Caller anybody{email, ""};
  Json body = {{"email", email}, {"password", password}};
  if (options.label) body["label"] = *options.label;
  return anybody.post(options.persist ? "/login?persist=true" : "/login", body);
}

std::string another_cookie(const User& user, const LoginOptions& options) {
  const auto reply = log_in(user.email(), user.password(), options);
  require_setup(reply, {200}, "logging in " + user.name());
  const auto cookie = cookie_of(reply);
  if (!cookie) throw SetupFailed("logging in " + user.name() + ": no cookie zuid was set");
  return *cookie;
}

Reply renew(const std::string& cookie, const RenewOptions& options) {
  const Caller caller{"who has the cookie", options.token};
  const auto path =
      options.client.empty() ? std::string{"/access"} : "/access?client_id=" + options.client;
  return caller.request("POST", path, "", {.content_type = "", .headers = {cookie_header(cookie)}});
}

bool works(const std::string& cookie) {
  const auto reply = renew(cookie);
  if (reply.status != 200 && reply.status != 403) {
    ADD_FAILURE() << "a cookie was answered " << reply.status << ' ' << reply.body;
  }
  return reply.status == 200;
}

Reply self_with(const std::string& token) {
  return Caller{"who has the token", token}.get("/self");
}

std::string damaged(std::string text) {
  if (text.empty()) throw SetupFailed("nothing there to be damaged");
  auto& middle = text[text.size() / 2];
  middle = middle == 'A' ? 'B' : 'A';
  return text;
}

bool eventually(const std::function<bool()>& is_so) {
  const auto until = deadline();
  for (;;) {
    if (is_so()) return true;
    if (Clock::now() > until) return false;
  }
}

}  // namespace twostep::conformance

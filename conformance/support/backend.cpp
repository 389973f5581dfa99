#include "conformance/support/backend.hpp"

#include "conformance/support/bytes.hpp"
#include "conformance/support/context.hpp"
#include "conformance/support/outcome.hpp"

namespace twostep::conformance {
namespace {

/// A fresh account, made in the way the target offers.
Account new_account(const Caller& anybody, const std::string& name) {
  const auto& accounts = context().target.accounts;
  if (accounts.how == Accounts::How::list) {
    const auto index = context().accounts_taken ? context().accounts_taken->fetch_add(1) : 0;
    if (index >= accounts.users.size()) {
      throw NotCovered("the target's list has only " + std::to_string(accounts.users.size()) +
                       " accounts, and every test needs fresh ones");
    }
    return accounts.users[index];
  }
  const Account account{name + "-" + random_hex(16) + "@example.com", "password-" + random_hex(8)};
  const Json body = {{"name", name}, {"email", account.email}, {"password", account.password}};
  if (accounts.how == Accounts::How::internal) {
    HttpClient internal{"the suite", accounts.url};
    const auto reply = internal.send({.method = "POST",
                                      .path = "/i/users",
                                      .body = body.dump(),
                                      .headers = {{"Content-Type", "application/json"}}});
    require_setup(reply, {201}, "making the account of " + name);
  } else {
    require_setup(anybody.post("/register", body), {201}, "registering " + name);
  }
  return account;
}

std::string text_of(const Reply& reply, const char* key, const std::string& step) {
  if (!reply.json.is_object() || !reply.json.contains(key) || !reply.json[key].is_string()) {
    throw SetupFailed(step + ": the reply has no \"" + key + "\"");
  }
  return reply.json[key].get<std::string>();
}

}  // namespace

Backend Backend::under_test() { return {}; }

User Backend::user(std::string_view name) const {
  const std::string who{name};
  const Caller anybody{who, ""};
  const auto account = new_account(anybody, who);
  const auto reply = anybody.post("/login?persist=true",
                                  {{"email", account.email}, {"password", account.password}});
  const auto step = "logging in " + who;
  require_setup(reply, {200}, step);
  const auto cookie = cookie_of(reply);
  if (!cookie) throw SetupFailed(step + ": no cookie zuid was set");
  return {who,
          QualifiedId{text_of(reply, "user", step), domain()},
          account.email,
          account.password,
          text_of(reply, "access_token", step),
          *cookie};
}

Caller Backend::anonymous() const { return {"nobody", ""}; }

const std::string& Backend::domain() const { return context().target.domain; }
const std::string& Backend::http_url() const { return context().target.http; }
const std::string& Backend::websocket_url() const { return context().target.websocket; }
int Backend::api_version() const { return context().target.api_version; }

}  // namespace twostep::conformance

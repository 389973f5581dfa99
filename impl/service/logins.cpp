#include "impl/service/logins.hpp"

#include <algorithm>
#include <utility>

#include "impl/service/accounts.hpp"
#include "impl/service/change.hpp"
#include "impl/service/limits.hpp"
#include "impl/store/accounts.hpp"
#include "impl/store/clients.hpp"
#include "impl/store/cookies.hpp"

namespace twostep::service {

namespace net = boost::asio;

namespace {

/// Adds a login. Those with the same label and those that are over go, and the oldest if there are
/// too many.
void add(store::Transaction& rows, const UserId& user, const Cookie& cookie) {
  if (cookie.label) store::erase_cookies_labelled(rows, user, *cookie.label);
  auto others = store::cookies(rows, user);
  std::sort(others.begin(), others.end(),
            [](const auto& left, const auto& right) { return left.issued < right.issued; });
  auto left = others.size();
  for (const auto& other : others) {
    if (other.expires > cookie.issued && left < limits::cookies_per_user_max) continue;
    store::erase_cookie(rows, user, other.number);
    --left;
  }
  store::put_cookie(rows, user, cookie);
}

std::string_view text_of(const std::variant<EmailAddress, Handle>& name) {
  return std::visit([](const auto& text) { return std::string_view{text.text()}; }, name);
}

bool has(const std::vector<std::string>& labels, const std::optional<std::string>& label) {
  return label && std::find(labels.begin(), labels.end(), *label) != labels.end();
}

}  // namespace

Logins::Logins(Backend& backend, const TokenKeys& keys, LoginSettings settings,
               std::string hash_of_nobody)
    : backend_{backend},
      keys_{keys},
      settings_{settings},
      hash_of_nobody_{std::move(hash_of_nobody)},
      failed_logins_{settings.failed_logins} {}

Expiry Logins::now() const {
  return std::chrono::floor<std::chrono::seconds>(backend_.clock.now());
}

Cookie Logins::new_cookie(bool persistent, std::optional<std::string> label) {
  const auto lifetime = persistent ? settings_.persistent_cookie : settings_.session_cookie;
  // 53 bits: what every JSON reader takes for a whole number. Unguessable it need not be.
  return {.number = backend_.entropy.number() >> 11,
          .persistent = persistent,
          .issued = now(),
          .expires = now() + lifetime,
          .label = std::move(label)};
}

IssuedCookie Logins::issued(const UserId& user, const Cookie& cookie,
                            std::optional<ClientId> client) const {
  return {.value = keys_.make_cookie({user, cookie.number, client, cookie.expires}),
          .persistent = cookie.persistent,
          .expires = cookie.expires};
}

Access Logins::access(const Caller& caller) const {
  return {.user = caller.user,
          .token = keys_.make_access_token(caller, now() + settings_.access_token),
          .expires_in = settings_.access_token,
          .cookie = {}};
}

net::awaitable<Result<Registration>> Logins::sign_up(NewAccount request) {
  if (!settings_.open_registration) co_return Refusal{Reason::user_creation_restricted};
  if (!request.email) co_return Refusal{Reason::missing_identity};
  Account account{.id = UserId{backend_.entropy.uuid()},
                  .name = std::move(request.name),
                  .email = std::move(request.email),
                  .handle = {},
                  .accent_id = request.accent_id,
                  .locale = std::move(request.locale),
                  .password_hash = {}};
  if (request.password) {
    auto hash = co_await backend_.passwords.hash(*std::move(request.password));
    if (!hash) co_return hash.error();
    account.password_hash = *std::move(hash);
  }
  const auto cookie = new_cookie(true, std::move(request.label));
  co_return co_await change(backend_,
                            [&](store::Transaction& rows, Events&) -> Result<Registration> {
                              if (store::user_named(rows, *account.email))
                                return Refusal{Reason::key_exists};
                              store::put_account(rows, account);
                              store::put_cookie(rows, account.id, cookie);
                              return Registration{account, issued(account.id, cookie, {})};
                            });
}

net::awaitable<Result<std::variant<Access, TryAgainLater>>> Logins::log_in(Login login) {
  const auto name = text_of(login.name);
  if (const auto wait = failed_logins_.attempt(name, backend_.clock.now()))
    co_return TryAgainLater{*wait};

  const auto account =
      co_await look(backend_, [&](const store::Reader& rows) -> Result<std::optional<Account>> {
        const auto user = std::visit(
            [&](const auto& known_as) { return store::user_named(rows, known_as); }, login.name);
        return user ? store::find_account(rows, *user) : std::nullopt;
      });
  if (!account) co_return account.error();

  const bool has_password = *account && !(*account)->password_hash.empty();
  const auto hash = has_password ? (*account)->password_hash : hash_of_nobody_;
  const auto matches = co_await backend_.passwords.matches(std::move(login.password), hash);
  if (!matches) co_return matches.error();
  if (!has_password || !*matches) co_return Refusal{Reason::invalid_credentials};
  failed_logins_.succeeded(name);

  const auto user = (*account)->id;
  const auto cookie = new_cookie(login.persist, std::move(login.label));
  const ConnectionId connection{backend_.entropy.number()};
  co_return co_await change(
      backend_,
      [&](store::Transaction& rows, Events&) -> Result<std::variant<Access, TryAgainLater>> {
        add(rows, user, cookie);
        auto granted = access({user, connection, {}});
        granted.cookie = issued(user, cookie, {});
        return granted;
      });
}

Result<Logins::Proof> Logins::proof_in(const AccessRequest& request) const {
  if (!request.cookie)
    return Refusal{request.token ? Reason::missing_cookie : Reason::missing_cookie_and_token};
  const auto login = keys_.read_cookie(*request.cookie);
  if (!login || login->expires <= now()) return Refusal{Reason::invalid_token};
  if (!request.token) return Proof{*login, {}};
  const auto token = keys_.read_access_token(*request.token);
  if (!token) return Refusal{Reason::invalid_token};
  if (token->caller.user != login->user) return Refusal{Reason::token_mismatch};
  return Proof{*login, token->caller};
}

net::awaitable<Result<Access>> Logins::renew(AccessRequest request) {
  const auto proof = proof_in(request);
  if (!proof) co_return proof.error();
  const auto& login = proof->login;
  if (login.client && request.client && login.client != request.client)
    co_return Refusal{Reason::invalid_token, "The cookie is bound to another client"};
  const auto bound = login.client ? login.client : request.client;
  auto caller = proof->token.value_or(Caller{login.user, {backend_.entropy.number()}, {}});

  auto cookie = co_await look(backend_, [&](const store::Reader& rows) -> Result<Cookie> {
    auto found = store::find_cookie(rows, login.user, login.number);
    if (!found) return Refusal{Reason::invalid_token};
    if (bound && !store::has_client(rows, login.user, *bound))
      return Refusal{Reason::invalid_token, "Not a client of this user"};
    if (bound) caller.client = bound;
    // What the former token was bound to may have been deleted since.
    if (caller.client && !store::has_client(rows, login.user, *caller.client))
      caller.client.reset();
    return *std::move(found);
  });
  if (!cookie) co_return cookie.error();

  const bool old = cookie->persistent && now() - cookie->issued >= settings_.renew_after;
  if (old) cookie = co_await prolong(login.user, login.number);
  if (!cookie) co_return cookie.error();

  auto granted = access(caller);
  if (old || bound != login.client) granted.cookie = issued(login.user, *cookie, bound);
  co_return granted;
}

net::awaitable<Result<Cookie>> Logins::prolong(UserId user, std::uint64_t number) {
  co_return co_await change(backend_, [&](store::Transaction& rows, Events&) -> Result<Cookie> {
    auto cookie = store::find_cookie(rows, user, number);
    if (!cookie) return Refusal{Reason::invalid_token};  // Revoked meanwhile.
    cookie->issued = now();
    cookie->expires = now() + settings_.persistent_cookie;
    store::put_cookie(rows, user, *cookie);
    return *std::move(cookie);
  });
}

net::awaitable<Result<void>> Logins::log_out(AccessRequest request) {
  const auto proof = proof_in(request);
  if (!proof) co_return proof.error();
  if (!proof->token) co_return Refusal{Reason::invalid_credentials, "Missing token"};
  const auto& login = proof->login;
  co_return co_await change(backend_, [&](store::Transaction& rows, Events&) -> Result<void> {
    if (!store::find_cookie(rows, login.user, login.number)) return Refusal{Reason::invalid_token};
    store::erase_cookie(rows, login.user, login.number);
    return {};
  });
}

net::awaitable<Result<std::vector<Cookie>>> Logins::list(UserId user,
                                                         std::vector<std::string> labels) {
  co_return co_await look(backend_, [&](const store::Reader& rows) -> Result<std::vector<Cookie>> {
    auto cookies = store::cookies(rows, user);
    std::erase_if(cookies, [&](const Cookie& cookie) {
      return cookie.expires <= now() || (!labels.empty() && !has(labels, cookie.label));
    });
    return cookies;
  });
}

net::awaitable<Result<void>> Logins::revoke(UserId user, Revocation revocation) {
  const auto is_user = co_await authenticate(backend_, user, std::move(revocation.password));
  if (!is_user) co_return is_user.error();
  co_return co_await change(backend_, [&](store::Transaction& rows, Events&) -> Result<void> {
    for (const auto& label : revocation.labels) store::erase_cookies_labelled(rows, user, label);
    for (const auto number : revocation.numbers) store::erase_cookie(rows, user, number);
    return {};
  });
}

}  // namespace twostep::service

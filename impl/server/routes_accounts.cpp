#include "impl/server/routes_accounts.hpp"

#include <fmt/chrono.h>

#include <chrono>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

#include "impl/server/api.hpp"
#include "impl/service/accounts.hpp"
#include "impl/wire/accounts.hpp"
#include "impl/wire/fields.hpp"
#include "impl/wire/labels.hpp"

namespace twostep::server {
namespace {

using boost::asio::awaitable;
using service::Backend;
using service::Logins;

/// `Sun, 06 Nov 1994 08:49:37 GMT`: RFC 9110 section 5.6.7.
std::string http_date(std::chrono::sys_seconds at) {
  return fmt::format("{:%a, %d %b %Y %H:%M:%S} GMT", fmt::gmtime(at));
}

std::pair<std::string, std::string> set_cookie(const service::IssuedCookie& cookie) {
  auto field = "zuid=" + cookie.value + "; Path=/access";
  if (cookie.persistent) field += "; Expires=" + http_date(cookie.expires);
  return {"Set-Cookie", field + "; HttpOnly; Secure"};
}

Response granted(const service::Access& access) {
  Response response{.body = wire::text_of({{"user", access.user.text()},
                                           {"access_token", access.token},
                                           {"token_type", "Bearer"},
                                           {"expires_in", access.expires_in.count()}})};
  if (access.cookie) response.headers.push_back(set_cookie(*access.cookie));
  return response;
}

std::optional<std::string> owned(std::optional<std::string_view> text) {
  return text ? std::optional<std::string>{*text} : std::nullopt;
}

awaitable<Result<Response>> sign_up(Backend& backend, Logins& logins, const Request& request) {
  auto account = wire::decode_new_account(request.body);
  if (!account) co_return account.error();
  const auto registered = co_await logins.sign_up(*std::move(account));
  if (!registered) co_return registered.error();
  co_return Response{
      .status = 201,
      .body = wire::text_of(wire::own_profile(registered->account, backend.domain)),
      .headers = {{"Location", registered->account.id.text()}, set_cookie(registered->cookie)}};
}

awaitable<Result<Response>> log_in(Backend&, Logins& logins, const Request& request) {
  auto login = wire::decode_login(request.body);
  if (!login) co_return login.error();
  login->persist = request.parameter("persist") == "true";
  const auto outcome = co_await logins.log_in(*std::move(login));
  if (!outcome) co_return outcome.error();
  if (const auto* later = std::get_if<service::TryAgainLater>(&*outcome)) {
    const auto label = wire::label_of(Reason::too_many_failed_logins);
    co_return Response{.status = label.status,
                       .body = wire::error_body(label),
                       .headers = {{"Retry-After", std::to_string(later->wait.count())}}};
  }
  co_return granted(std::get<service::Access>(*outcome));
}

awaitable<Result<Response>> renew(Backend&, Logins& logins, const Request& request) {
  service::AccessRequest access{owned(request.cookie("zuid")), owned(access_token(request)), {}};
  if (const auto client = request.parameter("client_id")) {
    const auto id = wire::read::client_id(*client);
    if (!id) co_return id.error();
    access.client = *id;
  }
  const auto renewed = co_await logins.renew(std::move(access));
  if (!renewed) co_return renewed.error();
  co_return granted(*renewed);
}

awaitable<Result<Response>> log_out(Backend&, Logins& logins, const Request& request) {
  service::AccessRequest access{owned(request.cookie("zuid")), owned(access_token(request)), {}};
  const auto done = co_await logins.log_out(std::move(access));
  if (!done) co_return done.error();
  co_return Response{};
}

awaitable<Result<Response>> list_cookies(Backend&, Logins& logins, const Request& request) {
  std::vector<std::string> labels;
  auto rest = request.parameter("labels").value_or("");
  while (!rest.empty()) {
    const auto comma = rest.find(',');
    labels.emplace_back(rest.substr(0, comma));
    rest.remove_prefix(comma == std::string_view::npos ? rest.size() : comma + 1);
  }
  const auto cookies = co_await logins.list(request.caller->user, std::move(labels));
  if (!cookies) co_return cookies.error();
  co_return Response{.body = wire::text_of(wire::cookie_list(*cookies))};
}

awaitable<Result<Response>> remove_cookies(Backend&, Logins& logins, const Request& request) {
  auto wanted = wire::decode_cookie_revocation(request.body);
  if (!wanted) co_return wanted.error();
  Logins::Revocation revocation{std::move(wanted->password), std::move(wanted->labels),
                                std::move(wanted->numbers)};
  const auto done = co_await logins.revoke(request.caller->user, std::move(revocation));
  if (!done) co_return done.error();
  co_return Response{};
}

awaitable<Result<Response>> self(Backend& backend, Logins&, const Request& request) {
  const auto account = co_await service::find_account(backend, request.caller->user);
  if (!account) co_return account.error();
  co_return Response{.body = wire::text_of(wire::own_profile(*account, backend.domain))};
}

awaitable<Result<Response>> choose_handle(Backend& backend, Logins&, const Request& request) {
  const auto handle = wire::decode_handle(request.body);
  if (!handle) co_return handle.error();
  const auto done = co_await service::choose_handle(backend, request.caller->user, *handle);
  if (!done) co_return done.error();
  co_return Response{};
}

}  // namespace

Routes account_routes(Backend& backend, Logins& logins) {
  const auto with = [&](auto* handler) -> Handler {
    return [&backend, &logins, handler](const Request& request) {
      return handler(backend, logins, request);
    };
  };
  return {
      {"POST", "/register", Access::nobody, with(sign_up)},
      {"POST", "/login", Access::nobody, with(log_in)},
      {"POST", "/access", Access::nobody, with(renew)},
      {"POST", "/access/logout", Access::nobody, with(log_out)},
      {"GET", "/cookies", Access::token, with(list_cookies)},
      {"POST", "/cookies/remove", Access::token, with(remove_cookies)},
      {"GET", "/self", Access::token, with(self)},
      {"PUT", "/self/handle", Access::token, with(choose_handle)},
  };
}

}  // namespace twostep::server

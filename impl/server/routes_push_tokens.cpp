#include "impl/server/routes_push_tokens.hpp"

#include "impl/server/captures.hpp"
#include "impl/server/json_response.hpp"
#include "impl/service/push_tokens.hpp"
#include "impl/wire/push_tokens.hpp"

namespace twostep::server {
namespace {

using boost::asio::awaitable;
using service::Backend;
using wire::Json;

awaitable<Result<Response>> add_token(Backend& backend, const Request& request) {
  const auto token = wire::decode_push_token(request.body);
  if (!token) co_return token.error();
  const auto done = co_await service::add_push_token(backend, *request.caller, *token);
  if (!done) co_return done.error();
  auto response = json(wire::push_token(*token), 201);
  response.headers.emplace_back("Location", token->token);
  co_return response;
}

awaitable<Result<Response>> list_tokens(Backend& backend, const Request& request) {
  const auto tokens = co_await service::list_push_tokens(backend, request.caller->user);
  if (!tokens) co_return tokens.error();
  co_return json(wire::push_token_list(*tokens));
}

awaitable<Result<Response>> remove_token(Backend& backend, const Request& request) {
  const auto done =
      co_await service::remove_push_token(backend, request.caller->user, request.captures.at(0));
  if (!done) co_return done.error();
  co_return Response{.status = 204};
}

}  // namespace

Routes push_token_routes(Backend& backend) {
  const auto with = [&backend](auto* handler) -> Handler {
    return [&backend, handler](const Request& request) { return handler(backend, request); };
  };
  return {
      {"POST", "/push/tokens", Access::token, with(add_token)},
      {"GET", "/push/tokens", Access::token, with(list_tokens)},
      {"DELETE", "/push/tokens/:token", Access::token, with(remove_token)},
  };
}

}  // namespace twostep::server

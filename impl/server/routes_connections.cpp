#include "impl/server/routes_connections.hpp"

#include "impl/server/captures.hpp"
#include "impl/service/connections.hpp"
#include "impl/wire/connections.hpp"

namespace twostep::server {
namespace {

using boost::asio::awaitable;
using service::Backend;

awaitable<Result<Response>> ask(Backend& backend, const Request& request) {
  const auto to = qualified_name<UserId>(request, 0);
  if (!to) co_return to.error();
  const auto asked = co_await service::ask_for_connection(backend, *request.caller, *to);
  if (!asked) co_return asked.error();
  co_return Response{.status = asked->created ? 201 : 200,
                     .body = wire::encode_connection(asked->connection)};
}

awaitable<Result<Response>> update(Backend& backend, const Request& request) {
  const auto to = qualified_name<UserId>(request, 0);
  if (!to) co_return to.error();
  const auto wanted = wire::decode_relation(request.body);
  if (!wanted) co_return wanted.error();
  const auto updated = co_await service::update_connection(backend, *request.caller, *to, *wanted);
  if (!updated) co_return updated.error();
  if (!*updated) co_return Response{.status = 204};
  co_return Response{.body = wire::encode_connection(**updated)};
}

awaitable<Result<Response>> find(Backend& backend, const Request& request) {
  const auto to = qualified_name<UserId>(request, 0);
  if (!to) co_return to.error();
  const auto found = co_await service::find_connection(backend, *request.caller, *to);
  if (!found) co_return found.error();
  if (!*found) co_return Response{.status = 404};
  co_return Response{.body = wire::encode_connection(**found)};
}

awaitable<Result<Response>> list(Backend& backend, const Request& request) {
  const auto wanted = wire::decode_list_connections(request.body);
  if (!wanted) co_return wanted.error();
  const auto page = co_await service::list_connections(backend, *request.caller, *wanted);
  if (!page) co_return page.error();
  co_return Response{.body = wire::encode_connections(*page)};
}

}  // namespace

Routes connection_routes(Backend& backend) {
  const auto with = [&backend](auto* handler) -> Handler {
    return [&backend, handler](const Request& request) { return handler(backend, request); };
  };
  const auto* const one = "/connections/:domain/:user";
  return {
      {"POST", one, Access::token, with(ask)},
      {"PUT", one, Access::token, with(update)},
      {"GET", one, Access::token, with(find)},
      {"POST", "/list-connections", Access::token, with(list)},
  };
}

}  // namespace twostep::server

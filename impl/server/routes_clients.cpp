#include "impl/server/routes_clients.hpp"

#include <algorithm>
#include <string_view>
#include <utility>

#include "impl/server/captures.hpp"
#include "impl/server/json_response.hpp"
#include "impl/service/clients.hpp"
#include "impl/wire/accounts.hpp"
#include "impl/wire/clients.hpp"
#include "impl/wire/fields.hpp"

namespace twostep::server {
namespace {

using boost::asio::awaitable;
using service::Backend;
using wire::Json;

/// One's own client that is not there is 404 with an empty body where it is read, and with a label
/// where something was to be done to it.
Result<Response> nothing_there(const Refusal& refusal) {
  if (refusal.reason != Reason::client_not_found) return refusal;
  return Response{.status = 404};
}

// --- One's own clients ---------------------------------------------------------------------

awaitable<Result<Response>> add(Backend& backend, const Request& request) {
  auto wanted = wire::decode_new_client(request.body);
  if (!wanted) co_return wanted.error();
  const auto added = co_await service::add_client(backend, *request.caller, *std::move(wanted));
  if (!added) co_return added.error();
  auto response = json(wire::client(*added), 201);
  response.headers.emplace_back("Location", added->id.text());
  co_return response;
}

awaitable<Result<Response>> list(Backend& backend, const Request& request) {
  const auto clients = co_await service::list_clients(backend, request.caller->user);
  if (!clients) co_return clients.error();
  auto body = Json::array();
  for (const auto& each : *clients) body.push_back(wire::client(each));
  co_return json(body);
}

awaitable<Result<Response>> find(Backend& backend, const Request& request) {
  const auto id = client_in(request, 0);
  if (!id) co_return id.error();
  const auto client = co_await service::find_client(backend, request.caller->user, *id);
  if (!client) co_return nothing_there(client.error());
  co_return json(wire::client(*client));
}

awaitable<Result<Response>> capabilities(Backend& backend, const Request& request) {
  const auto id = client_in(request, 0);
  if (!id) co_return id.error();
  const auto client = co_await service::find_client(backend, request.caller->user, *id);
  if (!client) co_return client.error();
  co_return json(client->capabilities);
}

awaitable<Result<Response>> update(Backend& backend, const Request& request) {
  const auto id = client_in(request, 0);
  if (!id) co_return id.error();
  auto wanted = wire::decode_client_update(request.body);
  if (!wanted) co_return wanted.error();
  const auto done =
      co_await service::update_client(backend, *request.caller, *id, *std::move(wanted));
  if (!done) co_return done.error();
  co_return Response{};
}

awaitable<Result<Response>> remove(Backend& backend, const Request& request) {
  const auto id = client_in(request, 0);
  if (!id) co_return id.error();
  auto password = wire::decode_password(request.body);
  if (!password) co_return password.error();
  const auto done =
      co_await service::remove_client(backend, *request.caller, *id, *std::move(password));
  if (!done) co_return done.error();
  co_return Response{};
}

// --- Others' clients -----------------------------------------------------------------------

Json public_clients(const std::vector<PublicClient>& clients) {
  auto list = Json::array();
  for (const auto& client : clients) list.push_back(wire::public_client(client));
  return list;
}

awaitable<Result<Response>> list_of_many(Backend& backend, const Request& request) {
  auto users = wire::decode_client_query(request.body);
  if (!users) co_return users.error();
  const auto seen = co_await service::clients_of(backend, *std::move(users));
  if (!seen) co_return seen.error();
  auto map = Json::object();
  for (const auto& [user, clients] : *seen)
    map[user.domain.text()][user.id.text()] = public_clients(clients);
  co_return json({{"qualified_user_map", std::move(map)}});
}

/// The clients of the user whom the path names.
awaitable<Result<std::vector<PublicClient>>> clients_of_one(Backend& backend,
                                                            const Request& request) {
  const auto user = qualified_name<UserId>(request, 0);
  if (!user) co_return user.error();
  co_return co_await service::clients_of_one(backend, *user);
}

awaitable<Result<Response>> list_of_one(Backend& backend, const Request& request) {
  const auto clients = co_await clients_of_one(backend, request);
  if (!clients) co_return clients.error();
  co_return json(public_clients(*clients));
}

awaitable<Result<Response>> find_of_one(Backend& backend, const Request& request) {
  const auto clients = co_await clients_of_one(backend, request);
  if (!clients) co_return clients.error();
  const auto id = client_in(request, 2);
  if (!id) co_return id.error();
  const auto found = std::find_if(clients->begin(), clients->end(),
                                  [&](const PublicClient& client) { return client.id == *id; });
  if (found == clients->end()) co_return Refusal{Reason::not_found};
  co_return json(wire::public_client(*found));
}

}  // namespace

Routes client_routes(Backend& backend) {
  const auto with = [&backend](auto* handler) -> Handler {
    return [&backend, handler](const Request& request) { return handler(backend, request); };
  };
  return {
      {"POST", "/clients", Access::token, with(add)},
      {"GET", "/clients", Access::token, with(list)},
      {"GET", "/clients/:client", Access::token, with(find)},
      {"PUT", "/clients/:client", Access::token, with(update)},
      {"DELETE", "/clients/:client", Access::token, with(remove)},
      {"GET", "/clients/:client/capabilities", Access::token, with(capabilities)},
      {"POST", "/users/list-clients", Access::token, with(list_of_many)},
      {"POST", "/users/list-clients/v2", Access::token, with(list_of_many)},
      {"GET", "/users/:domain/:user/clients", Access::token, with(list_of_one)},
      {"GET", "/users/:domain/:user/clients/:client", Access::token, with(find_of_one)},
  };
}

}  // namespace twostep::server

#include "impl/server/routes_prekeys.hpp"

#include <utility>

#include "impl/server/captures.hpp"
#include "impl/server/json_response.hpp"
#include "impl/service/prekeys.hpp"
#include "impl/wire/prekeys.hpp"

namespace twostep::server {
namespace {

using boost::asio::awaitable;
using service::Backend;
using wire::Json;

awaitable<Result<Response>> ids_left(Backend& backend, const Request& request) {
  const auto id = client_in(request, 0);
  if (!id) co_return id.error();
  const auto ids = co_await service::prekey_ids_left(backend, request.caller->user, *id);
  if (!ids) co_return ids.error();
  co_return json(*ids);
}

awaitable<Result<Response>> claim_of_many(Backend& backend, const Request& request) {
  auto wanted = wire::decode_prekey_query(request.body);
  if (!wanted) co_return wanted.error();
  const auto claimed = co_await service::claim_prekeys(backend, *std::move(wanted));
  if (!claimed) co_return claimed.error();
  auto map = Json::object();
  for (const auto& [user, clients] : claimed->prekeys) {
    auto& of_user = map[user.domain.text()][user.id.text()] = Json::object();
    for (const auto& [client, prekey] : clients)
      of_user[client.text()] = prekey ? wire::prekey(*prekey) : Json{};
  }
  Json body{{"qualified_user_client_prekeys", std::move(map)}};
  for (const auto& user : claimed->failed_to_list)
    body["failed_to_list"].push_back(wire::qualified_id(user));
  co_return json(body);
}

awaitable<Result<Response>> claim_of_one(Backend& backend, const Request& request) {
  const auto user = qualified_name<UserId>(request, 0);
  if (!user) co_return user.error();
  const auto claimed = co_await service::claim_prekeys_of(backend, *user);
  if (!claimed) co_return claimed.error();
  co_return json(wire::prekeys_of_user(user->id, *claimed));
}

awaitable<Result<Response>> claim_of_client(Backend& backend, const Request& request) {
  const auto user = qualified_name<UserId>(request, 0);
  if (!user) co_return user.error();
  const auto client = client_in(request, 2);
  if (!client) co_return client.error();
  const auto prekey = co_await service::claim_prekey_of(backend, *user, *client);
  if (!prekey) co_return prekey.error();
  co_return json({{"client", client->text()}, {"prekey", wire::prekey(*prekey)}});
}

}  // namespace

Routes prekey_routes(Backend& backend) {
  const auto with = [&backend](auto* handler) -> Handler {
    return [&backend, handler](const Request& request) { return handler(backend, request); };
  };
  return {
      {"GET", "/clients/:client/prekeys", Access::token, with(ids_left)},
      {"POST", "/users/list-prekeys", Access::token, with(claim_of_many)},
      {"GET", "/users/:domain/:user/prekeys", Access::token, with(claim_of_one)},
      {"GET", "/users/:domain/:user/prekeys/:client", Access::token, with(claim_of_client)},
  };
}

}  // namespace twostep::server

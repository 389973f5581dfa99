#include "impl/server/routes_users.hpp"

#include <utility>
#include <vector>

#include "impl/server/captures.hpp"
#include "impl/server/json_response.hpp"
#include "impl/service/accounts.hpp"
#include "impl/wire/accounts.hpp"

namespace twostep::server {
namespace {

using boost::asio::awaitable;
using service::Backend;
using wire::Json;

awaitable<Result<Response>> find_user(Backend& backend, const Request& request) {
  const auto user = qualified_name<UserId>(request, 0);
  if (!user) co_return user.error();
  const auto profile = co_await service::find_user(backend, *user);
  if (!profile) co_return profile.error();
  co_return json(wire::profile(*profile));
}

awaitable<Result<Response>> list_users(Backend& backend, const Request& request) {
  auto query = wire::decode_user_query(request.body);
  if (!query) co_return query.error();
  auto users = query->handles.empty()
                   ? service::find_users(backend, std::move(query->users))
                   : service::find_users_by_handle(backend, std::move(query->handles));
  const auto answer = co_await std::move(users);
  if (!answer) co_return answer.error();

  const auto names = [](const std::vector<QualifiedUser>& named) {
    auto list = Json::array();
    for (const auto& user : named) list.push_back(wire::qualified_id(user));
    return list;
  };
  Json body{{"found", Json::array()}};
  for (const auto& profile : answer->found) body["found"].push_back(wire::profile(profile));
  if (!answer->not_found.empty()) body["not_found"] = names(answer->not_found);
  if (!answer->failed.empty()) body["failed"] = names(answer->failed);
  co_return json(body);
}

}  // namespace

Routes user_routes(Backend& backend) {
  const auto with = [&backend](auto* handler) -> Handler {
    return [&backend, handler](const Request& request) { return handler(backend, request); };
  };
  return {
      {"GET", "/users/:domain/:user", Access::token, with(find_user)},
      {"POST", "/list-users", Access::token, with(list_users)},
  };
}

}  // namespace twostep::server

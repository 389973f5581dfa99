#include "impl/server/routes_notifications.hpp"

#include <charconv>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "impl/service/catch_up.hpp"
#include "impl/wire/fields.hpp"
#include "impl/wire/json_text.hpp"

namespace twostep::server {
namespace {

using boost::asio::awaitable;
using service::Backend;
using service::Gap;

constexpr int first_version_without_lists_in_gaps = 3;

Result<std::optional<ClientId>> client_of(const Request& request) {
  const auto text = request.parameter("client");
  if (!text) return std::optional<ClientId>{};
  const auto client = wire::read::client_id(*text);
  if (!client) return client.error();
  return std::optional{*client};
}

Result<std::size_t> size_of(const Request& request) {
  const auto text = request.parameter("size");
  if (!text) return limits::page_notifications_default;
  std::size_t size = 0;
  const auto* const end = text->data() + text->size();
  const auto [stopped, error] = std::from_chars(text->data(), end, size);
  if (error != std::errc{} || stopped != end || size < limits::page_notifications_min ||
      size > limits::page_notifications_max) {
    return Refusal{Reason::bad_request, "size is not between 100 and 10000"};
  }
  return size;
}

/// The id of a notification, in a parameter or in the path.
Result<TimeUuid> notification_id(std::string_view text) {
  const auto uuid = Uuid::parse(text);
  if (!uuid) return Refusal{Reason::bad_request, "not a UUID"};
  const auto id = TimeUuid::from(*uuid);
  if (!id) return Refusal{Reason::invalid_notification_id};
  return *id;
}

awaitable<Result<Response>> page(Backend& backend, const Request& request) {
  const auto client = client_of(request);
  if (!client) co_return client.error();
  const auto size = size_of(request);
  if (!size) co_return size.error();
  const bool strict = request.version >= first_version_without_lists_in_gaps;
  service::CatchUp wanted{
      .client = *client, .size = *size, .gap = strict ? Gap::refuse : Gap::tell};

  bool gap = false;
  if (const auto text = request.parameter("since")) {
    const auto since = notification_id(*text);
    if (!since && strict) co_return since.error();
    gap = !since;
    if (since) wanted.since = *since;
  }

  auto found = co_await service::catch_up(backend, request.caller->user, wanted);
  if (!found) co_return found.error();
  co_return Response{.status = gap || found->gap ? 404 : 200, .body = std::move(found->body)};
}

awaitable<Result<Response>> last(Backend& backend, const Request& request) {
  const auto client = client_of(request);
  if (!client) co_return client.error();
  auto found = co_await service::last_notification(backend, request.caller->user, *client);
  if (!found) co_return found.error();
  co_return Response{.body = *std::move(found)};
}

awaitable<Result<Response>> one(Backend& backend, const Request& request) {
  const auto id = notification_id(request.captures[0]);
  if (!id) co_return id.error();
  const auto client = client_of(request);
  if (!client) co_return client.error();
  auto found = co_await service::one_notification(backend, request.caller->user, *id, *client);
  if (!found) co_return found.error();
  co_return Response{.body = *std::move(found)};
}

awaitable<Result<Response>> time(Backend& backend, const Request&) {
  co_return Response{.body =
                         R"({"time":")" + wire::millisecond_time(backend.clock.now()) + R"("})"};
}

}  // namespace

Routes notification_routes(Backend& backend) {
  Routes routes;
  const auto add_route = [&](const char* pattern, auto* handler) {
    routes.push_back({"GET", pattern, Access::token, [&backend, handler](const Request& request) {
                        return handler(backend, request);
                      }});
  };
  add_route("/notifications", page);
  add_route("/notifications/last", last);
  add_route("/notifications/:id", one);
  add_route("/time", time);
  return routes;
}

}  // namespace twostep::server

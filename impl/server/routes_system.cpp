#include "impl/server/routes_system.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "impl/server/router.hpp"
#include "impl/wire/json_text.hpp"

namespace twostep::server {
namespace {

using boost::asio::awaitable;

constexpr std::array<std::string_view, 2> websocket_patterns{"/await", "/websocket"};

// A domain has no character that JSON would escape.
std::string version_body(const SystemStatus& status) {
  return "{\"supported\":[" + std::to_string(api_version) +
         "],\"development\":[],\"federation\":" + (status.federation ? "true" : "false") +
         ",\"domain\":\"" + status.domain.text() + "\"}";
}

awaitable<Result<Response>> without_upgrade(const Request&) {
  co_return Refusal{Reason::bad_request, "a websocket is opened here"};
}

}  // namespace

Routes system_routes(SystemStatus status, const Metrics& metrics) {
  Routes routes;
  routes.push_back({"GET", "/api-version", Access::nobody,
                    [body = version_body(status)](const Request&) -> awaitable<Result<Response>> {
                      co_return Response{.body = body};
                    }});
  routes.push_back({"GET", "/i/status", Access::nobody,
                    [](const Request&) -> awaitable<Result<Response>> { co_return Response{}; }});
  routes.push_back(
      {"GET", "/i/ready", Access::nobody,
       [ready = std::move(status.ready)](const Request&) -> awaitable<Result<Response>> {
         if (co_await ready()) co_return Response{};
         co_return Refusal{Reason::too_busy, "not ready"};
       }});
  routes.push_back({"GET", "/i/metrics", Access::nobody,
                    [&metrics](const Request&) -> awaitable<Result<Response>> {
                      co_return Response{.body = metrics.text(),
                                         .content_type = "text/plain; version=0.0.4"};
                    }});
  for (const auto pattern : websocket_patterns) {
    routes.push_back({"GET", std::string{pattern}, Access::token, without_upgrade});
  }
  return routes;
}

bool is_websocket(const Route& route) {
  return std::find(websocket_patterns.begin(), websocket_patterns.end(), route.pattern) !=
         websocket_patterns.end();
}

}  // namespace twostep::server

#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "impl/core/ids.hpp"
#include "impl/server/http.hpp"
#include "impl/server/metrics.hpp"

/// The endpoints that are about this backend itself.
///
/// `/i/status` says that the process is alive, `/i/ready` that it wants requests, `/i/metrics` how
/// it fares. They are on the listener that everything is on: whoever puts this server on the open
/// network puts a proxy before it, which keeps `/i` to itself. None of them tells of any user.
///
/// `/await` and its other name are listed here for their access rules. The session takes over when
/// the request asks for an upgrade; the handler answers the ones that do not.
///
/// Source     specs/07-wire.md (WIR), specs/08-robustness.md (ROB).
namespace twostep::server {

struct SystemStatus {
  Domain domain;
  bool federation = false;  ///< Whether other backends can be reached from here.

  /// Whether the store answers and nobody has asked the process to end.
  std::function<boost::asio::awaitable<bool>()> ready;
};

Routes system_routes(SystemStatus status, const Metrics& metrics);

/// Whether a route is a websocket's when the request asks for an upgrade.
bool is_websocket(const Route& route);

}  // namespace twostep::server

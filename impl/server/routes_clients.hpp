#pragma once

#include "impl/server/http.hpp"
#include "impl/service/ports.hpp"

/// The endpoints of clients: one's own, and those of others.
///
/// Source     specs/05-accounts-and-devices.md (ACC), specs/07-wire.md (WIR).
namespace twostep::server {

/// `backend` outlives the routes.
Routes client_routes(service::Backend& backend);

}  // namespace twostep::server

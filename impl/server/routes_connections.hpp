#pragma once

#include "impl/server/http.hpp"
#include "impl/service/ports.hpp"

/// The endpoints of connections.
///
/// Source     specs/06-conversations.md (CNV), connections; specs/07-wire.md (WIR).
namespace twostep::server {

/// `backend` outlives the routes.
Routes connection_routes(service::Backend& backend);

}  // namespace twostep::server

#pragma once

#include "impl/server/http.hpp"
#include "impl/service/ports.hpp"

/// The endpoints of prekeys: claiming those of others, and counting one's own.
///
/// Source     specs/05-accounts-and-devices.md (ACC), specs/07-wire.md (WIR).
namespace twostep::server {

/// `backend` outlives the routes.
Routes prekey_routes(service::Backend& backend);

}  // namespace twostep::server

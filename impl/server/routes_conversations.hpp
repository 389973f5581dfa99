#pragma once

#include "impl/server/http.hpp"
#include "impl/service/ports.hpp"

/// The endpoints of conversations and of their members; sending messages is elsewhere.
///
/// Source     specs/06-conversations.md (CNV), specs/07-wire.md (WIR).
namespace twostep::server {

/// `backend` outlives the routes.
Routes conversation_routes(service::Backend& backend);

}  // namespace twostep::server

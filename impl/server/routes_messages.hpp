#pragma once

#include "impl/server/http.hpp"
#include "impl/service/ports.hpp"

/// The endpoints that send a message: today's, and the older one for users of the own domain.
///
/// Shape      A message that is stopped by missing clients is answered 412 with the sending status,
///            which is no error body.
/// Source     specs/01-send.md (SND), specs/07-wire.md (WIR).
namespace twostep::server {

/// `backend` outlives the routes.
Routes message_routes(service::Backend& backend);

}  // namespace twostep::server

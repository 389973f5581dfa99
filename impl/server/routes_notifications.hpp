#pragma once

#include "impl/server/http.hpp"
#include "impl/service/ports.hpp"

/// The endpoints of catching up, and the server's time.
///
/// Shape      Before version 3 of the API, which is how requests without a version are served, a gap
///            is told by the status alone: 404, and the list all the same; a `since` that is no
///            version 1 UUID is such a gap from the beginning.
/// Source     specs/03-catch-up.md (CUP), specs/07-wire.md (WIR).
namespace twostep::server {

/// `backend` outlives the routes.
Routes notification_routes(service::Backend& backend);

}  // namespace twostep::server

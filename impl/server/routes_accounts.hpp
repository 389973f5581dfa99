#pragma once

#include "impl/server/http.hpp"
#include "impl/service/logins.hpp"
#include "impl/service/ports.hpp"

/// The endpoints of registering, logging in and out, cookies, and one's own profile.
///
/// `/access` takes the access token as a sign of which connection is continued, not as proof of who
/// asks: it may have expired, and whatever is wrong with it is 403.
///
/// Source     specs/05-accounts-and-devices.md (ACC), specs/07-wire.md (WIR).
namespace twostep::server {

/// Both outlive the routes.
Routes account_routes(service::Backend& backend, service::Logins& logins);

}  // namespace twostep::server

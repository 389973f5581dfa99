#pragma once

#include <boost/asio/awaitable.hpp>
#include <string>
#include <vector>

#include "impl/core/client.hpp"
#include "impl/core/ids.hpp"
#include "impl/core/result.hpp"
#include "impl/service/ports.hpp"

/// Push tokens of one's own clients.
///
/// Threads    Coroutines over the backend's ports; any thread.
/// Source     specs/05-accounts-and-devices.md (ACC), push tokens.
namespace twostep::service {

/// Replaces the token of the same client, transport and app.
/// Errors     `client_not_found`: a token without its client would never be removed.
boost::asio::awaitable<Result<void>> add_push_token(Backend& backend, Caller caller,
                                                    PushToken token);

boost::asio::awaitable<Result<std::vector<PushToken>>> list_push_tokens(Backend& backend,
                                                                        UserId user);

/// Errors     `not_found`, also if the token is somebody else's.
boost::asio::awaitable<Result<void>> remove_push_token(Backend& backend, UserId user,
                                                       std::string token);

}  // namespace twostep::service

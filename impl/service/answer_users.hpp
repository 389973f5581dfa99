#pragma once

#include <boost/asio/awaitable.hpp>

#include "impl/core/result.hpp"
#include "impl/service/peers.hpp"
#include "impl/service/ports.hpp"

/// What a peer may know of our users.
///
/// Errors     As the calls have them; `bad_request` for a body that is not as it has to be.
/// Threads    Any.
/// Source     specs/09-federation.md (FED), users.
namespace twostep::service {

boost::asio::awaitable<Result<PeerAnswer>> answer_api_version(Backend& backend,
                                                              const PeerRequest& request);

boost::asio::awaitable<Result<PeerAnswer>> answer_get_user_clients(Backend& backend,
                                                                   const PeerRequest& request);

boost::asio::awaitable<Result<PeerAnswer>> answer_get_users_by_ids(Backend& backend,
                                                                   const PeerRequest& request);

boost::asio::awaitable<Result<PeerAnswer>> answer_claim_prekeys(Backend& backend,
                                                                const PeerRequest& request);

boost::asio::awaitable<Result<PeerAnswer>> answer_claim_prekey(Backend& backend,
                                                               const PeerRequest& request);

boost::asio::awaitable<Result<PeerAnswer>> answer_claim_prekeys_of_user(Backend& backend,
                                                                        const PeerRequest& request);

}  // namespace twostep::service

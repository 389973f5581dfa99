#pragma once

#include <boost/asio/awaitable.hpp>

#include "impl/core/result.hpp"
#include "impl/service/peers.hpp"
#include "impl/service/ports.hpp"

/// What peers tell of their conversations, and do to ours on behalf of their users.
///
/// A conversation that a peer tells of is its own, and so is a user that it acts for, whatever the body
/// says. Users of ours are brought in only by whom they are connected to.
///
/// Errors     As the calls have them; `bad_request` for a body that is not as it has to be.
/// Threads    Any.
/// Source     specs/09-federation.md (FED), conversations.
namespace twostep::service {

boost::asio::awaitable<Result<PeerAnswer>> answer_on_conversation_created(
    Backend& backend, const PeerRequest& request);

boost::asio::awaitable<Result<PeerAnswer>> answer_on_conversation_updated(
    Backend& backend, const PeerRequest& request);

boost::asio::awaitable<Result<PeerAnswer>> answer_leave_conversation(Backend& backend,
                                                                     const PeerRequest& request);

boost::asio::awaitable<Result<PeerAnswer>> answer_get_conversations(Backend& backend,
                                                                    const PeerRequest& request);

}  // namespace twostep::service

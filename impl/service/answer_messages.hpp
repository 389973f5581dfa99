#pragma once

#include <boost/asio/awaitable.hpp>

#include "impl/core/result.hpp"
#include "impl/service/peers.hpp"
#include "impl/service/ports.hpp"

/// What peers do with messages here: their users send to our conversations, and they tell us to store
/// messages of theirs.
///
/// Whose user the sender is, and whose conversation it is, is not asked of the body: it is the caller.
/// So nobody can speak for the users of a third backend, or write into its conversations.
///
/// Errors     As the calls have them; `bad_request` for a body that is not as it has to be.
/// Threads    Any.
/// Source     specs/09-federation.md (FED), telling peers to store; senders at another backend.
namespace twostep::service {

boost::asio::awaitable<Result<PeerAnswer>> answer_send_message(Backend& backend,
                                                               const PeerRequest& request);

boost::asio::awaitable<Result<PeerAnswer>> answer_on_message_sent(Backend& backend,
                                                                  const PeerRequest& request);

}  // namespace twostep::service

#pragma once

#include <boost/asio/awaitable.hpp>
#include <vector>

#include "impl/core/conversation.hpp"
#include "impl/core/result.hpp"
#include "impl/service/conversation_change.hpp"
#include "impl/service/ports.hpp"
#include "impl/wire/conversations.hpp"

/// Conversations of other owners, for members here. All that is known here is who of this backend's
/// users is in them, and what these keep for themselves; everything else the owner says.
///
/// Errors     Those of `peer_calls.hpp`, and as each function says.
/// Threads    Coroutines; any.
/// Source     specs/09-federation.md (FED), conversations.
namespace twostep::service {

/// Errors     `no_conversation` if the caller is no member as far as is known here, and then nobody is
///            asked; or if the owner does not show it.
boost::asio::awaitable<Result<ConversationView>> find_conversation_elsewhere(
    Backend& backend, Caller caller, QualifiedConversation id);

/// Sorts those of other owners into `conversations`. An owner that fails is no error.
boost::asio::awaitable<Result<Done>> list_conversations_elsewhere(
    Backend& backend, Caller caller, const std::vector<QualifiedConversation>& ids,
    wire::FoundConversations& conversations);

/// Errors     `no_conversation`, `action_denied`, as the owner says.
boost::asio::awaitable<Result<Happened>> leave_conversation_elsewhere(Backend& backend,
                                                                      Caller caller,
                                                                      QualifiedConversation id);

}  // namespace twostep::service

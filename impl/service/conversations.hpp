#pragma once

#include <boost/asio/awaitable.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "impl/core/conversation.hpp"
#include "impl/core/result.hpp"
#include "impl/service/ports.hpp"
#include "impl/wire/conversations.hpp"

/// Conversations: creating them, reading them, and changing what is said of them.
///
/// Errors     As each function says. A refused change leaves no trace: no row, no event.
/// Threads    Coroutines; any.
/// Source     specs/06-conversations.md (CNV).
namespace twostep::service {

/// Other backends that would have to take part and cannot be reached.
struct UnreachableBackends {
  std::vector<Domain> domains;  ///< Sorted, each once.
};

/// Errors     `client_error` if there are too many users, `not_connected`.
boost::asio::awaitable<Result<std::variant<ConversationView, UnreachableBackends>>>
create_conversation(Backend& backend, Caller caller, wire::NewConversation wanted);

/// Errors     `no_conversation` if there is none, `access_denied` if the caller is not a member.
boost::asio::awaitable<Result<ConversationView>> find_conversation(Backend& backend, Caller caller,
                                                                   QualifiedConversation id);

boost::asio::awaitable<Result<wire::ConversationIdPage>> list_conversation_ids(
    Backend& backend, Caller caller, wire::ListConversationIds list);

/// Those of which the caller is no member are not found.
boost::asio::awaitable<Result<wire::FoundConversations>> list_conversations(
    Backend& backend, Caller caller, std::vector<QualifiedConversation> ids);

/// The event that all members find, or none if everything was as it was asked to be.
using Happened = std::optional<std::string>;

/// Errors     Of the next three: `no_conversation`, `invalid_op`, `action_denied`.
boost::asio::awaitable<Result<Happened>> rename_conversation(Backend& backend, Caller caller,
                                                             QualifiedConversation id,
                                                             std::string name);

boost::asio::awaitable<Result<Happened>> change_message_timer(Backend& backend, Caller caller,
                                                              QualifiedConversation id,
                                                              std::optional<std::int64_t> timer_ms);

boost::asio::awaitable<Result<Happened>> change_receipt_mode(Backend& backend, Caller caller,
                                                             QualifiedConversation id,
                                                             std::int64_t receipt_mode);

}  // namespace twostep::service

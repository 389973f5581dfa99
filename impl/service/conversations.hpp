#pragma once

#include <boost/asio/awaitable.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "impl/core/conversation.hpp"
#include "impl/core/result.hpp"
#include "impl/service/conversation_change.hpp"
#include "impl/service/ports.hpp"
#include "impl/wire/conversations.hpp"

/// Conversations: creating them, reading them, and changing what is said of them.
///
/// Errors     As each function says. A refused change leaves no trace: no row, no event.
/// Threads    Coroutines; any.
/// Source     specs/06-conversations.md (CNV).
namespace twostep::service {

/// The backends of invited users are asked whether they are there, and then told, before anything is
/// stored: if one fails, there is no conversation.
/// Errors     `client_error` if there are too many users, `not_connected`, `unreachable_backends`.
boost::asio::awaitable<Result<ConversationView>> create_conversation(Backend& backend,
                                                                     Caller caller,
                                                                     wire::NewConversation wanted);

/// One of another backend is asked for there.
/// Errors     `no_conversation` if there is none, `access_denied` if the caller is not a member; and
///            those of `peer_calls.hpp`.
boost::asio::awaitable<Result<ConversationView>> find_conversation(Backend& backend, Caller caller,
                                                                   QualifiedConversation id);

boost::asio::awaitable<Result<wire::ConversationIdPage>> list_conversation_ids(
    Backend& backend, Caller caller, wire::ListConversationIds list);

/// Those of which the caller is no member are not found. Each owner is asked once.
boost::asio::awaitable<Result<wire::FoundConversations>> list_conversations(
    Backend& backend, Caller caller, std::vector<QualifiedConversation> ids);

/// Errors     Of the next three: `no_conversation`, `invalid_op`, `action_denied`,
///            `federation_not_implemented` for a conversation of another backend.
boost::asio::awaitable<Result<Happened>> rename_conversation(Backend& backend, Caller caller,
                                                             QualifiedConversation id,
                                                             std::string name);

boost::asio::awaitable<Result<Happened>> change_message_timer(Backend& backend, Caller caller,
                                                              QualifiedConversation id,
                                                              std::optional<std::int64_t> timer_ms);

boost::asio::awaitable<Result<Happened>> change_receipt_mode(Backend& backend, Caller caller,
                                                             QualifiedConversation id,
                                                             std::int64_t receipt_mode);

/// The conversation as this member sees it; `own` is of the same reader.
ConversationView view_of(const store::Reader& reader, OwnConversation own);

}  // namespace twostep::service

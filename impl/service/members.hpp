#pragma once

#include <boost/asio/awaitable.hpp>

#include "impl/core/conversation.hpp"
#include "impl/core/result.hpp"
#include "impl/service/conversations.hpp"
#include "impl/service/ports.hpp"
#include "impl/wire/conversations.hpp"

/// Who is in a conversation, in which role, and what members tell each other besides messages.
///
/// Errors     `no_conversation` if the caller is not a member, and as each function says.
/// Threads    Coroutines; any.
/// Source     specs/06-conversations.md (CNV), members.
namespace twostep::service {

/// Users who are members already are passed over, whatever else may be said of them.
/// The backends of users who join are told before it is stored; with a backend that is new to the
/// conversation, all of them have to be there.
/// Errors     `invalid_op`, `action_denied`, `not_connected`, `too_many_members`,
///            `unreachable_backends`; `federation_not_enabled` without other backends, and
///            `federation_not_implemented` for a conversation of another.
boost::asio::awaitable<Result<Happened>> add_members(Backend& backend, Caller caller,
                                                     QualifiedConversation id,
                                                     wire::NewMembers wanted);

/// Everybody may leave, a conversation of another backend too; others are removed by its own members.
/// Errors     `invalid_op`, `action_denied`; and those of `peer_calls.hpp`.
boost::asio::awaitable<Result<Happened>> remove_member(Backend& backend, Caller caller,
                                                       QualifiedConversation id,
                                                       QualifiedUser user);

/// Errors     `invalid_op` (also for one's own role), `action_denied`, and `no_conversation` if the
///            user is not in it.
boost::asio::awaitable<Result<Happened>> change_role(Backend& backend, Caller caller,
                                                     QualifiedConversation id, QualifiedUser user,
                                                     Role role);

/// Changes what is there in `wanted`; only the caller's own clients hear of it.
boost::asio::awaitable<Result<void>> change_own_state(Backend& backend, Caller caller,
                                                      QualifiedConversation id, OwnState wanted);

/// Tells the sockets of the other members. Stored nowhere.
boost::asio::awaitable<Result<void>> tell_typing(Backend& backend, Caller caller,
                                                 QualifiedConversation id, wire::Typing typing);

}  // namespace twostep::service

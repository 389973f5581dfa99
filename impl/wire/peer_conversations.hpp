#pragma once

#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "impl/core/conversation.hpp"
#include "impl/core/conversation_action.hpp"
#include "impl/core/ids.hpp"
#include "impl/core/result.hpp"
#include "impl/core/time_uuid.hpp"
#include "impl/wire/event.hpp"
#include "impl/wire/json.hpp"

/// Conversations, as backends tell each other of them.
///
/// Errors     `bad_request`.
/// Threads    Pure functions.
/// Source     specs/09-federation.md (FED).
namespace twostep::wire {

/// `galley/on-conversation-created`: the conversation of the caller, with its creator first among the
/// members.
struct PeerConversation {
  Instant time;
  Conversation conversation;
  std::vector<Member> members;
};
std::string encode_conversation_created(const PeerConversation& created);
Result<PeerConversation> decode_conversation_created(std::string_view body, const Domain& owner);

/// `galley/on-conversation-updated`: what happened in a conversation of the caller, by whom.
struct PeerUpdate {
  Instant time;
  QualifiedUser by;
  ConversationId conversation;
  std::vector<UserId> present;  ///< Users of the callee who were members before.
  ConversationAction action;
};
std::string encode_conversation_updated(const PeerUpdate& update);
Result<PeerUpdate> decode_conversation_updated(std::string_view body);

/// `galley/leave-conversation`: a user of the caller leaves a conversation of the callee.
struct PeerLeave {
  ConversationId conversation;
  UserId leaver;
};
std::string encode_peer_leave(const PeerLeave& leave);
Result<PeerLeave> decode_peer_leave(std::string_view body);

enum class LeaveAnswer { left, not_found, not_allowed, unchanged };
std::string encode_leave_answer(LeaveAnswer answer);
Result<LeaveAnswer> decode_leave_answer(const Json& answer);

/// `galley/get-conversations`: conversations of the callee, as a user of the caller sees them.
struct PeerConversationQuery {
  UserId user;
  std::vector<ConversationId> conversations;
};
std::string encode_conversation_query(const PeerConversationQuery& query);
Result<PeerConversationQuery> decode_conversation_query(std::string_view body);

std::string encode_peer_conversations(std::span<const ConversationView> views);
/// `user` is who looks. What each keeps for itself is not in it: that is known at home.
Result<std::vector<ConversationView>> decode_peer_conversations(const Json& answer,
                                                                const Domain& owner,
                                                                const QualifiedUser& user);

}  // namespace twostep::wire

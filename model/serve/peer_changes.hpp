#pragma once

#include <string>
#include <vector>

#include "model/serve/call.hpp"
#include "model/serve/peers.hpp"
#include "model/serve/server.hpp"

/// Changes of a conversation: the events that members find, and what their backends are told.
///
/// Source     specs/06-conversations.md, Members; specs/09-federation.md FED-56..FED-61.
namespace twostep::model::serve {

/// What a backend is told of a change.
struct PeerChange {
  QualifiedId conversation;
  QualifiedId actor;
  std::string tag;
  Json action;
  Moment time = {};
  std::vector<QualifiedId> present = {};  ///< Who was a member before, and is told.
};

Json join_event(const QualifiedId& conversation, const QualifiedId& actor,
                const std::vector<QualifiedId>& joining, const std::string& role, Moment time);
Json leave_event(const QualifiedId& conversation, const QualifiedId& actor,
                 const std::vector<QualifiedId>& leaving, bool of_their_own, Moment time);
Json role_event(const QualifiedId& conversation, const QualifiedId& actor,
                const QualifiedId& target, const std::string& role, Moment time);

/// The type of the event for a change of name, timer or receipt mode; null for other tags.
const char* event_of_tag(const std::string& tag);

void tell_each(const std::vector<QualifiedId>& users, const Json& event, Happened& what);

/// The calls that tell all involved backends, and `also`, of a change of our own conversation.
std::vector<PeerCall> calls_about(const Server& server, const ConversationRecord& conversation,
                                  const PeerChange& change, const std::vector<QualifiedId>& also);

/// A member goes, or is removed by `actor`. Backends that cannot be told do not change that (FED-59).
boost::asio::awaitable<void> remove_and_tell(Server& server, const Call* call,
                                             ConversationRecord& conversation, QualifiedId actor,
                                             QualifiedId user, Json event);

}  // namespace twostep::model::serve

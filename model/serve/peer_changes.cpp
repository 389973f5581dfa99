#include "model/serve/peer_changes.hpp"

#include <algorithm>

#include "model/serve/chapters.hpp"
#include "model/serve/peers.hpp"

namespace twostep::model::serve {
namespace {

Json ids_of(const std::vector<QualifiedId>& users) {
  Json ids = Json::array();
  for (const auto& user : users) ids.push_back(user.id);
  return ids;
}

Json qualified_ids_of(const std::vector<QualifiedId>& users) {
  Json ids = Json::array();
  for (const auto& user : users) ids.push_back(json_of(user));
  return ids;
}

}  // namespace

Json join_event(const QualifiedId& conversation, const QualifiedId& actor,
                const std::vector<QualifiedId>& joining, const std::string& role, Moment time) {
  Json users = Json::array();
  for (const auto& user : joining) {
    users.push_back(
        {{"id", user.id}, {"qualified_id", json_of(user)}, {"conversation_role", role}});
  }
  const Json data = {{"users", users}, {"user_ids", ids_of(joining)}, {"add_type", "internal_add"}};
  return conversation_event("conversation.member-join", conversation, actor, time, data);
}

Json leave_event(const QualifiedId& conversation, const QualifiedId& actor,
                 const std::vector<QualifiedId>& leaving, bool of_their_own, Moment time) {
  const Json data = {{"qualified_user_ids", qualified_ids_of(leaving)},
                     {"user_ids", ids_of(leaving)},
                     {"reason", of_their_own ? "left" : "removed"}};
  return conversation_event("conversation.member-leave", conversation, actor, time, data);
}

Json role_event(const QualifiedId& conversation, const QualifiedId& actor,
                const QualifiedId& target, const std::string& role, Moment time) {
  const Json data = {
      {"qualified_target", json_of(target)}, {"target", target.id}, {"conversation_role", role}};
  return conversation_event("conversation.member-update", conversation, actor, time, data);
}

const char* event_of_tag(const std::string& tag) {
  if (tag == "ConversationRenameTag") return "conversation.rename";
  if (tag == "ConversationMessageTimerUpdateTag") return "conversation.message-timer-update";
  if (tag == "ConversationReceiptModeUpdateTag") return "conversation.receipt-mode-update";
  return nullptr;
}

void tell_each(const std::vector<QualifiedId>& users, const Json& event, Happened& what) {
  for (const auto& user : users) what.told.push_back({user, {}, event});
}

std::vector<PeerCall> calls_about(const Server& server, const ConversationRecord& conversation,
                                  const PeerChange& change, const std::vector<QualifiedId>& also) {
  std::map<std::string, std::vector<QualifiedId>> present;
  for (const auto& [member, role] : conversation.roles) present[member.domain].push_back(member);
  for (const auto& user : also) present[user.domain];
  std::vector<PeerCall> calls;
  for (const auto& [domain, members] : present) {
    if (domain == server.options.domain) continue;
    Json body = {{"time", time_text(now())},
                 {"origUserId", json_of(change.actor)},
                 {"convId", conversation.id.id},
                 {"alreadyPresentUsers", ids_of(members)},
                 {"action", {{"tag", change.tag}, {"action", change.action}}},
                 {"extraConversationData", nullptr}};
    calls.push_back({domain, "galley/on-conversation-updated", std::move(body)});
  }
  return calls;
}

boost::asio::awaitable<void> remove_and_tell(Server& server, const Call* call,
                                             ConversationRecord& conversation, QualifiedId actor,
                                             QualifiedId user, Json event) {
  const bool leaves = user == actor;
  PeerChange change{
      .conversation = conversation.id,
      .actor = actor,
      .tag = leaves ? "ConversationLeaveTag" : "ConversationRemoveMembersTag",
      .action = leaves ? Json::object()
                       : Json{{"targets", Json::array({json_of(user)})}, {"reason", "removed"}}};
  auto calls = calls_about(server, conversation, change, {});
  std::vector<QualifiedId> everybody;
  for (const auto& [member, role] : conversation.roles) {
    const bool own = member.domain == server.options.domain;
    const bool passed_over = member == user && server.faulty(Fault::the_removed_are_not_told);
    if (own && !passed_over) everybody.push_back(member);
  }
  Happened what;
  tell_each(everybody, event, what);
  if (!server.faulty(Fault::the_removed_still_receive)) {
    what.changes = {
        RemoveMembers{server.runner.conversation(conversation.id), {server.runner.user(user)}}};
  }
  conversation.roles.erase(user);
  happened(server, call, what);
  if (server.faulty(Fault::peers_are_not_told_of_changes)) co_return;
  co_await call_peers(server, std::move(calls));
}

}  // namespace twostep::model::serve

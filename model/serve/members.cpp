// The members of a conversation: adding and removing them, and telling them that one types.

#include <algorithm>

#include "model/serve/chapters.hpp"
#include "model/serve/limits.hpp"

namespace twostep::model::serve {
namespace {

ConversationRecord& conversation_of_caller(Call& call) {
  auto& conversations = call.server.conversations;
  const auto found = conversations.find(call.qualified("domain", "conversation"));
  const bool known = found != conversations.end();
  if (!known || !found->second.roles.contains(call.me()))
    refuse(404, "no-conversation", "No such conversation");
  return found->second;
}

void must_be_a_group(const ConversationRecord& conversation, const Call& call) {
  if (conversation.type == ConversationType::group || call.faulty(Fault::any_conversation_changes))
    return;
  refuse(403, "invalid-op", "Not possible in this conversation");
}

void must_be_admin(const ConversationRecord& conversation, const Call& call) {
  if (conversation.roles.at(call.me()) == "wire_admin" ||
      call.faulty(Fault::members_act_like_admins))
    return;
  refuse(403, "action-denied", "The role does not allow this");
}

std::vector<QualifiedId> members_of(const ConversationRecord& conversation) {
  std::vector<QualifiedId> members;
  for (const auto& [member, role] : conversation.roles) members.push_back(member);
  return members;
}

/// Those who are told, each of the same event.
Happened told(const std::vector<QualifiedId>& users, const Json& event) {
  Happened what;
  for (const auto& user : users) what.told.push_back({user, {}, event});
  return what;
}

Json join_event(const Call& call, const ConversationRecord& conversation,
                const std::vector<QualifiedId>& joining, const std::string& role) {
  Json users = Json::array();
  Json ids = Json::array();
  for (const auto& user : joining) {
    users.push_back(
        {{"id", user.id}, {"qualified_id", json_of(user)}, {"conversation_role", role}});
    ids.push_back(user.id);
  }
  const Json data = {{"users", users}, {"user_ids", ids}, {"add_type", "internal_add"}};
  return conversation_event("conversation.member-join", conversation.id, call.me(), now(), data);
}

}  // namespace

Reply add_members(Call& call) {
  auto& server = call.server;
  auto& conversation = conversation_of_caller(call);
  const auto body = call.body();
  const auto role = role_in(body);
  must_be_a_group(conversation, call);
  must_be_admin(conversation, call);
  std::vector<QualifiedId> joining;
  for (const auto& user : qualified_ids_in(body, "qualified_users")) {
    const bool twice = std::find(joining.begin(), joining.end(), user) != joining.end();
    if (!conversation.roles.contains(user) && !twice) joining.push_back(user);
  }
  if (joining.empty() && !call.faulty(Fault::adding_nobody_is_news)) return empty_reply(204);
  for (const auto& user : joining) {
    if (!connected(server, call.me(), user))
      refuse(403, "not-connected", "Users are not connected");
  }
  if (conversation.roles.size() + joining.size() > limits::members_max) {
    refuse(403, "too-many-members", "Too many members");
  }

  const auto before = members_of(conversation);
  for (const auto& user : joining) conversation.roles[user] = role;
  const auto event = join_event(call, conversation, joining, role);
  auto what =
      told(call.faulty(Fault::new_members_are_not_told) ? before : members_of(conversation), event);
  AddMembers change{server.runner.conversation(conversation.id), {}};
  for (const auto& user : joining) change.users.push_back(server.runner.user(user));
  what.changes.push_back(change);
  happened(server, &call, what);
  return json_reply(200, event);
}

Reply remove_member(Call& call) {
  auto& server = call.server;
  auto& conversation = conversation_of_caller(call);
  const auto user = call.qualified("user_domain", "user");
  must_be_a_group(conversation, call);
  const bool leaves = user == call.me();
  if (!leaves || call.faulty(Fault::nobody_may_leave)) must_be_admin(conversation, call);
  if (!conversation.roles.contains(user)) return empty_reply(204);

  const Json data = {{"qualified_user_ids", Json::array({json_of(user)})},
                     {"user_ids", Json::array({user.id})},
                     {"reason", leaves ? "left" : "removed"}};
  const auto event =
      conversation_event("conversation.member-leave", conversation.id, call.me(), now(), data);
  auto everybody = members_of(conversation);
  if (call.faulty(Fault::the_removed_are_not_told)) std::erase(everybody, user);
  auto what = told(everybody, event);
  const bool still_receives = call.faulty(Fault::the_removed_still_receive);
  if (!still_receives) {
    what.changes = {
        RemoveMembers{server.runner.conversation(conversation.id), {server.runner.user(user)}}};
  }
  conversation.roles.erase(user);
  happened(server, &call, what);
  return json_reply(200, event);
}

Reply type_in_conversation(Call& call) {
  const auto& conversation = conversation_of_caller(call);
  const auto status = text_in(call.body(), "status");
  if (status != "started" && status != "stopped") bad_request("started or stopped");
  auto others = members_of(conversation);
  std::erase(others, call.me());
  auto what = told(others, conversation_event("conversation.typing", conversation.id, call.me(),
                                              now(), {{"status", status}}));
  what.transient = !call.faulty(Fault::typing_is_stored);
  happened(call.server, &call, what);
  return empty_reply(200);
}

}  // namespace twostep::model::serve

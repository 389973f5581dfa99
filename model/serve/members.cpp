// The members of a conversation: adding and removing them, and telling them that one types.

#include <algorithm>

#include "model/serve/chapters.hpp"
#include "model/serve/limits.hpp"
#include "model/serve/peer_changes.hpp"
#include "model/serve/peers.hpp"

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

/// Changes of conversations of other owners are left to these.
void must_be_own(const ConversationRecord& conversation, const Call& call) {
  if (conversation.id.domain == call.own_domain() ||
      call.faulty(Fault::members_change_what_peers_own))
    return;
  refuse(422, "federation-not-implemented", "The conversation belongs to another backend");
}

/// Tells the backends of who joins first: if one of them cannot be told, nobody joins (FED-57).
Task<void> tell_peers_who_joins(Call& call, const ConversationRecord& conversation,
                                const std::vector<QualifiedId>& joining, const std::string& role) {
  Json users = Json::array();
  std::set<std::string> domains;
  for (const auto& user : joining) {
    users.push_back(json_of(user));
    domains.insert(user.domain);
  }
  const PeerChange change{
      .conversation = conversation.id,
      .actor = call.me(),
      .tag = "ConversationJoinTag",
      .action = {{"users", users}, {"role", role}, {"join_type", "internal_add"}}};
  std::vector<PeerCall> needed;
  std::vector<PeerCall> others;
  for (auto& one : calls_about(call.server, conversation, change, joining)) {
    (domains.contains(one.domain) ? needed : others).push_back(std::move(one));
  }
  const auto told = co_await call_peers(call.server, std::move(needed));
  must_all_be_reached(told);
  co_await call_peers(call.server, std::move(others));
}

/// Ours alone: the others' backends are told.
void keep_own(const Call& call, std::vector<QualifiedId>& users) {
  std::erase_if(users, [&](const QualifiedId& user) { return user.domain != call.own_domain(); });
}

/// Leaving is the owner's to decide; removing somebody else is not for members elsewhere (FED-61, FED-62).
Task<Reply> leave_at_owner(Call& call, ConversationRecord& conversation, QualifiedId user) {
  if (user != call.me() && !call.faulty(Fault::others_are_removed_at_owners)) {
    refuse(403, "action-denied", "The owner does not allow this");
  }
  const PeerCall asking{conversation.id.domain,
                        "galley/leave-conversation",
                        {{"conv_id", conversation.id.id}, {"leaver", user.id}}};
  const auto answer = co_await call_peer(call.server, asking);
  if (!field_if(answer, "Right")) {
    const auto why = read_answer(asking, [&] { return text_in(answer, "Left"); });
    if (why == "RemoveFromConversationErrorUnchanged") co_return empty_reply(204);
    if (why == "RemoveFromConversationErrorNotFound")
      refuse(404, "no-conversation", "No such conversation");
    refuse(403, "action-denied", "The owner does not allow this");
  }
  const auto event = leave_event(conversation.id, user, {user}, true, now());
  Happened what{.changes = {RemoveMembers{call.server.runner.conversation(conversation.id),
                                          {call.server.runner.user(user)}}}};
  tell_each(members_of(conversation), event, what);
  conversation.roles.erase(user);
  happened(call.server, &call, what);
  co_return json_reply(200, event);
}

}  // namespace

Task<Reply> add_members(Call& call) {
  auto& server = call.server;
  auto& conversation = conversation_of_caller(call);
  const auto body = call.body();
  const auto role = role_in(body);
  must_be_own(conversation, call);
  must_be_a_group(conversation, call);
  must_be_admin(conversation, call);
  std::vector<QualifiedId> joining;
  for (const auto& user : qualified_ids_in(body, "qualified_users")) {
    const bool twice = std::find(joining.begin(), joining.end(), user) != joining.end();
    if (!conversation.roles.contains(user) && !twice) joining.push_back(user);
  }
  if (joining.empty() && !call.faulty(Fault::adding_nobody_is_news)) co_return empty_reply(204);
  for (const auto& user : joining) {
    if (!connected(server, call.me(), user))
      refuse(403, "not-connected", "Users are not connected");
  }
  if (conversation.roles.size() + joining.size() > limits::members_max) {
    refuse(403, "too-many-members", "Too many members");
  }
  co_await tell_peers_who_joins(call, conversation, joining, role);

  auto told = members_of(conversation);
  for (const auto& user : joining) conversation.roles[user] = role;
  if (!call.faulty(Fault::new_members_are_not_told)) told = members_of(conversation);
  keep_own(call, told);
  Happened what;
  const auto event = join_event(conversation.id, call.me(), joining, role, now());
  tell_each(told, event, what);
  AddMembers change{server.runner.conversation(conversation.id), {}};
  for (const auto& user : joining) change.users.push_back(server.runner.user(user));
  what.changes.push_back(change);
  happened(server, &call, what);
  co_return json_reply(200, event);
}

Task<Reply> remove_member(Call& call) {
  auto& server = call.server;
  auto& conversation = conversation_of_caller(call);
  const auto user = call.qualified("user_domain", "user");
  must_be_a_group(conversation, call);
  if (conversation.id.domain != call.own_domain())
    co_return co_await leave_at_owner(call, conversation, user);
  const bool leaves = user == call.me();
  if (!leaves || call.faulty(Fault::nobody_may_leave)) must_be_admin(conversation, call);
  if (!conversation.roles.contains(user)) co_return empty_reply(204);
  const auto event = leave_event(conversation.id, call.me(), {user}, leaves, now());
  co_await remove_and_tell(server, &call, conversation, call.me(), user, event);
  co_return json_reply(200, event);
}

Task<Reply> change_role(Call& call) {
  auto& conversation = conversation_of_caller(call);
  const auto user = call.qualified("user_domain", "user");
  const auto role = role_in(call.body());
  must_be_own(conversation, call);
  must_be_a_group(conversation, call);
  if (user == call.me()) refuse(403, "invalid-op", "Nobody changes their own role");
  must_be_admin(conversation, call);
  const auto member = conversation.roles.find(user);
  if (member == conversation.roles.end()) refuse(404, "no-conversation", "No such member");
  if (member->second == role) co_return empty_reply(200);
  member->second = role;
  auto told = members_of(conversation);
  keep_own(call, told);
  Happened what;
  tell_each(told, role_event(conversation.id, call.me(), user, role, now()), what);
  happened(call.server, &call, what);
  if (call.faulty(Fault::peers_are_not_told_of_changes)) co_return empty_reply(200);
  const PeerChange change{
      .conversation = conversation.id,
      .actor = call.me(),
      .tag = "ConversationMemberUpdateTag",
      .action = {{"target", json_of(user)}, {"update", {{"conversation_role", role}}}}};
  co_await call_peers(call.server, calls_about(call.server, conversation, change, {}));
  co_return empty_reply(200);
}

/// Name, message timer and receipt mode: the last segment of the path says which.
Task<Reply> change_settings(Call& call) {
  auto& conversation = conversation_of_caller(call);
  must_be_own(conversation, call);
  must_be_a_group(conversation, call);
  must_be_admin(conversation, call);
  const auto body = call.body();
  const auto& path = call.request.path.back();
  PeerChange change{.conversation = conversation.id, .actor = call.me(), .tag = {}, .action = {}};
  const char* setting = nullptr;
  if (path == "name") {
    const auto name = text_in(body, "name");
    if (name.empty() || characters(name) > limits::conversation_name_chars_max) {
      bad_request("1 to 256 characters of name");
    }
    change.tag = "ConversationRenameTag";
    change.action[setting = "name"] = name;
  } else {
    const bool timer = path == "message-timer";
    if (!timer)
      field(body, "receipt_mode");  // A timer may be taken away; a mode is one or the other.
    change.tag = timer ? "ConversationMessageTimerUpdateTag" : "ConversationReceiptModeUpdateTag";
    const auto number =
        number_if(body, setting = timer ? "message_timer" : "receipt_mode", 0, INT64_MAX);
    change.action[setting] = number ? Json(*number) : Json{};
  }
  if (conversation.settings[setting] == change.action[setting]) co_return empty_reply(204);
  conversation.settings[setting] = change.action[setting];
  const auto event = conversation_event(event_of_tag(change.tag), conversation.id, call.me(), now(),
                                        change.action);
  auto told = members_of(conversation);
  keep_own(call, told);
  Happened what;
  tell_each(told, event, what);
  happened(call.server, &call, what);
  if (!call.faulty(Fault::peers_are_not_told_of_changes)) {
    auto calls = calls_about(call.server, conversation, change, {});
    co_await call_peers(call.server, std::move(calls));
  }
  co_return json_reply(200, event);
}

Reply type_in_conversation(Call& call) {
  const auto& conversation = conversation_of_caller(call);
  const auto status = text_in(call.body(), "status");
  if (status != "started" && status != "stopped") bad_request("started or stopped");
  auto others = members_of(conversation);
  std::erase(others, call.me());
  keep_own(call, others);
  Happened what;
  tell_each(others,
            conversation_event("conversation.typing", conversation.id, call.me(), now(),
                               {{"status", status}}),
            what);
  what.transient = !call.faulty(Fault::typing_is_stored);
  happened(call.server, &call, what);
  return empty_reply(200);
}

}  // namespace twostep::model::serve

// Conversations between backends, as those are told and asked by whom they concern.
//
// Of a conversation of another owner only this backend's own members are kept. Everything a call says of a
// conversation is about one of the caller's: the caller's domain is put beside every id.

#include <algorithm>

#include "model/serve/chapters.hpp"
#include "model/serve/peer_changes.hpp"

namespace twostep::model::serve {
namespace {

/// Own users among those who join, who are connected to whoever brings them in.
std::vector<QualifiedId> who_may_join(Asked& asked, const QualifiedId& actor,
                                      const std::vector<QualifiedId>& users) {
  std::vector<QualifiedId> joining;
  for (const auto& user : users) {
    const bool own = asked.server.account(user) != nullptr;
    const bool any = asked.server.faulty(Fault::peers_bring_in_anybody);
    if (own && (any || connected(asked.server, user, actor))) joining.push_back(user);
  }
  return joining;
}

void add_own_members(Server& server, ConversationRecord& conversation,
                     const std::vector<QualifiedId>& joining, const std::string& role,
                     Happened& what) {
  AddMembers change{server.runner.conversation(conversation.id), {}};
  for (const auto& user : joining) {
    conversation.roles[user] = role;
    change.users.push_back(server.runner.user(user));
  }
  what.changes.push_back(change);
}

/// The conversation of the caller's that is spoken of, if it is known here.
ConversationRecord* known_conversation(Asked& asked, const std::string& id) {
  auto& conversations = asked.server.conversations;
  const auto found = conversations.find({asked.origin, id});
  if (found != conversations.end()) return &found->second;
  if (!asked.server.faulty(Fault::peers_change_what_is_not_theirs)) return nullptr;
  const auto same = [&](const auto& entry) { return entry.first.id == id; };
  const auto other = std::find_if(conversations.begin(), conversations.end(), same);
  return other == conversations.end() ? nullptr : &other->second;
}

Json settings_in_call(const Json& body) {
  Json settings = {{"name", nullptr}, {"message_timer", nullptr}, {"receipt_mode", nullptr}};
  if (const auto name = text_if(body, "cnv_name")) settings["name"] = *name;
  settings["access"] = texts_if(body, "cnv_access");
  settings["access_role"] = texts_if(body, "cnv_access_roles");
  for (const auto* number : {"message_timer", "receipt_mode"}) {
    if (const auto value = number_if(body, number, INT32_MIN, INT64_MAX)) settings[number] = *value;
  }
  return settings;
}

Roles members_in(const Json& body) {
  Roles members;
  for (const auto& member : list_in(body, "non_creator_members")) {
    members[qualified_id_in(field(member, "qualified_id"))] =
        text_if(member, "conversation_role").value_or("wire_member");
  }
  return members;
}

void join(Asked& asked, const PeerChange& change, ConversationRecord* known, Happened& what) {
  const auto users = qualified_ids_in(change.action, "users");
  const auto role = text_if(change.action, "role").value_or("wire_member");
  const auto joining = who_may_join(asked, change.actor, users);
  if (!known && joining.empty()) return;
  auto& conversation = known ? *known : asked.server.conversations[change.conversation];
  conversation.id = change.conversation;
  if (!known) conversation.settings = settings_in_call(Json::object());
  add_own_members(asked.server, conversation, joining, role, what);
  for (const auto& user : joining) {
    auto& joined = conversation.joined[user];
    joined = std::max(joined, change.time);
  }
  auto told = change.present;
  for (const auto& user : joining) {
    if (std::find(told.begin(), told.end(), user) == told.end()) told.push_back(user);
  }
  tell_each(told, join_event(change.conversation, change.actor, users, role, change.time), what);
}

void leave(Asked& asked, const PeerChange& change, ConversationRecord& conversation,
           std::vector<QualifiedId> leaving, Happened& what) {
  // Who is back by a newer word is not gone by an older one, which was overtaken (FED-69).
  std::erase_if(leaving, [&](const QualifiedId& user) {
    const auto joined = conversation.joined.find(user);
    return joined != conversation.joined.end() && joined->second > change.time;
  });
  if (leaving.empty()) return;
  const bool leaves = leaving == std::vector{change.actor};
  tell_each(change.present,
            leave_event(change.conversation, change.actor, leaving, leaves, change.time), what);
  RemoveMembers removed{asked.server.runner.conversation(conversation.id), {}};
  for (const auto& user : leaving) {
    if (conversation.roles.erase(user) > 0) removed.users.push_back(asked.server.runner.user(user));
  }
  what.changes.push_back(removed);
}

void update_member(Asked& asked, const PeerChange& change, ConversationRecord& conversation,
                   Happened& what) {
  const auto target = qualified_id_in(field(change.action, "target"));
  const auto role = text_in(field(change.action, "update"), "conversation_role");
  if (conversation.roles.contains(target)) conversation.roles[target] = role;
  auto told = change.present;
  if (asked.server.faulty(Fault::new_roles_at_peers_are_for_their_targets))
    std::erase_if(told, [&](const QualifiedId& user) { return user != target; });
  tell_each(told, role_event(change.conversation, change.actor, target, role, change.time), what);
}

/// A conversation as its members' backend is told of it.
Json description_of(const ConversationRecord& conversation, const QualifiedId& member) {
  const auto view = view_of(conversation, member);
  Json metadata = conversation.settings;
  metadata["type"] = view["type"];
  metadata["creator"] = view["creator"];
  metadata["team"] = nullptr;
  return {{"id", conversation.id.id},
          {"metadata", metadata},
          {"members",
           {{"self_role", conversation.roles.at(member)}, {"others", view["members"]["others"]}}},
          {"protocol", {{"protocol", "proteus"}}}};
}

}  // namespace

Json asked_for_conversations(Asked& asked) {
  const auto member = asked.of_caller("user_id");
  Json found = Json::array();
  for (const auto& text : texts_in(asked.body, "conv_ids")) {
    const auto conversation = asked.server.conversations.find(asked.own(uuid_in(text)));
    if (conversation == asked.server.conversations.end()) continue;
    auto viewer = member;
    if (!conversation->second.roles.contains(member)) {
      if (!asked.server.faulty(Fault::peers_read_any_conversation)) continue;
      viewer = conversation->second.creator;
    }
    found.push_back(description_of(conversation->second, viewer));
  }
  return {{"convs", found}};
}

Task<Json> asked_to_leave(Asked& asked) {
  auto& server = asked.server;
  const auto id = asked.own(uuid_in(text_in(asked.body, "conv_id")));
  const auto leaver = asked.of_caller("leaver");
  const auto left = [](const char* why) {
    return Json{{"Left", std::string{"RemoveFromConversationError"} + why}};
  };
  const auto found = server.conversations.find(id);
  if (found == server.conversations.end()) co_return left("NotFound");
  auto& conversation = found->second;
  if (!conversation.roles.contains(leaver)) co_return left("NotFound");
  if (conversation.type != ConversationType::group) co_return left("RemovalNotAllowed");
  const auto event = leave_event(id, leaver, {leaver}, true, now());
  co_await remove_and_tell(server, nullptr, conversation, leaver, leaver, event);
  co_return Json{{"Right", Json::array()}};
}

Json told_of_conversation(Asked& asked) {
  auto& server = asked.server;
  const auto& body = asked.body;
  const auto creator = asked.of_caller("orig_user_id");
  auto everybody = members_in(body);
  ConversationRecord record{
      .id = asked.of_caller("cnv_id"), .creator = creator, .settings = settings_in_call(body)};
  const auto time = read_time(text_if(body, "time").value_or("")).value_or(now());
  std::vector<QualifiedId> invited;
  for (const auto& [member, role] : everybody) invited.push_back(member);
  const auto joining = who_may_join(asked, creator, invited);
  if (joining.empty()) return Json::object();

  everybody[creator] = "wire_admin";
  auto shown = record;
  shown.roles = everybody;
  Happened what;
  for (const auto& user : joining) {
    const auto data = create_event_data(shown, user);
    what.told.push_back(
        {user, {}, conversation_event("conversation.create", record.id, creator, time, data)});
    record.roles[user] = everybody[user];
  }
  if (server.faulty(Fault::members_of_peers_hear_nothing)) what.told.clear();
  auto& kept = server.conversations[record.id] = record;
  add_own_members(server, kept, joining, "wire_member", what);
  kept.roles = record.roles;
  happened(server, nullptr, what);
  return Json::object();
}

Json told_of_change(Asked& asked) {
  auto& server = asked.server;
  const auto& body = asked.body;
  const auto& action = field(body, "action");
  PeerChange change{.conversation = asked.of_caller("convId"),
                    .actor = qualified_id_in(field(body, "origUserId")),
                    .tag = text_in(action, "tag"),
                    .action = field(action, "action"),
                    .time = read_time(text_if(body, "time").value_or("")).value_or(now())};
  auto* known = known_conversation(asked, change.conversation.id);
  if (known) change.conversation = known->id;
  for (const auto& text : texts_in(body, "alreadyPresentUsers")) {
    const auto user = asked.own(uuid_in(text));
    const bool is_member = known && known->roles.contains(user);
    if (is_member || (known && server.faulty(Fault::peers_say_who_is_present)))
      change.present.push_back(user);
  }
  Happened what;
  if (change.tag == "ConversationJoinTag") {
    join(asked, change, known, what);
  } else if (known && change.tag == "ConversationLeaveTag") {
    leave(asked, change, *known, {change.actor}, what);
  } else if (known && change.tag == "ConversationRemoveMembersTag") {
    leave(asked, change, *known, qualified_ids_in(change.action, "targets"), what);
  } else if (known && change.tag == "ConversationMemberUpdateTag") {
    update_member(asked, change, *known, what);
  } else if (known && event_of_tag(change.tag)) {
    const auto event = conversation_event(event_of_tag(change.tag), change.conversation,
                                          change.actor, change.time, change.action);
    tell_each(change.present, event, what);
  }
  happened(server, nullptr, what);
  return Json::object();
}

}  // namespace twostep::model::serve

// Conversations: creating, reading and listing them.

#include <algorithm>

#include "model/serve/chapters.hpp"
#include "model/serve/limits.hpp"

namespace twostep::model::serve {
namespace {

Json member_json(const QualifiedId& member, const std::string& role) {
  return {{"id", member.id},
          {"qualified_id", json_of(member)},
          {"conversation_role", role},
          {"service", nullptr},
          {"status", 0}};
}

Json self_json(const QualifiedId& member, const std::string& role) {
  auto json = member_json(member, role);
  json["status_ref"] = "0.0";
  json["status_time"] = "1970-01-01T00:00:00.000Z";
  for (const auto* flag : {"otr_archived", "hidden"}) json[flag] = false;
  for (const auto* none : {"otr_muted_status", "otr_muted_ref", "otr_archived_ref", "hidden_ref"}) {
    json[none] = nullptr;
  }
  return json;
}

/// Events show access roles in an older spelling too.
Json create_event_data(const ConversationRecord& conversation, const QualifiedId& member) {
  auto data = view_of(conversation, member);
  data["access_role_v2"] = data["access_role"];
  data["access_role"] = "activated";
  return data;
}

Json settings_in(const Json& body) {
  const auto name = text_if(body, "name");
  if (name && (name->empty() || characters(*name) > limits::conversation_name_chars_max)) {
    bad_request("1 to 256 characters of name");
  }
  if (text_if(body, "protocol").value_or("proteus") != "proteus")
    bad_request("Only the protocol proteus");
  auto access = texts_if(body, "access");
  auto access_role = texts_if(body, "access_role");
  if (access.empty()) access = {"invite"};
  if (access_role.empty()) access_role = {"team_member", "non_team_member", "service"};
  Json settings = {{"name", nullptr},
                   {"access", access},
                   {"access_role", access_role},
                   {"message_timer", nullptr},
                   {"receipt_mode", nullptr}};
  if (name) settings["name"] = *name;
  if (const auto timer = number_if(body, "message_timer", 0, INT64_MAX))
    settings["message_timer"] = *timer;
  if (const auto mode = number_if(body, "receipt_mode", INT32_MIN, INT32_MAX))
    settings["receipt_mode"] = *mode;
  return settings;
}

std::set<QualifiedId> invited_in(const Call& call, const Json& body) {
  std::set<QualifiedId> invited;
  if (field_if(body, "qualified_users")) {
    for (auto& id : qualified_ids_in(body, "qualified_users")) invited.insert(id);
  }
  for (const auto& id : texts_if(body, "users")) invited.insert(call.server.qualified(uuid_in(id)));
  invited.erase(call.me());
  return invited;
}

const ConversationRecord* conversation_of_member(const Server& server, const QualifiedId& id,
                                                 const QualifiedId& user) {
  const auto found = server.conversations.find(id);
  if (found == server.conversations.end() || !found->second.roles.contains(user)) return nullptr;
  return &found->second;
}

}  // namespace

Json view_of(const ConversationRecord& conversation, const QualifiedId& member) {
  Json others = Json::array();
  for (const auto& [other, role] : conversation.roles) {
    if (other != member) others.push_back(member_json(other, role));
  }
  const auto role = conversation.roles.find(member);
  const auto own_role = role == conversation.roles.end() ? "wire_member" : role->second;
  Json view = conversation.settings;
  view["id"] = conversation.id.id;
  view["qualified_id"] = json_of(conversation.id);
  view["type"] = static_cast<int>(conversation.type);
  view["creator"] = conversation.creator.id;
  view["members"] = {{"self", self_json(member, own_role)}, {"others", others}};
  view["protocol"] = "proteus";
  view["team"] = nullptr;
  view["last_event"] = "0.0";
  view["last_event_time"] = "1970-01-01T00:00:00.000Z";
  return view;
}

Json conversation_event(const std::string& type, const QualifiedId& conversation,
                        const QualifiedId& from, Moment time, Json data) {
  return {{"type", type},
          {"conversation", conversation.id},
          {"qualified_conversation", json_of(conversation)},
          {"from", from.id},
          {"qualified_from", json_of(from)},
          {"time", time_text(time)},
          {"data", std::move(data)}};
}

std::string role_in(const Json& body) {
  const auto role = text_if(body, "conversation_role").value_or("wire_admin");
  if (role != "wire_admin" && role != "wire_member") bad_request("Unknown role");
  return role;
}

Reply create_conversation(Call& call) {
  auto& server = call.server;
  const auto me = call.me();
  const auto body = call.body();
  const auto invited = invited_in(call, body);
  const auto role = role_in(body);
  ConversationRecord record{
      .id = server.qualified(random_uuid()), .creator = me, .settings = settings_in(body)};
  if (invited.size() >= limits::members_max) refuse(400, "client-error", "Too many members");
  for (const auto& user : invited) {
    if (!connected(server, me, user)) refuse(403, "not-connected", "Users are not connected");
    record.roles[user] = call.faulty(Fault::everybody_is_an_admin) ? "wire_admin" : role;
  }
  record.roles[me] = "wire_admin";

  auto& runner = server.runner;
  const auto number = runner.conversation(record.id);
  Happened what{.changes = {AddConversation{number}}};
  AddMembers members{number, {}};
  for (const auto& [member, its_role] : record.roles) {
    members.users.push_back(runner.user(member));
    if (member == me && call.faulty(Fault::the_creator_hears_nothing)) continue;
    const auto& viewer = call.faulty(Fault::all_see_what_the_creator_sees) ? me : member;
    const auto data = create_event_data(record, viewer);
    what.told.push_back(
        {member, {}, conversation_event("conversation.create", record.id, me, now(), data)});
  }
  what.changes.push_back(members);
  const auto view = view_of(record, me);
  const auto id = record.id;
  server.conversations[id] = std::move(record);
  happened(server, &call, what);
  return json_reply(201, view, {{"Location", id.id}});
}

Reply read_conversation(Call& call) {
  const auto id = call.qualified("domain", "conversation");
  const auto found = call.server.conversations.find(id);
  if (found == call.server.conversations.end())
    refuse(404, "no-conversation", "No such conversation");
  if (!found->second.roles.contains(call.me()) &&
      !call.faulty(Fault::strangers_read_conversations)) {
    refuse(403, "access-denied", "Conversation access denied");
  }
  return json_reply(200, view_of(found->second, call.me()));
}

/// The paging state is the last conversation of the page.
Reply list_conversation_ids(Call& call) {
  const auto body = call.request.body.empty() ? Json::object() : call.body();
  const auto size = static_cast<std::size_t>(number_if(body, "size", 1, 1000).value_or(1000));
  const auto after = text_if(body, "paging_state").value_or("");
  Json page = Json::array();
  bool has_more = false;
  std::string last;
  for (const auto& [id, conversation] : call.server.conversations) {
    if (!conversation.roles.contains(call.me()) || id.domain + id.id <= after) continue;
    has_more = page.size() == size;
    if (has_more) break;
    page.push_back(json_of(id));
    last = id.domain + id.id;
  }
  return json_reply(
      200, {{"qualified_conversations", page}, {"has_more", has_more}, {"paging_state", last}});
}

Reply list_conversations(Call& call) {
  const auto body = call.body();
  Json found = Json::array();
  Json not_found = Json::array();
  for (const auto& id : qualified_ids_in(body, "qualified_ids")) {
    if (const auto* conversation = conversation_of_member(call.server, id, call.me())) {
      found.push_back(view_of(*conversation, call.me()));
    } else if (!call.faulty(Fault::what_is_not_found_is_left_out)) {
      not_found.push_back(json_of(id));
    }
  }
  return json_reply(200, {{"found", found}, {"not_found", not_found}, {"failed", Json::array()}});
}

}  // namespace twostep::model::serve

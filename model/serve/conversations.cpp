// Conversations: creating, reading and listing them.

#include <algorithm>

#include "model/serve/chapters.hpp"
#include "model/serve/limits.hpp"
#include "model/serve/peers.hpp"

namespace twostep::model::serve {
namespace {

const ConversationRecord* conversation_of_member(const Server& server, const QualifiedId& id,
                                                 const QualifiedId& user) {
  const auto found = server.conversations.find(id);
  if (found == server.conversations.end() || !found->second.roles.contains(user)) return nullptr;
  return &found->second;
}

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

/// One call for each backend of a member.
std::vector<PeerCall> calls_about_new(const Server& server, const ConversationRecord& record) {
  Json members = Json::array();
  std::set<std::string> domains;
  for (const auto& [member, role] : record.roles) {
    if (member != record.creator) members.push_back(member_json(member, role));
    if (member.domain != server.options.domain) domains.insert(member.domain);
  }
  const auto& settings = record.settings;
  const Json body = {{"time", time_text(now())},
                     {"orig_user_id", record.creator.id},
                     {"cnv_id", record.id.id},
                     {"cnv_type", static_cast<int>(record.type)},
                     {"cnv_access", settings["access"]},
                     {"cnv_access_roles", settings["access_role"]},
                     {"cnv_name", settings["name"]},
                     {"non_creator_members", members},
                     {"message_timer", settings["message_timer"]},
                     {"receipt_mode", settings["receipt_mode"]},
                     {"protocol", {{"protocol", "proteus"}}},
                     {"group_conv_type", "group_conversation"}};
  std::vector<PeerCall> calls;
  for (const auto& domain : domains)
    calls.push_back({domain, "galley/on-conversation-created", body});
  return calls;
}

/// Conversations of other owners.
struct Views {
  Json found = Json::array();
  Json not_found = Json::array();
  Json failed = Json::array();
  std::vector<Refusal> failures = {};
};

/// What the owner says of a conversation, as its member sees it.
Json view_from(const Json& description, const QualifiedId& id, const QualifiedId& member) {
  const auto& metadata = field(description, "metadata");
  const auto& members = field(description, "members");
  const QualifiedId creator{id.domain, text_if(metadata, "creator").value_or("")};
  ConversationRecord record{.id = id, .creator = creator, .settings = metadata};
  record.type = static_cast<ConversationType>(number_if(metadata, "type", 0, 3).value_or(0));
  record.roles[member] = text_if(members, "self_role").value_or("wire_member");
  for (const auto& other : list_in(members, "others")) {
    record.roles[qualified_id_in(field(other, "qualified_id"))] =
        text_if(other, "conversation_role").value_or("wire_member");
  }
  return view_of(record, member);
}

void read_views(const PeerAnswer& answer, const QualifiedId& member, std::set<QualifiedId>& asked,
                Views& views) {
  for (const auto& description : list_in(std::get<Json>(answer.result), "convs")) {
    const QualifiedId id{answer.call.domain, uuid_in(text_in(description, "id"))};
    if (asked.erase(id) > 0) views.found.push_back(view_from(description, id, member));
  }
  for (const auto& id : asked) views.not_found.push_back(json_of(id));
}

/// Each owner is asked once, and only for conversations of which the caller is known as a member here.
Task<Views> views_at_owners(Call& call, std::vector<QualifiedId> ids) {
  Views views;
  std::map<std::string, std::set<QualifiedId>> asked;
  for (const auto& id : ids) {
    if (conversation_of_member(call.server, id, call.me())) {
      asked[id.domain].insert(id);
    } else {
      views.not_found.push_back(json_of(id));
    }
  }
  auto calls = calls_by_domain("galley/get-conversations", asked);
  for (auto& one : calls) one.body = {{"user_id", call.me().id}, {"conv_ids", one.body}};
  const auto answers = co_await call_peers(call.server, std::move(calls));
  for (const auto& answer : answers) {
    auto& of_owner = asked[answer.call.domain];
    if (const auto* failure = answer.failure()) {
      views.failures.push_back(*failure);
      for (const auto& id : of_owner) views.failed.push_back(json_of(id));
    } else {
      read_answer(answer.call, [&] { read_views(answer, call.me(), of_owner, views); });
    }
  }
  co_return views;
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

Json create_event_data(const ConversationRecord& conversation, const QualifiedId& member) {
  auto data = view_of(conversation, member);
  data["access_role_v2"] = data["access_role"];
  data["access_role"] = "activated";
  return data;
}

std::string role_in(const Json& body) {
  const auto role = text_if(body, "conversation_role").value_or("wire_admin");
  if (role != "wire_admin" && role != "wire_member") bad_request("Unknown role");
  return role;
}

Task<Reply> create_conversation(Call& call) {
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
  const auto told = co_await call_peers(server, calls_about_new(server, record));
  if (!call.faulty(Fault::conversations_do_not_wait_for_peers)) must_all_be_reached(told);

  auto& runner = server.runner;
  const auto number = runner.conversation(record.id);
  Happened what{.changes = {AddConversation{number}}};
  AddMembers members{number, {}};
  for (const auto& [member, its_role] : record.roles) {
    members.users.push_back(runner.user(member));
    const bool hears = member != me || !call.faulty(Fault::the_creator_hears_nothing);
    if (member.domain != call.own_domain() || !hears) continue;
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
  co_return json_reply(201, view, {{"Location", id.id}});
}

Task<Reply> read_conversation(Call& call) {
  const auto id = call.qualified("domain", "conversation");
  if (id.domain != call.own_domain()) {
    const std::vector one{id};
    const auto views = co_await views_at_owners(call, one);
    if (!views.failures.empty()) throw Refusal{views.failures.front()};
    if (views.found.empty()) refuse(404, "no-conversation", "No such conversation");
    co_return json_reply(200, views.found.at(0));
  }
  const auto found = call.server.conversations.find(id);
  if (found == call.server.conversations.end())
    refuse(404, "no-conversation", "No such conversation");
  if (!found->second.roles.contains(call.me()) &&
      !call.faulty(Fault::strangers_read_conversations)) {
    refuse(403, "access-denied", "Conversation access denied");
  }
  co_return json_reply(200, view_of(found->second, call.me()));
}

/// The paging state is the last conversation of the page.
Reply list_conversation_ids(Call& call) {
  const auto body = call.body_if_any();
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

Task<Reply> list_conversations(Call& call) {
  const auto body = call.body();
  std::vector<QualifiedId> remote;
  Json found = Json::array();
  Json not_found = Json::array();
  for (const auto& id : qualified_ids_in(body, "qualified_ids")) {
    if (id.domain != call.own_domain()) {
      remote.push_back(id);
    } else if (const auto* conversation = conversation_of_member(call.server, id, call.me())) {
      found.push_back(view_of(*conversation, call.me()));
    } else {
      not_found.push_back(json_of(id));
    }
  }
  const auto views = co_await views_at_owners(call, remote);
  found.insert(found.end(), views.found.begin(), views.found.end());
  not_found.insert(not_found.end(), views.not_found.begin(), views.not_found.end());
  if (call.faulty(Fault::what_is_not_found_is_left_out)) not_found.clear();
  co_return json_reply(200, {{"found", found}, {"not_found", not_found}, {"failed", views.failed}});
}

}  // namespace twostep::model::serve

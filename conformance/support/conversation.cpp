#include "conformance/support/conversation.hpp"

#include "conformance/support/bytes.hpp"
#include "conformance/support/context.hpp"
#include "conformance/support/outcome.hpp"

namespace twostep::conformance {
namespace {

Json qualified(const std::vector<User>& users) {
  auto list = Json::array();
  for (const auto& user : users) list.push_back(user.id());
  return list;
}

std::string connection_path(const User& other) {
  return "/connections/" + other.id().domain + "/" + other.id().id;
}

}  // namespace

std::string Conversation::path() const { return "/conversations/" + id.domain + "/" + id.id; }
std::string Conversation::legacy_path() const { return "/conversations/" + id.id; }

void connect(const User& one, const User& other) {
  const auto step = "connecting " + one.name() + " with " + other.name();
  const auto asked = one.post(connection_path(other));
  require_setup(asked, {200, 201}, step);
  if (asked.json.is_object() && asked.json.value("status", "") == "accepted") return;
  require_setup(other.put(connection_path(one), {{"status", "accepted"}}), {200, 204}, step);
}

Conversation conversation_of(std::initializer_list<User> members) {
  return conversation_of(std::vector<User>{members});
}

Conversation conversation_of(const std::vector<User>& members) {
  if (members.empty()) throw SetupFailed("a conversation needs somebody who creates it");
  const std::vector<User> others{members.begin() + 1, members.end()};
  for (const auto& other : others) connect(members.front(), other);
  const auto reply = create_conversation(members.front(), others);
  require_setup(reply, {201}, "creating a conversation");
  return conversation_in(reply);
}

Reply create_conversation(const User& creator, const std::vector<User>& others,
                          const Json& change) {
  Json body = {{"name", "a conversation"},
               {"qualified_users", qualified(others)},
               {"access", Json::array({"invite"})},
               {"access_role", {"team_member", "non_team_member", "guest", "service"}},
               {"conversation_role", "wire_admin"},
               {"protocol", "proteus"}};
  body.update(change);
  return creator.post("/conversations", body);
}

Conversation conversation_in(const Reply& reply) {
  const auto id = reply.json.is_object() ? reply.json.value("qualified_id", Json{}) : Json{};
  if (!id.is_object() || !id.contains("id") || !id.contains("domain")) {
    throw SetupFailed("the reply names no conversation");
  }
  return {{id["id"].get<std::string>(), id["domain"].get<std::string>()}};
}

Conversation no_conversation() { return {{random_uuid(), context().target.domain}}; }

Reply add_members(const Caller& actor, const Conversation& chat, const std::vector<User>& users) {
  return actor.post(chat.path() + "/members",
                    {{"qualified_users", qualified(users)}, {"conversation_role", "wire_member"}});
}

Reply remove_member(const Caller& actor, const Conversation& chat, const User& user) {
  return actor.del(chat.path() + "/members/" + user.id().domain + "/" + user.id().id);
}

}  // namespace twostep::conformance

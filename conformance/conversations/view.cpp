#include "conformance/conversations/view.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "conformance/support/outcome.hpp"

namespace twostep::conformance {

Reply read(const Caller& caller, const Conversation& chat) { return caller.get(chat.path()); }

Json view_of(const Caller& caller, const Conversation& chat) {
  const auto reply = read(caller, chat);
  require_setup(reply, {200}, caller.name() + " reads the conversation");
  return reply.json;
}

QualifiedId self_in(const Json& view) {
  return part(view, "/members/self/qualified_id").get<QualifiedId>();
}

std::vector<QualifiedId> others_in(const Json& view) {
  return ids_in(part(view, "/members/others"));
}

std::map<QualifiedId, std::string> roles_in(const Json& view) {
  std::map<QualifiedId, std::string> roles;
  const auto add = [&](const Json& member) {
    const auto role = part(member, "/conversation_role");
    roles[part(member, "/qualified_id").get<QualifiedId>()] =
        role.is_string() ? role.get<std::string>() : "none";
  };
  add(part(view, "/members/self"));
  for (const auto& other : part(view, "/members/others")) add(other);
  return roles;
}

std::vector<QualifiedId> ids_in(const Json& list) {
  std::vector<QualifiedId> users;
  for (const auto& entry : list) {
    const auto inner = part(entry, "/qualified_id");
    users.push_back((inner.is_null() ? entry : inner).get<QualifiedId>());
  }
  std::ranges::sort(users);
  return users;
}

std::vector<QualifiedId> conversation_ids(const Caller& caller, int page_size) {
  constexpr int pages_max = 100;
  std::vector<QualifiedId> ids;
  Json wanted = {{"size", page_size}};
  for (int page = 0; page < pages_max; ++page) {
    const auto reply = caller.post("/conversations/list-ids", wanted);
    const auto found = part(reply.json, "/qualified_conversations");
    if (reply.status != 200 || !found.is_array()) {
      ADD_FAILURE() << caller.name() << " got no page: " << reply.status << ' ' << reply.body;
      return ids;
    }
    for (const auto& id : found) ids.push_back(id.get<QualifiedId>());
    if (part(reply.json, "/has_more") != true) return ids;
    wanted["paging_state"] = part(reply.json, "/paging_state");
  }
  ADD_FAILURE() << caller.name() << " never reached the last page";
  return ids;
}

}  // namespace twostep::conformance

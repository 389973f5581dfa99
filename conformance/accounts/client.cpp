#include "conformance/accounts/client.hpp"

#include <algorithm>

#include "conformance/support/outcome.hpp"

namespace twostep::conformance {

KeyedClient client_with_keys(const User& user, int prekeys) {
  const auto body = user.device_body({.prekeys = prekeys});
  return {{user.id(), must_register(user, body)}, body["prekeys"], body["lastkey"]};
}

std::string must_register(const User& user, const Json& body) {
  const auto reply = user.post("/clients", body);
  require_setup(reply, {201}, "registering a client of " + user.name());
  const auto id = part(reply.json, "/id");
  if (!id.is_string()) throw SetupFailed("the registered client has no id");
  return id.get<std::string>();
}

std::vector<std::string> own_clients(const User& user) {
  const auto reply = user.get("/clients");
  require_setup(reply, {200}, "listing the clients of " + user.name());
  return client_ids_in(reply.json);
}

std::vector<std::string> client_ids_in(const Json& clients) {
  std::vector<std::string> ids;
  for (const auto& client : clients) {
    const auto id = part(client, "/id");
    ids.push_back(id.is_string() ? id.get<std::string>() : "no id");
  }
  std::ranges::sort(ids);
  return ids;
}

std::string path_of(const QualifiedId& user) { return "/users/" + user.domain + "/" + user.id; }

Reply claim(const Caller& caller, const std::vector<Address>& clients) {
  Json body = Json::object();
  for (const auto& [user, client] : clients) body[user.domain][user.id].push_back(client);
  return caller.post("/users/list-prekeys", body);
}

Json claimed_for(const Reply& reply, const Address& client) {
  return part(reply.json, "/qualified_user_client_prekeys/" + client.user.domain + "/" +
                              client.user.id + "/" + client.client);
}

Json must_claim(const Caller& caller, const Address& client) {
  const auto reply = claim(caller, {client});
  require_setup(reply, {200}, "claiming a prekey");
  return claimed_for(reply, client);
}

std::vector<int> prekeys_left(const User& user, const std::string& client) {
  const auto reply = user.get("/clients/" + client + "/prekeys");
  require_setup(reply, {200}, "listing the prekeys that are left");
  if (!reply.json.is_array()) throw SetupFailed("the prekeys that are left are no list");
  std::vector<int> ids;
  for (const auto& id : reply.json) ids.push_back(id.is_number() ? id.get<int>() : -1);
  std::ranges::sort(ids);
  return ids;
}

}  // namespace twostep::conformance

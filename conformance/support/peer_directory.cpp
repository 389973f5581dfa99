#include "conformance/support/peer_directory.hpp"

#include "conformance/support/peer_calls.hpp"
#include "conformance/support/user.hpp"

namespace twostep::conformance {
namespace {

/// Federation API versions of a backend of today (API §10.2).
const Json versions = {{"supported", {0, 1}}, {"supported_versions", {0, 1, 2, 3}}};

}  // namespace

void PeerDirectory::add_user(const std::string& user, const std::string& name) {
  const std::lock_guard lock{mutex_};
  users_[user].name = name;
}

void PeerDirectory::add_client(const std::string& user, const std::string& client) {
  const std::lock_guard lock{mutex_};
  users_[user].prekey_by_client[client] = prekey(1);
}

Json PeerDirectory::truth(const Call& call) const {
  const std::lock_guard lock{mutex_};
  if (call.rpc == rpc::api_version) return versions;
  if (call.rpc == rpc::get_user_clients) return clients_of(part(call.body, "/users"));
  if (call.rpc == rpc::get_users_by_ids) return profiles_of(call.body);
  if (call.rpc == rpc::claim_prekeys) return prekeys_of(call.body);
  if (call.rpc == rpc::send_connection_action) {
    return {{"tag", "NewConnectionResponseOk"}, {"contents", nullptr}};
  }
  if (call.rpc == rpc::leave_conversation) return {{"Right", Json::array()}};
  if (call.rpc == rpc::get_conversations) return {{"convs", Json::array()}};
  if (call.rpc == rpc::send_message) return {{"Right", sending_status()}};
  if (call.rpc.starts_with("galley/on-")) return Json::object();
  return nullptr;
}

Json PeerDirectory::clients_of(const Json& users) const {
  Json result = Json::object();
  for (const auto& user : users) {
    const auto known = users_.find(user.get<std::string>());
    if (known == users_.end()) continue;
    auto& clients = result[known->first] = Json::array();
    for (const auto& [client, prekey] : known->second.prekey_by_client) {
      clients.push_back({{"id", client}, {"class", "phone"}});
    }
  }
  return result;
}

Json PeerDirectory::profiles_of(const Json& users) const {
  Json result = Json::array();
  for (const auto& user : users) {
    const auto known = users_.find(user.get<std::string>());
    if (known == users_.end()) continue;
    result.push_back({{"id", known->first},
                      {"qualified_id", {{"id", known->first}, {"domain", domain_}}},
                      {"name", known->second.name},
                      {"accent_id", 0},
                      {"assets", Json::array()},
                      {"picture", Json::array()},
                      {"legalhold_status", "no_consent"},
                      {"supported_protocols", {"proteus"}},
                      {"type", "regular"}});
  }
  return result;
}

Json PeerDirectory::prekeys_of(const Json& wanted) const {
  Json result = Json::object();
  for (const auto& [user, clients] : wanted.items()) {
    result[user] = Json::object();
    const auto known = users_.find(user);
    for (const auto& entry : clients) {
      const auto client = entry.get<std::string>();
      const bool there = known != users_.end() && known->second.prekey_by_client.contains(client);
      result[user][client] = there ? known->second.prekey_by_client.at(client) : Json{};
    }
  }
  return result;
}

}  // namespace twostep::conformance

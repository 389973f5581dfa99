// Clients: the devices of a user.

#include <sodium.h>

#include <algorithm>
#include <cassert>

#include "model/serve/chapters.hpp"
#include "model/serve/limits.hpp"
#include "model/serve/peers.hpp"

namespace twostep::model::serve {
namespace {

constexpr const char* free_texts[] = {"class", "label", "cookie", "model"};

/// The same last-resort key makes the same client: the first octets of its hash.
ClientNumber number_from(const Prekey& last_prekey) {
  unsigned char hash[crypto_hash_sha256_BYTES];
  crypto_hash_sha256(hash, reinterpret_cast<const unsigned char*>(last_prekey.key.data()),
                     last_prekey.key.size());
  ClientNumber number = 0;
  for (std::size_t i = 0; i < sizeof number; ++i) number = number << 8 | hash[i];
  return number;
}

Json json_of(const ClientRecord& client) {
  Json json = {{"id", client_text(client.id)},
               {"type", client.type},
               {"time", time_text(client.time)},
               {"capabilities", client.capabilities},
               {"mls_public_keys", Json::object()}};
  for (const auto& [name, text] : client.texts) json[name] = text;
  if (client.last_active) json["last_active"] = whole_time_text(*client.last_active);
  return json;
}

/// The event shows a client in an older shape.
Json client_add_event(const ClientRecord& client) {
  auto shown = json_of(client);
  shown["capabilities"] = {{"capabilities", client.capabilities}};
  return {{"type", "user.client-add"}, {"client", shown}};
}

Json public_json_of(const ClientRecord& client) {
  Json json = {{"id", client_text(client.id)}};
  if (client.texts.contains("class")) json["class"] = client.texts.at("class");
  return json;
}

std::set<std::string> capabilities_in(const Json& body) {
  const auto texts = texts_if(body, "capabilities");
  for (const auto& text : texts) {
    if (text != "legalhold-implicit-consent" && text != "consumable-notifications")
      bad_request("Unknown capability");
  }
  return {texts.begin(), texts.end()};
}

std::vector<Prekey> prekeys_in(const Json& list) {
  std::vector<Prekey> prekeys;
  for (const auto& prekey : list) prekeys.push_back(read_prekey(prekey));
  return prekeys;
}

ClientRecord client_in(const Json& body) {
  ClientRecord client{.type = text_in(body, "type"), .time = now()};
  if (client.type == "legalhold") refuse(400, "client-error", "Not to be had");
  if (client.type != "permanent" && client.type != "temporary") bad_request("Unknown type");
  client.prekeys = prekeys_in(list_in(body, "prekeys"));
  client.last_prekey = read_last_prekey(field(body, "lastkey"));
  client.id = number_from(client.last_prekey);
  for (const auto* name : free_texts) {
    if (const auto text = text_if(body, name)) client.texts[name] = *text;
  }
  client.capabilities = capabilities_in(body);
  return client;
}

std::size_t clients_of_type(const Account& account, const std::string& type) {
  return static_cast<std::size_t>(
      std::count_if(account.clients.begin(), account.clients.end(),
                    [&](const auto& entry) { return entry.second.type == type; }));
}

/// Everything that goes with a client; the events are left to the caller.
void remove_client(Server& server, Account& account, ClientNumber id, Happened& what) {
  const auto label = account.clients[id].texts["cookie"];
  account.clients.erase(id);
  std::erase_if(server.push_tokens, [&](const auto& token) {
    return token.user == account.id.id && token.client == id &&
           !server.faulty(Fault::tokens_outlive_their_client);
  });
  std::erase_if(server.cookies, [&](const auto& entry) {
    return entry.second.user == account.id.id && entry.second.label == label && !label.empty() &&
           !server.faulty(Fault::cookies_outlive_their_client);
  });
  what.changes.push_back(RemoveClient{{server.runner.user(account.id), ClientId{id}}});
  const Json event = {{"type", "user.client-remove"}, {"client", {{"id", client_text(id)}}}};
  if (!server.faulty(Fault::nobody_hears_of_a_deleted_client))
    what.told.push_back({account.id, {}, event});
}

ClientRecord& own_client_of(Call& call) {
  auto& clients = call.account().clients;
  const auto found = clients.find(call.client("client"));
  if (found == clients.end()) refuse(404, "client-not-found", "No such client");
  return found->second;
}

/// Clients of users of any backend, each of which is asked once.
struct ClientsOfUsers {
  Json map = Json::object();  ///< By domain and user.
  std::vector<Refusal> failures = {};
};

void list_locally(Server& server, const Account& account, ClientsOfUsers& clients) {
  auto& list = clients.map[account.id.domain][account.id.id] = Json::array();
  for (const auto& [id, client] : account.clients) list.push_back(public_json_of(client));
  if (server.faulty(Fault::one_client_is_not_listed) && !list.empty()) list.erase(0);
}

Task<ClientsOfUsers> clients_of(Server& server, std::vector<QualifiedId> users) {
  ClientsOfUsers clients;
  std::map<std::string, std::set<QualifiedId>> remote;
  for (const auto& user : users) {
    if (const auto* account = server.account(user)) {
      list_locally(server, *account, clients);
    } else if (user.domain != server.options.domain) {
      remote[user.domain].insert(user);
    }
  }
  auto calls = calls_by_domain("brig/get-user-clients", remote);
  for (auto& call : calls) call.body = {{"users", call.body}};
  const auto answers = co_await call_peers(server, std::move(calls));
  for (const auto& answer : answers) {
    if (const auto* failure = answer.failure()) {
      clients.failures.push_back(*failure);
      continue;
    }
    const auto& body = std::get<Json>(answer.result);
    for (const auto& user : remote[answer.call.domain]) {
      const bool known = body.is_object() && body.contains(user.id) && body[user.id].is_array();
      if (known) clients.map[user.domain][user.id] = body[user.id];
    }
  }
  co_return clients;
}

Json listed(const ClientsOfUsers& clients, const QualifiedId& user) {
  const auto of_domain = clients.map.value(user.domain, Json::object());
  return of_domain.value(user.id, Json::array());
}

void may_add(Call& call, const ClientRecord& client, const Json& body) {
  auto& account = call.account();
  const auto already = clients_of_type(account, client.type);
  const bool free = call.faulty(Fault::a_second_client_needs_no_password);
  if (client.type == "permanent" && already > 0 && !free)
    check_password(account, text_if(body, "password"));
  if (client.type != "permanent" || already < limits::permanent_clients_max) return;
  if (call.faulty(Fault::a_refused_client_ends_another))
    account.clients.erase(account.clients.begin());
  refuse(403, "too-many-clients", "Too many clients");
}

}  // namespace

Reply add_client(Call& call) {
  auto& account = call.account();
  const auto body = call.body();
  const auto client = client_in(body);
  Happened what;
  if (!account.clients.contains(client.id)) {
    may_add(call, client, body);
    for (const auto& [id, former] : std::map{account.clients}) {
      const bool replaced = client.type == "temporary" && former.type == "temporary";
      if (replaced) remove_client(call.server, account, id, what);
    }
    what.changes.push_back(AddClient{{call.server.runner.user(account.id), ClientId{client.id}}});
    what.told.push_back({account.id, {}, client_add_event(client)});
    if (call.faulty(Fault::nobody_hears_of_a_new_client)) what.told.clear();
  }
  account.clients[client.id] = client;
  happened(call.server, &call, what);
  return json_reply(201, json_of(client), {{"Location", client_text(client.id)}});
}

Reply list_own_clients(Call& call) {
  Json clients = Json::array();
  for (const auto& [id, client] : call.account().clients) clients.push_back(json_of(client));
  return json_reply(200, clients);
}

Reply own_client(Call& call) { return json_reply(200, json_of(own_client_of(call))); }

Reply update_client(Call& call) {
  auto& client = own_client_of(call);
  const auto body = call.body();
  const auto prekeys =
      field_if(body, "prekeys") ? prekeys_in(list_in(body, "prekeys")) : std::vector<Prekey>{};
  const auto label = text_if(body, "label");
  const auto capabilities =
      field_if(body, "capabilities") ? capabilities_in(body) : client.capabilities;
  if (!std::includes(capabilities.begin(), capabilities.end(), client.capabilities.begin(),
                     client.capabilities.end()) &&
      !call.faulty(Fault::capabilities_can_be_taken_away)) {
    refuse(409, "client-capabilities-cannot-be-removed", "Capabilities can only be added");
  }
  if (const auto* last = field_if(body, "lastkey")) client.last_prekey = read_last_prekey(*last);
  if (label) client.texts["label"] = *label;
  client.capabilities = capabilities;
  for (const auto& prekey : prekeys) {
    std::erase_if(client.prekeys, [&](const Prekey& former) { return former.id == prekey.id; });
    client.prekeys.push_back(prekey);
  }
  return empty_reply(200);
}

Reply delete_client(Call& call) {
  auto& account = call.account();
  const auto client = own_client_of(call);
  if (client.type == "permanent" && !call.faulty(Fault::deleting_needs_no_password)) {
    const auto body = call.body_if_any();
    check_password(account, text_if(body, "password"));
  }
  Happened what;
  remove_client(call.server, account, client.id, what);
  happened(call.server, &call, what);
  return empty_reply(200);
}

Reply capabilities_of_client(Call& call) {
  return json_reply(200, own_client_of(call).capabilities);
}

Task<Reply> clients_of_user(Call& call) {
  const auto user = call.qualified("domain", "user");
  const std::vector one{user};
  const auto clients = co_await clients_of(call.server, one);
  if (!clients.failures.empty()) throw Refusal{clients.failures.front()};
  co_return json_reply(200, listed(clients, user));
}

Task<Reply> client_of_user(Call& call) {
  const auto user = call.qualified("domain", "user");
  const auto wanted = call.client("client");
  const std::vector one{user};
  const auto clients = co_await clients_of(call.server, one);
  if (!clients.failures.empty()) throw Refusal{clients.failures.front()};
  for (const auto& client : listed(clients, user)) {
    if (read_client(text_in(client, "id")) == wanted) co_return json_reply(200, client);
  }
  refuse(404, "client-not-found", "No such client");
}

Task<Reply> list_clients(Call& call) {
  const auto body = call.body();
  const auto users = qualified_ids_in(body, "qualified_users");
  if (users.size() > limits::listed_users_max) bad_request("Too many users");
  const auto clients = co_await clients_of(call.server, users);
  if (call.faulty(Fault::one_failing_backend_fails_the_list) && !clients.failures.empty()) {
    throw Refusal{clients.failures.front()};
  }
  co_return json_reply(200, {{"qualified_user_map", clients.map}});
}

Json public_json_of_client(Server& server, const QualifiedId& user, ClientNumber id) {
  const auto* account = server.account(user);
  assert(account && account->clients.contains(id));
  const auto& client = account->clients.at(id);
  return server.faulty(Fault::peers_learn_all_about_clients) ? json_of(client)
                                                             : public_json_of(client);
}

}  // namespace twostep::model::serve

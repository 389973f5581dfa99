// Prekeys: what others need to begin a session with a client.

#include <algorithm>

#include "model/serve/chapters.hpp"
#include "model/serve/limits.hpp"
#include "model/serve/peers.hpp"

namespace twostep::model::serve {
namespace {

constexpr int last_prekey_id = 65535;

/// As much of CBOR as a Proteus prekey bundle has: numbers, octets, null, and maps of a known size.
class Cbor {
 public:
  explicit Cbor(std::string_view octets) : rest_{octets} {}

  bool number(std::uint64_t& value) { return head(0, value); }
  bool map(std::uint64_t& size) { return head(5, size); }
  bool null() { return take() == 0xf6; }
  bool at_null() const { return !rest_.empty() && static_cast<unsigned char>(rest_[0]) == 0xf6; }
  bool at_end() const { return rest_.empty(); }

  bool octets() {
    std::uint64_t size = 0;
    if (!head(2, size) || size > rest_.size()) return false;
    rest_.remove_prefix(size);
    return true;
  }

  /// {0: octets}
  bool key() {
    std::uint64_t size = 0;
    std::uint64_t name = 1;
    return map(size) && size == 1 && number(name) && name == 0 && octets();
  }

 private:
  int take() {
    if (rest_.empty()) return -1;
    const auto octet = static_cast<unsigned char>(rest_[0]);
    rest_.remove_prefix(1);
    return octet;
  }

  bool head(int type, std::uint64_t& value) {
    const int first = take();
    if (first < 0 || first >> 5 != type) return false;
    const int small = first & 31;
    if (small > 27) return false;
    value = static_cast<std::uint64_t>(small);
    if (small < 24) return true;
    value = 0;
    for (int i = 0; i < 1 << (small - 24); ++i) {
      const int next = take();
      if (next < 0) return false;
      value = value << 8 | static_cast<std::uint64_t>(next);
    }
    return true;
  }

  std::string_view rest_;
};

/// One entry of a bundle; its id goes to `id`.
bool read_entry(Cbor& cbor, std::uint64_t name, std::uint64_t& id) {
  std::uint64_t ignored = 0;
  switch (name) {
    case 0:
      return cbor.number(ignored);
    case 1:
      return cbor.number(id);
    case 2:
      return cbor.key();
    case 3:
      return cbor.map(ignored) && ignored == 1 && cbor.number(ignored) && ignored == 0 &&
             cbor.key();
    case 4:
      return cbor.at_null() ? cbor.null() : cbor.key();
    default:
      return false;
  }
}

bool is_bundle_of(std::string_view octets, int id) {
  Cbor cbor{octets};
  std::uint64_t entries = 0;
  std::uint64_t id_inside = ~std::uint64_t{0};
  if (!cbor.map(entries) || entries < 4 || entries > 5) return false;
  for (std::uint64_t i = 0; i < entries; ++i) {
    std::uint64_t name = 0;
    if (!cbor.number(name) || name != i || !read_entry(cbor, name, id_inside)) return false;
  }
  return cbor.at_end() && id_inside == static_cast<std::uint64_t>(id);
}

Json json_of(const Prekey& prekey) { return {{"id", prekey.id}, {"key", prekey.key}}; }

/// One of the keys left, which is nobody else's then; or the one that is never used up.
Prekey claim(const Server& server, ClientRecord& client) {
  if (client.prekeys.empty()) return client.last_prekey;
  const auto claimed = client.prekeys.front();
  if (!server.faulty(Fault::a_prekey_is_handed_out_twice))
    client.prekeys.erase(client.prekeys.begin());
  return claimed;
}

Json claim_or_null(Server& server, const QualifiedId& user, ClientNumber client) {
  auto* account = server.account(user);
  if (!account || !account->clients.contains(client)) return nullptr;
  return json_of(claim(server, account->clients[client]));
}

/// Clients by user, or a Refusal.
void must_name_clients(const Json& clients_by_user) {
  if (!clients_by_user.is_object()) bad_request("By user and client");
  const auto is_client = [](const Json& text) {
    return text.is_string() && read_client(text.get<std::string>());
  };
  for (const auto& [user, clients] : clients_by_user.items()) {
    uuid_in(user);
    if (!clients.is_array() || !std::all_of(clients.begin(), clients.end(), is_client)) {
      bad_request("By user and client");
    }
  }
}

/// A prekey of each of these clients of our own users.
Json claim_each(Server& server, const Json& clients_by_user) {
  Json claimed = Json::object();
  for (const auto& [user, clients] : clients_by_user.items()) {
    auto& of_user = claimed[user] = Json::object();
    for (const std::string client : clients) {
      if (of_user.contains(client)) continue;  // Named twice, it is still one key that is given.
      of_user[client] =
          claim_or_null(server, server.qualified(uuid_in(user)), *read_client(client));
    }
  }
  return claimed;
}

/// A prekey of every client of one of our own users.
Json claim_all(Server& server, const QualifiedId& user) {
  Json clients = Json::array();
  if (auto* account = server.account(user)) {
    for (auto& [id, client] : account->clients) {
      clients.push_back({{"client", client_text(id)}, {"prekey", json_of(claim(server, client))}});
    }
  }
  return {{"user", user.id}, {"clients", clients}};
}

}  // namespace

Prekey read_prekey(const Json& prekey) {
  field(prekey, "id");
  const auto id = static_cast<int>(*number_if(prekey, "id", 0, last_prekey_id));
  const auto key = text_in(prekey, "key");
  const auto octets = from_base64(key);
  if (!octets || !is_bundle_of(*octets, id)) bad_request("Malformed prekeys uploaded");
  return {id, key};
}

Prekey read_last_prekey(const Json& prekey) {
  const auto last = read_prekey(prekey);
  if (last.id != last_prekey_id) bad_request("The last-resort prekey has the id 65535");
  return last;
}

Reply prekeys_left(Call& call) {
  Json ids = Json::array();
  const auto& clients = call.account().clients;
  const auto found = clients.find(call.client("client"));
  if (found != clients.end()) {
    for (const auto& prekey : found->second.prekeys) ids.push_back(prekey.id);
    if (!call.faulty(Fault::the_last_prekey_is_not_listed)) ids.push_back(last_prekey_id);
  }
  return json_reply(200, ids);
}

Task<Reply> claim_prekeys(Call& call) {
  const auto body = call.body();
  if (!body.is_object()) bad_request("By domain, user and client");
  std::size_t users = 0;
  for (const auto& [domain, of_domain] : body.items()) {
    if (!read_domain(domain)) bad_request("By domain, user and client");
    must_name_clients(of_domain);
    users += of_domain.size();
  }
  if (users > limits::listed_users_max) refuse(403, "too-many-clients", "Too many users");

  Json claimed = Json::object();
  std::vector<PeerCall> calls;
  for (const auto& [domain, of_domain] : body.items()) {
    if (*read_domain(domain) == call.own_domain()) {
      claimed[domain] = claim_each(call.server, of_domain);
    } else {
      calls.push_back({*read_domain(domain), "brig/claim-multi-prekey-bundle", of_domain});
    }
  }
  Json failed = Json::array();
  const auto answers = co_await call_peers(call.server, std::move(calls));
  for (const auto& answer : answers) {
    if (!answer.failure()) claimed[answer.call.domain] = std::get<Json>(answer.result);
    if (!answer.failure() || call.faulty(Fault::failing_backends_are_not_named)) continue;
    for (const auto& [user, clients] : answer.call.body.items()) {
      failed.push_back(json_of(QualifiedId{answer.call.domain, user}));
    }
  }
  Json reply = {{"qualified_user_client_prekeys", claimed}};
  if (!failed.empty()) reply["failed_to_list"] = failed;
  co_return json_reply(200, reply);
}

Task<Reply> claim_prekeys_of_user(Call& call) {
  const auto user = call.qualified("domain", "user");
  if (user.domain == call.own_domain()) co_return json_reply(200, claim_all(call.server, user));
  const PeerCall claiming{user.domain, "brig/claim-prekey-bundle", user.id};
  const auto claimed = co_await call_peer(call.server, claiming);
  const auto clients = read_answer(claiming, [&] { return list_in(claimed, "clients"); });
  co_return json_reply(200, {{"user", user.id}, {"clients", clients}});
}

Task<Reply> claim_prekey_of_client(Call& call) {
  const auto user = call.qualified("domain", "user");
  const auto client = client_text(call.client("client"));
  const Json wanted = {{user.id, {client}}};
  Json claimed;
  if (user.domain == call.own_domain()) {
    claimed = claim_each(call.server, wanted);
  } else {
    PeerCall claiming{user.domain, "brig/claim-multi-prekey-bundle", wanted};
    claimed = co_await call_peer(call.server, std::move(claiming));
  }
  const auto prekey = claimed.value(user.id, Json::object()).value(client, Json{});
  if (prekey.is_null()) refuse(404, "not-found", "No such client");
  co_return json_reply(200, {{"client", client}, {"prekey", prekey}});
}

Json asked_for_prekeys(Asked& asked) {
  must_name_clients(asked.body);
  return claim_each(asked.server, asked.body);
}

Json asked_for_a_prekey(Asked& asked) {
  const auto& wanted = asked.body;
  if (!wanted.is_array() || wanted.size() != 2) bad_request("A user and a client");
  const auto client =
      wanted[1].is_string() ? read_client(wanted[1].get<std::string>()) : std::nullopt;
  if (!wanted[0].is_string() || !client) bad_request("A user and a client");
  return claim_or_null(asked.server, asked.own(uuid_in(wanted[0].get<std::string>())), *client);
}

Json asked_for_prekeys_of_user(Asked& asked) {
  if (!asked.body.is_string()) bad_request("A user");
  auto claimed = claim_all(asked.server, asked.own(uuid_in(asked.body.get<std::string>())));
  auto& clients = claimed["clients"];
  if (asked.server.faulty(Fault::one_client_is_enough_for_peers) && clients.size() > 1)
    clients.erase(1);
  return claimed;
}

}  // namespace twostep::model::serve

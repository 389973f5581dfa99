#include "impl/store/clients.hpp"

#include <cassert>
#include <chrono>
#include <nlohmann/json.hpp>

#include "impl/store/key.hpp"

namespace twostep::store {
namespace {

using nlohmann::json;

Key client_key(const UserId& user, ClientId client) {
  return Key{Table::client}.add(user).add(client);
}

ClientId client_of(const Key& prefix, std::string_view key) {
  std::uint64_t value = 0;
  for (const char octet : key.substr(prefix.bytes().size()))
    value = value << 8 | static_cast<unsigned char>(octet);
  return {value};
}

Instant instant(const json& ticks) { return Instant{Ticks{ticks.get<std::int64_t>()}}; }

std::optional<std::string> text(const json& row, const char* name) {
  const auto found = row.find(name);
  return found == row.end() ? std::nullopt : std::optional{found->get<std::string>()};
}

Client client_from(ClientId id, std::string_view value) {
  const auto row = json::parse(value);
  Client client{
      .id = id,
      .type = row.at("temporary").get<bool>() ? ClientType::temporary : ClientType::permanent,
      .registered = instant(row.at("registered")),
      .device_class = text(row, "class"),
      .label = text(row, "label"),
      .cookie = text(row, "cookie"),
      .model = text(row, "model"),
      .capabilities = row.at("capabilities").get<std::vector<std::string>>(),
      .last_active = {}};
  if (const auto at = row.find("last_active"); at != row.end()) client.last_active = instant(*at);
  return client;
}

Instant day_of(Instant now) { return std::chrono::floor<std::chrono::days>(now); }

}  // namespace

std::vector<ClientId> client_ids(const Reader& reader, const UserId& user) {
  const auto prefix = Key{Table::client}.add(user);
  std::vector<ClientId> ids;
  reader.scan(prefix.bytes(), prefix.end(), [&](std::string_view key, std::string_view) {
    ids.push_back(client_of(prefix, key));
    return true;
  });
  return ids;
}

bool has_client(const Reader& reader, const UserId& user, ClientId client) {
  return reader.get(client_key(user, client).bytes()).has_value();
}

std::optional<Client> find_client(const Reader& reader, const UserId& user, ClientId client) {
  const auto value = reader.get(client_key(user, client).bytes());
  return value ? std::optional{client_from(client, *value)} : std::nullopt;
}

std::vector<Client> clients(const Reader& reader, const UserId& user) {
  const auto prefix = Key{Table::client}.add(user);
  std::vector<Client> found;
  reader.scan(prefix.bytes(), prefix.end(), [&](std::string_view key, std::string_view value) {
    found.push_back(client_from(client_of(prefix, key), value));
    return true;
  });
  return found;
}

void put_client(Transaction& transaction, const UserId& user, const Client& client) {
  json row{{"temporary", client.type == ClientType::temporary},
           {"registered", client.registered.time_since_epoch().count()},
           {"capabilities", client.capabilities}};
  if (client.device_class) row["class"] = *client.device_class;
  if (client.label) row["label"] = *client.label;
  if (client.cookie) row["cookie"] = *client.cookie;
  if (client.model) row["model"] = *client.model;
  if (client.last_active) row["last_active"] = client.last_active->time_since_epoch().count();
  transaction.put(client_key(user, client.id).bytes(), row.dump());
}

void erase_client(Transaction& transaction, const UserId& user, ClientId client) {
  transaction.erase(client_key(user, client).bytes());
}

bool client_needs_touch(const Reader& reader, const UserId& user, ClientId client, Instant now) {
  const auto found = find_client(reader, user, client);
  return found && found->last_active < day_of(now);
}

void touch_client(Transaction& transaction, const UserId& user, ClientId client, Instant now) {
  auto found = find_client(transaction, user, client);
  if (!found || found->last_active >= day_of(now)) return;
  found->last_active = day_of(now);
  put_client(transaction, user, *found);
}

}  // namespace twostep::store

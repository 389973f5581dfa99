#include "impl/wire/prekeys.hpp"

#include <utility>

#include "impl/core/limits.hpp"
#include "impl/wire/base64.hpp"
#include "impl/wire/fields.hpp"
#include "impl/wire/prekey_bundle.hpp"

namespace twostep::wire {
namespace {

/// Keys uploaded at once. Clients upload a hundred; more would not fit into a body anyway.
constexpr std::size_t prekeys_per_request_max = 4'096;

/// A bundle has about 150 octets; with room for longer keys than today's.
constexpr std::size_t prekey_chars_max = 1'024;

/// Far more than anybody has; the body's size bounds the rest.
constexpr std::size_t query_members_max = 4'096;

Result<Prekey> any_prekey(const Json& value) {
  Fields fields{value};
  Prekey prekey{.id = static_cast<std::uint16_t>(fields.required("id", read::Integer{0, 65535})),
                .key = fields.required("key", read::Text{1, prekey_chars_max})};
  if (fields.refusal()) return *fields.refusal();
  const auto octets = from_base64(prekey.key);
  if (!octets || !is_prekey_bundle(*octets, prekey.id)) return Refusal{Reason::malformed_prekeys};
  return prekey;
}

Result<Prekey> one_time_prekey(const Json& value) {
  auto prekey = any_prekey(value);
  if (prekey && prekey->id == limits::last_resort_prekey_id)
    return Refusal{Reason::malformed_prekeys, "the last-resort key is no prekey among others"};
  return prekey;
}

}  // namespace

Result<std::vector<Prekey>> prekey_list(const Json& value) {
  return read::List{one_time_prekey, prekeys_per_request_max}(value);
}

Result<std::string> last_resort_key(const Json& value) {
  auto prekey = any_prekey(value);
  if (!prekey) return prekey.error();
  if (prekey->id != limits::last_resort_prekey_id)
    return Refusal{Reason::malformed_prekeys, "the last-resort key has the id 65535"};
  return std::move(prekey->key);
}

Result<std::map<QualifiedUser, std::vector<ClientId>>> decode_prekey_query(std::string_view body) {
  const auto json = parse_object(body);
  if (!json) return json.error();
  const read::List clients{read::client_id, query_members_max};
  const read::Map users{read::user_id, clients, query_members_max};
  const auto by_domain = read::Map{read::domain, users, query_members_max}(*json);
  if (!by_domain) return by_domain.error();
  std::map<QualifiedUser, std::vector<ClientId>> query;
  for (const auto& [domain, of_domain] : *by_domain) {
    for (const auto& [user, ids] : of_domain) query.emplace(QualifiedUser{domain, user}, ids);
  }
  return query;
}

Json prekey(const Prekey& prekey) { return {{"id", prekey.id}, {"key", prekey.key}}; }

Json prekeys_of_user(const UserId& user, const std::map<ClientId, Prekey>& claimed) {
  auto clients = Json::array();
  for (const auto& [client, key] : claimed)
    clients.push_back({{"client", client.text()}, {"prekey", prekey(key)}});
  return {{"user", user.text()}, {"clients", std::move(clients)}};
}

}  // namespace twostep::wire

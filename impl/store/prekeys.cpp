#include "impl/store/prekeys.hpp"

#include "impl/core/limits.hpp"
#include "impl/store/key.hpp"

namespace twostep::store {
namespace {

Key prekeys_of(const UserId& user, ClientId client) {
  return Key{Table::prekey}.add(user).add(client);
}

std::string prekey_key(const UserId& user, ClientId client, std::uint16_t id) {
  return prekeys_of(user, client).add(std::uint64_t{id}).bytes();
}

/// The last two octets of a key are the prekey's id, big endian.
std::uint16_t id_of(std::string_view key) {
  const auto octet = [&](std::size_t from_end) {
    return static_cast<unsigned char>(key[key.size() - from_end]);
  };
  return static_cast<std::uint16_t>(octet(2) << 8 | octet(1));
}

}  // namespace

void put_prekey(Transaction& transaction, const UserId& user, ClientId client,
                const Prekey& prekey) {
  transaction.put(prekey_key(user, client, prekey.id), prekey.key);
}

std::optional<Prekey> claim_prekey(Transaction& transaction, const UserId& user, ClientId client) {
  const auto prefix = prekeys_of(user, client);
  std::optional<Prekey> lowest;
  transaction.scan(prefix.bytes(), prefix.end(), [&](std::string_view key, std::string_view value) {
    lowest = Prekey{id_of(key), std::string{value}};
    return false;
  });
  if (lowest && lowest->id != limits::last_resort_prekey_id)
    transaction.erase(prekey_key(user, client, lowest->id));
  return lowest;
}

std::vector<std::uint16_t> prekey_ids(const Reader& reader, const UserId& user, ClientId client) {
  const auto prefix = prekeys_of(user, client);
  std::vector<std::uint16_t> ids;
  reader.scan(prefix.bytes(), prefix.end(), [&](std::string_view key, std::string_view) {
    ids.push_back(id_of(key));
    return true;
  });
  return ids;
}

void remove_prekeys(Transaction& transaction, const UserId& user, ClientId client) {
  for (const auto id : prekey_ids(transaction, user, client))
    transaction.erase(prekey_key(user, client, id));
}

}  // namespace twostep::store

#include "impl/store/accounts.hpp"

#include <cassert>
#include <nlohmann/json.hpp>

#include "impl/store/key.hpp"

namespace twostep::store {
namespace {

using nlohmann::json;

Key account_key(const UserId& user) { return Key{Table::account}.add(user); }

std::optional<UserId> user_at(const Reader& reader, const Key& key) {
  const auto value = reader.get(key.bytes());
  return value ? UserId::from_bytes(*value) : std::nullopt;
}

/// Moves an index entry from the text that an account had to the one it has now.
void index(Transaction& transaction, Table table, const UserId& user,
           const std::optional<std::string>& before, const std::optional<std::string>& now) {
  if (before == now) return;
  if (before) transaction.erase(Key{table}.add(std::string_view{*before}).bytes());
  if (!now) return;
  const auto key = Key{table}.add(std::string_view{*now});
  assert(!user_at(transaction, key));
  transaction.put(key.bytes(), user.bytes());
}

}  // namespace

std::optional<Account> find_account(const Reader& reader, const UserId& user) {
  const auto value = reader.get(account_key(user).bytes());
  if (!value) return std::nullopt;
  const auto row = json::parse(*value);
  Account account{.id = user,
                  .name = row.at("name"),
                  .email = {},
                  .handle = {},
                  .accent_id = row.at("accent_id"),
                  .locale = row.at("locale"),
                  .password_hash = row.at("password_hash")};
  if (const auto email = row.find("email"); email != row.end()) account.email = *email;
  if (const auto handle = row.find("handle"); handle != row.end()) account.handle = *handle;
  return account;
}

bool account_exists(const Reader& reader, const UserId& user) {
  return reader.get(account_key(user).bytes()).has_value();
}

std::optional<UserId> user_by_email(const Reader& reader, std::string_view email) {
  return user_at(reader, Key{Table::account_by_email}.add(email));
}

std::optional<UserId> user_by_handle(const Reader& reader, std::string_view handle) {
  return user_at(reader, Key{Table::account_by_handle}.add(handle));
}

void put_account(Transaction& transaction, const Account& account) {
  const auto before = find_account(transaction, account.id);
  index(transaction, Table::account_by_email, account.id, before ? before->email : std::nullopt,
        account.email);
  index(transaction, Table::account_by_handle, account.id, before ? before->handle : std::nullopt,
        account.handle);

  json row{{"name", account.name},
           {"accent_id", account.accent_id},
           {"locale", account.locale},
           {"password_hash", account.password_hash}};
  if (account.email) row["email"] = *account.email;
  if (account.handle) row["handle"] = *account.handle;
  transaction.put(account_key(account.id).bytes(), row.dump());
}

}  // namespace twostep::store

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

/// Moves an index entry from the name that an account had to the one it has now.
template <class Name>
void index(Transaction& transaction, Table table, const UserId& user,
           const std::optional<Name>& before, const std::optional<Name>& now) {
  if (before == now) return;
  if (before) transaction.erase(Key{table}.add(std::string_view{before->text()}).bytes());
  if (!now) return;
  const auto key = Key{table}.add(std::string_view{now->text()});
  assert(!user_at(transaction, key));
  transaction.put(key.bytes(), user.bytes());
}

template <class Name>
std::optional<Name> name_in(const json& row, const char* member) {
  const auto found = row.find(member);
  return found == row.end() ? std::nullopt : Name::parse(found->template get<std::string>());
}

}  // namespace

std::optional<Account> find_account(const Reader& reader, const UserId& user) {
  const auto value = reader.get(account_key(user).bytes());
  if (!value) return std::nullopt;
  const auto row = json::parse(*value);
  return Account{.id = user,
                 .name = row.at("name").get<std::string>(),
                 .email = name_in<EmailAddress>(row, "email"),
                 .handle = name_in<Handle>(row, "handle"),
                 .accent_id = row.at("accent_id").get<std::int64_t>(),
                 .locale = row.at("locale").get<std::string>(),
                 .password_hash = row.at("password_hash").get<std::string>()};
}

bool account_exists(const Reader& reader, const UserId& user) {
  return reader.get(account_key(user).bytes()).has_value();
}

std::optional<UserId> user_named(const Reader& reader, const EmailAddress& email) {
  return user_at(reader, Key{Table::account_by_email}.add(std::string_view{email.text()}));
}

std::optional<UserId> user_named(const Reader& reader, const Handle& handle) {
  return user_at(reader, Key{Table::account_by_handle}.add(std::string_view{handle.text()}));
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
  if (account.email) row["email"] = account.email->text();
  if (account.handle) row["handle"] = account.handle->text();
  transaction.put(account_key(account.id).bytes(), row.dump());
}

}  // namespace twostep::store

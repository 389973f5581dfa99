#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "impl/core/ids.hpp"
#include "impl/store/store.hpp"

/// Accounts: who a user of this backend is.
///
/// Shape      One row per account: key user, value JSON. Two indexes, e-mail address -> user and
///            handle -> user, are written by the same functions, so that they never disagree with
///            the rows.
/// Threads    Functions over a reader or a transaction; no state of their own.
/// Source     specs/05-accounts-and-devices.md (ACC).
namespace twostep::store {

struct Account {
  UserId id;
  std::string name;
  std::optional<std::string> email;  ///< In the one spelling that the index knows.
  std::optional<std::string> handle;
  std::int64_t accent_id = 0;
  std::string locale;
  std::string password_hash;  ///< Empty: the account has no password.
};

std::optional<Account> find_account(const Reader& reader, const UserId& user);

bool account_exists(const Reader& reader, const UserId& user);

std::optional<UserId> user_by_email(const Reader& reader, std::string_view email);
std::optional<UserId> user_by_handle(const Reader& reader, std::string_view handle);

/// Writes the row and its index entries; those that only the former row had are removed.
/// Requires   E-mail address and handle belong to nobody else.
void put_account(Transaction& transaction, const Account& account);

}  // namespace twostep::store

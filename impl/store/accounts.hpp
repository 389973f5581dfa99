#pragma once

#include <optional>

#include "impl/core/account.hpp"
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

std::optional<Account> find_account(const Reader& reader, const UserId& user);

bool account_exists(const Reader& reader, const UserId& user);

std::optional<UserId> user_named(const Reader& reader, const EmailAddress& email);
std::optional<UserId> user_named(const Reader& reader, const Handle& handle);

/// Writes the row and its index entries; those that only the former row had are removed.
/// Requires   E-mail address and handle belong to nobody else.
void put_account(Transaction& transaction, const Account& account);

}  // namespace twostep::store

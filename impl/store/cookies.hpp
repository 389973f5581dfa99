#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "impl/core/account.hpp"
#include "impl/core/ids.hpp"
#include "impl/store/store.hpp"

/// Cookies: the logins of each user that may still ask for access tokens.
///
/// A cookie proves itself by the hash in its value; the row is here so that it can be revoked. All
/// values ever issued for one login share its row, so they are revoked together.
///
/// Shape      One row per login: key (user, number), value JSON.
/// Threads    Functions over a reader or a transaction; no state of their own.
/// Source     specs/05-accounts-and-devices.md (ACC).
namespace twostep::store {

std::optional<Cookie> find_cookie(const Reader& reader, const UserId& user, std::uint64_t number);

/// In no particular order.
std::vector<Cookie> cookies(const Reader& reader, const UserId& user);

void put_cookie(Transaction& transaction, const UserId& user, const Cookie& cookie);
void erase_cookie(Transaction& transaction, const UserId& user, std::uint64_t number);

/// Revokes every login of the user that has this label.
void erase_cookies_labelled(Transaction& transaction, const UserId& user, std::string_view label);

}  // namespace twostep::store

#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "impl/core/client.hpp"
#include "impl/core/ids.hpp"
#include "impl/store/store.hpp"

/// Push tokens: where a client that has no websocket can be told that something waits for it.
///
/// Shape      One row per (user, client, transport, app), value JSON: a client has at most one
/// token
///            for each app and transport, and a newer one replaces it.
/// Threads    Functions over a reader or a transaction; no state of their own.
/// Source     specs/05-accounts-and-devices.md (ACC), specs/02-deliver.md (DLV).
namespace twostep::store {

/// In the order of their clients.
std::vector<PushToken> push_tokens(const Reader& reader, const UserId& user);

void put_push_token(Transaction& transaction, const UserId& user, const PushToken& token);

/// Removes every row of the user that holds this token. Returns how many there were.
std::size_t remove_push_token(Transaction& transaction, const UserId& user, std::string_view token);

/// Removes the token of one client, if it is still this one: it may have been replaced meanwhile.
/// Returns whether it was there.
bool remove_dead_push_token(Transaction& transaction, const UserId& user, const PushToken& dead);

void remove_push_tokens(Transaction& transaction, const UserId& user, ClientId client);

}  // namespace twostep::store

#pragma once

#include <optional>
#include <string>
#include <vector>

#include "impl/core/client.hpp"
#include "impl/core/ids.hpp"
#include "impl/core/time_uuid.hpp"
#include "impl/store/store.hpp"

/// Clients: the devices of each user.
///
/// Shape      One row per client: key (user, client), value JSON. Who has which clients is answered
///            from the keys alone, because every send asks it for every member.
/// Threads    Functions over a reader or a transaction; no state of their own.
/// Source     specs/05-accounts-and-devices.md (ACC).
namespace twostep::store {

/// Ascending. Reads no row.
std::vector<ClientId> client_ids(const Reader& reader, const UserId& user);

bool has_client(const Reader& reader, const UserId& user, ClientId client);

std::optional<Client> find_client(const Reader& reader, const UserId& user, ClientId client);

/// In the order of their ids.
std::vector<Client> clients(const Reader& reader, const UserId& user);

void put_client(Transaction& transaction, const UserId& user, const Client& client);

/// Only this row; what else belongs to a client is the service's to remove with it.
void erase_client(Transaction& transaction, const UserId& user, ClientId client);

/// Whether `touch_client` would write. Asked on a snapshot, so that catching up starts no
/// transaction on most days' second request.
bool client_needs_touch(const Reader& reader, const UserId& user, ClientId client, Instant now);

/// Notes that the client is in use. Kept as a whole day, so that it costs one write a day and tells
/// nobody at which hours somebody is awake. An unknown client is ignored.
void touch_client(Transaction& transaction, const UserId& user, ClientId client, Instant now);

}  // namespace twostep::store

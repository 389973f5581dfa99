#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "impl/core/client.hpp"
#include "impl/core/ids.hpp"
#include "impl/store/store.hpp"

/// Prekeys: what others need to begin writing to a client.
///
/// Shape      One row per key: key (user, client, prekey id), value the base64 text as uploaded.
/// The
///            last-resort prekey has the highest id, so it is what a scan finds when nothing else
///            is left.
/// Threads    Functions over a reader or a transaction; no state of their own.
/// Source     specs/05-accounts-and-devices.md (ACC).
namespace twostep::store {

void put_prekey(Transaction& transaction, const UserId& user, ClientId client,
                const Prekey& prekey);

/// Takes the client's lowest prekey, which is gone with the commit; the last-resort one stays.
/// `nullopt` if there is no such client.
std::optional<Prekey> claim_prekey(Transaction& transaction, const UserId& user, ClientId client);

/// Ascending, the last-resort id included.
std::vector<std::uint16_t> prekey_ids(const Reader& reader, const UserId& user, ClientId client);

void remove_prekeys(Transaction& transaction, const UserId& user, ClientId client);

}  // namespace twostep::store

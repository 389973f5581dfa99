#pragma once

#include <boost/asio/awaitable.hpp>
#include <cstdint>
#include <map>
#include <optional>
#include <vector>

#include "impl/core/client.hpp"
#include "impl/core/ids.hpp"
#include "impl/core/result.hpp"
#include "impl/service/ports.hpp"
#include "impl/wire/peer_users.hpp"

/// Claiming prekeys: each but the last-resort one is handed out once, because it is taken in the
/// transaction that reads it.
///
/// Threads    Coroutines over the backend's ports; any thread.
/// Source     specs/05-accounts-and-devices.md (ACC), prekeys.
namespace twostep::service {

/// Which clients are asked for a prekey.
using PrekeyRequest = std::map<QualifiedUser, std::vector<ClientId>>;

struct ClaimedPrekeys {
  /// None for a client that does not exist.
  std::map<QualifiedUser, std::map<ClientId, std::optional<Prekey>>> prekeys;
  std::vector<QualifiedUser> failed_to_list;  ///< Of backends that could not be asked.
};

/// Errors     `too_many_clients` for more users than a conversation can have.
boost::asio::awaitable<Result<ClaimedPrekeys>> claim_prekeys(Backend& backend,
                                                             PrekeyRequest request);

/// One of each client of one user.
/// Errors     Of a user of another backend, those of `peer_calls.hpp`.
boost::asio::awaitable<Result<std::map<ClientId, Prekey>>> claim_prekeys_of(Backend& backend,
                                                                            QualifiedUser user);

/// Errors     `not_found`; of a user of another backend also those of `peer_calls.hpp`.
boost::asio::awaitable<Result<Prekey>> claim_prekey_of(Backend& backend, QualifiedUser user,
                                                       ClientId client);

/// The ids that are left, of a client of one's own.
boost::asio::awaitable<Result<std::vector<std::uint16_t>>> prekey_ids_left(Backend& backend,
                                                                           UserId user,
                                                                           ClientId client);

/// Of clients of this backend's users.
boost::asio::awaitable<Result<wire::PeerPrekeys>> claim_prekeys_here(Backend& backend,
                                                                     wire::PeerPrekeyQuery query);

}  // namespace twostep::service

#pragma once

#include <boost/asio/awaitable.hpp>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "impl/core/client.hpp"
#include "impl/core/ids.hpp"
#include "impl/core/result.hpp"
#include "impl/service/change.hpp"
#include "impl/service/ports.hpp"

/// Clients: registering, changing and removing one's own devices, and seeing those of others.
///
/// Threads    Coroutines over the backend's ports; any thread.
/// Source     specs/05-accounts-and-devices.md (ACC), clients.
namespace twostep::service {

/// The id of the client with this last-resort key: the first eight octets of its text's SHA-256, so
/// that a device that registers again finds itself.
ClientId client_id_of(std::string_view last_resort_key);

/// Registers the client, or registers it again. All clients of the user are told, itself included.
/// Errors     `missing_auth` and `invalid_credentials`: each but the first client of its type needs
///            the password. `too_many_clients`.
boost::asio::awaitable<Result<Client>> add_client(Backend& backend, Caller caller,
                                                  NewClient request);

/// Errors     `client_not_found`; `capabilities_cannot_be_removed`, and then nothing is changed.
boost::asio::awaitable<Result<void>> update_client(Backend& backend, Caller caller, ClientId id,
                                                   ClientUpdate update);

/// Removes the client with all that belongs to it, and tells the others.
/// Errors     `client_not_found`; of a permanent client `missing_auth`, `invalid_credentials`.
boost::asio::awaitable<Result<void>> remove_client(Backend& backend, Caller caller, ClientId id,
                                                   std::optional<std::string> password);

boost::asio::awaitable<Result<std::vector<Client>>> list_clients(Backend& backend, UserId user);

/// Errors     `client_not_found`
boost::asio::awaitable<Result<Client>> find_client(Backend& backend, UserId user, ClientId id);

/// The users' clients as others see them. Users that do not exist, or whose backend cannot be
/// asked, are left out.
using ClientsOfUsers = std::map<QualifiedUser, std::vector<PublicClient>>;

boost::asio::awaitable<Result<ClientsOfUsers>> clients_of(Backend& backend,
                                                          std::vector<QualifiedUser> users);

/// Of one user; somebody unknown has none.
/// Errors     Those of `peer_calls.hpp`.
boost::asio::awaitable<Result<std::vector<PublicClient>>> clients_of_one(Backend& backend,
                                                                         QualifiedUser user);

/// Those of this backend's users that exist.
std::map<UserId, std::vector<PublicClient>> public_clients(const store::Reader& reader,
                                                           const std::vector<UserId>& users);

}  // namespace twostep::service

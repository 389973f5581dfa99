#pragma once

#include <boost/asio/awaitable.hpp>
#include <string>
#include <vector>

#include "impl/core/account.hpp"
#include "impl/core/ids.hpp"
#include "impl/core/result.hpp"
#include "impl/service/ports.hpp"

/// Profiles: one's own and those of others.
///
/// Threads    Coroutines over the backend's ports; any thread.
/// Source     specs/05-accounts-and-devices.md (ACC), accounts.
namespace twostep::service {

/// A user of this backend.
/// Errors     `not_found`.
boost::asio::awaitable<Result<Account>> find_account(Backend& backend, UserId user);

/// A user of any backend.
/// Errors     `not_found`, and those of `peer_calls.hpp`.
boost::asio::awaitable<Result<Profile>> find_user(Backend& backend, QualifiedUser user);

struct FoundUsers {
  std::vector<Profile> found;
  std::vector<QualifiedUser> not_found;
  std::vector<QualifiedUser> failed;  ///< Of backends that could not be asked.
};

boost::asio::awaitable<Result<FoundUsers>> find_users(Backend& backend,
                                                      std::vector<QualifiedUser> users);

/// Names nobody has are left out, and so are those of other backends.
boost::asio::awaitable<Result<FoundUsers>> find_users_by_handle(
    Backend& backend, std::vector<Qualified<Handle>> handles);

/// Errors     `handle_exists` if it is somebody else's.
boost::asio::awaitable<Result<void>> choose_handle(Backend& backend, UserId user, Handle handle);

/// Whether this is the user's password. A user without one needs none.
/// Errors     `missing_auth` without a password, `invalid_credentials` with a wrong one.
boost::asio::awaitable<Result<void>> authenticate(Backend& backend, UserId user,
                                                  std::optional<std::string> password);

}  // namespace twostep::service

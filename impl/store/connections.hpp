#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "impl/core/connection.hpp"
#include "impl/core/ids.hpp"
#include "impl/store/store.hpp"

/// Connections: whom a user of this backend knows, as each side sees it.
///
/// Shape      One row per (local user, other user). Two local users have two rows; a remote user's
///            row is on the remote backend. Values are JSON text.
/// Threads    Functions over a reader or a transaction; no state of their own.
/// Source     specs/06-conversations.md (CNV), connections.
namespace twostep::store {

std::optional<Connection> find_connection(const Reader& reader, const UserId& from,
                                          const QualifiedUser& to);

void put_connection(Transaction& transaction, const Connection& connection);

/// Whether both accepted it. Of a remote user only this side's row is known; `local` is this
/// backend.
bool connected(const Reader& reader, const Domain& local, const UserId& user,
               const QualifiedUser& other);

/// The user's connections in the order of the others' names; those after `after`, at most
/// `size_max`.
std::vector<Connection> connections_of(const Reader& reader, const UserId& from,
                                       const std::optional<QualifiedUser>& after,
                                       std::size_t size_max);

/// How many the user wants: sent and accepted. Stops counting at `count_max`.
std::size_t count_wanted(const Reader& reader, const UserId& from, std::size_t count_max);

}  // namespace twostep::store

#pragma once

#include <boost/asio/awaitable.hpp>
#include <cstddef>
#include <optional>

#include "impl/core/connection.hpp"
#include "impl/core/result.hpp"
#include "impl/service/ports.hpp"
#include "impl/wire/connections.hpp"

/// Connections: asking, answering, and the one-to-one conversation that comes of it.
///
/// A request creates the conversation with the asker alone in it; the answer brings the other user
/// in. From then on a side is a member exactly as long as it wants the connection: a block ends
/// the membership of whoever blocks, silently.
///
/// Errors     `invalid_user`, `connection_limit`, `bad_connection_update`, `not_connected`; of a user
///            of another backend (connections_elsewhere.hpp) also those of `peer_calls.hpp`.
/// Threads    Coroutines; any.
/// Source     specs/06-conversations.md (CNV), connections.
namespace twostep::service {

struct AskedConnection {
  Connection connection;
  bool created = false;  ///< Nobody had asked before.
};

boost::asio::awaitable<Result<AskedConnection>> ask_for_connection(Backend& backend, Caller caller,
                                                                   QualifiedUser to);

/// The connection, or none if it was so already.
boost::asio::awaitable<Result<std::optional<Connection>>> update_connection(Backend& backend,
                                                                            Caller caller,
                                                                            QualifiedUser to,
                                                                            Relation wanted);

boost::asio::awaitable<Result<std::optional<Connection>>> find_connection(Backend& backend,
                                                                          Caller caller,
                                                                          QualifiedUser to);

boost::asio::awaitable<Result<wire::ConnectionPage>> list_connections(Backend& backend,
                                                                      Caller caller,
                                                                      wire::ListConnections list);

}  // namespace twostep::service

#pragma once

#include <boost/asio/awaitable.hpp>
#include <optional>

#include "impl/core/connection.hpp"
#include "impl/core/result.hpp"
#include "impl/service/connections.hpp"
#include "impl/service/peers.hpp"
#include "impl/service/ports.hpp"

/// Connections to users of other backends: telling their backend what a user here wants, and hearing
/// what theirs want.
///
/// Both backends know the same name for the conversation of the two without telling each other: it is
/// a hash of their names, and so is which of the two backends owns it (the rule is in specs/09).
///
/// Errors     `invalid_user`, `connection_limit`, `bad_connection_update`, `not_connected`, and those of
///            `peer_calls.hpp`; then this side is as it was.
/// Threads    Coroutines; any.
/// Source     specs/09-federation.md (FED), connections.
namespace twostep::service {

QualifiedConversation one_to_one_of(const QualifiedUser& one, const QualifiedUser& other);

boost::asio::awaitable<Result<AskedConnection>> ask_for_connection_elsewhere(Backend& backend,
                                                                             Caller caller,
                                                                             QualifiedUser to);

boost::asio::awaitable<Result<std::optional<Connection>>> update_connection_elsewhere(
    Backend& backend, Caller caller, QualifiedUser to, Relation wanted);

boost::asio::awaitable<Result<PeerAnswer>> answer_send_connection_action(
    Backend& backend, const PeerRequest& request);

}  // namespace twostep::service

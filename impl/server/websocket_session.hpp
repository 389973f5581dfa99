#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <optional>
#include <string>

#include "impl/core/ids.hpp"
#include "impl/core/result.hpp"
#include "impl/server/serving.hpp"

/// One websocket: frames of the inbox out, `ping` in.
///
/// Two coroutines on the connection's strand: one reads, one writes and is woken by the registry.
///
/// Requires   The socket's executor is a strand of its own.
/// Source     specs/02-deliver.md (DLV), specs/08-robustness.md (ROB); RFC 6455.
namespace twostep::server {

struct SocketOpening {
  std::string head;  ///< The request that asks for the upgrade, as it was sent.
  std::string request_id;
  service::Caller caller;
  std::optional<ClientId> client;  ///< Whose notifications; none: all of the user.
};

/// Serves the websocket until it is closed.
///
/// Errors     A refusal if it could not be opened; then nothing was written, and the socket still
///            belongs to the caller. Whatever happens later ends the socket and is no error.
boost::asio::awaitable<Result<void>> serve_websocket(boost::asio::ip::tcp::socket& socket,
                                                     SocketOpening opening, Serving& serving);

}  // namespace twostep::server

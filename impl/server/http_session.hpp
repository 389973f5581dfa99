#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>

#include "impl/server/listener.hpp"
#include "impl/server/serving.hpp"
#include "impl/server/sessions.hpp"

/// One connection: requests, one after another, until it is closed or becomes a websocket.
///
/// A request is looked at by a strict reader of heads before the HTTP library sees it, and nothing
/// is read into more memory than `limits` allow. A request that is not understood is answered at
/// most once, and then the connection is closed: where it ends, nobody knows.
///
/// Requires   The socket's executor is a strand of its own.
/// Source     specs/08-robustness.md (ROB); RFC 9112.
namespace twostep::server {

boost::asio::awaitable<void> serve_http(boost::asio::ip::tcp::socket socket, Serving& serving,
                                        Sessions::Seat& seat);

/// The same, for a listener.
Serve serve_http_with(Serving serving);

}  // namespace twostep::server

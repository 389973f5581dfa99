#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <functional>
#include <string>

#include "model/serve/http.hpp"

/// HTTP/1.1 connections: reading requests one after another, and writing their answers in that order.
///
/// Threads    One: everything runs where the listener's executor runs.
/// Source     specs/07-wire.md WIR-12; specs/08-robustness.md ROB-01..ROB-03, ROB-10, ROB-15..ROB-17.
namespace twostep::model::serve {

using Tcp = boost::asio::ip::tcp;

/// Takes over a connection whose request was an upgrade; `received` is its head, and what came after.
using Takeover = std::function<void(Tcp::socket socket, std::string received)>;

struct Response {
  Reply reply = {};
  Takeover takeover =
      {};  ///< If set, there is no reply: the connection is a websocket from now on.
};

/// What stands behind the connections.
class Application {
 public:
  virtual ~Application() = default;

  /// The largest body that a request like this may have.
  virtual std::size_t body_bytes_max(const Request& head) const = 0;

  virtual boost::asio::awaitable<Response> answer(Request request) = 0;
};

/// Accepts connections until the acceptor is closed.
boost::asio::awaitable<void> listen(Tcp::acceptor& acceptor, Application& application);

/// The answer to a request that was refused.
Reply reply_to(const Refusal& refusal);

}  // namespace twostep::model::serve

#pragma once

#include <atomic>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/strand.hpp>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>

#include "impl/server/limits.hpp"
#include "impl/server/log.hpp"
#include "impl/server/sessions.hpp"

/// Accepts connections and has them served, until it is drained.
///
/// Errors     The constructor throws `boost::system::system_error` if the address cannot be used.
///            Running out of file descriptors pauses accepting; connections that are open go on.
/// Threads    `drain` is called once, from any; the rest before the context runs.
/// Source     specs/08-robustness.md (ROB).
namespace twostep::server {

/// What becomes of a connection. Its socket's executor is a strand of its own.
using Serve =
    std::function<boost::asio::awaitable<void>(boost::asio::ip::tcp::socket, Sessions::Seat&)>;

class Listener {
 public:
  Listener(boost::asio::io_context& context, const boost::asio::ip::tcp::endpoint& address,
           Serve serve, Log& log, std::size_t connections_max = limits::connections_max);

  void start();

  std::uint16_t port() const { return port_; }
  std::size_t connections() const { return sessions_.size(); }
  std::uint64_t accept_pauses() const { return accept_pauses_; }

  /// Stops accepting, asks every session to end after what it has begun, and waits until nobody is
  /// left. Says whether it came to that.
  boost::asio::awaitable<bool> drain(std::chrono::steady_clock::duration grace);

 private:
  boost::asio::awaitable<void> accept();
  void take(boost::asio::ip::tcp::socket socket);
  boost::asio::awaitable<bool> drain_until(std::chrono::steady_clock::time_point deadline);

  const Serve serve_;
  Log& log_;
  boost::asio::io_context& context_;
  boost::asio::strand<boost::asio::io_context::executor_type> strand_;
  boost::asio::ip::tcp::acceptor acceptor_;
  Sessions sessions_;
  const std::size_t connections_max_;
  std::uint16_t port_ = 0;
  std::atomic<std::uint64_t> accept_pauses_{0};
};

}  // namespace twostep::server

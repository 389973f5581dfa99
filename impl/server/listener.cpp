#include "impl/server/listener.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/core/demangle.hpp>
#include <exception>
#include <memory>
#include <typeinfo>
#include <utility>

namespace twostep::server {

namespace net = boost::asio;
using net::ip::tcp;

namespace {
constexpr auto quietly = net::as_tuple(net::use_awaitable);
}

Listener::Listener(net::io_context& context, const tcp::endpoint& address, Serve serve, Log& log,
                   std::size_t connections_max)
    : serve_{std::move(serve)},
      log_{log},
      context_{context},
      strand_{net::make_strand(context)},
      acceptor_{strand_, address.protocol()},
      sessions_{strand_},
      connections_max_{connections_max} {
  acceptor_.set_option(tcp::acceptor::reuse_address(true));
  acceptor_.bind(address);
  acceptor_.listen(limits::accept_queue_max);
  port_ = acceptor_.local_endpoint().port();
}

void Listener::start() { net::co_spawn(strand_, accept(), net::detached); }

net::awaitable<void> Listener::accept() {
  while (acceptor_.is_open()) {
    co_await sessions_.until_at_most(connections_max_ - 1);
    auto [error, socket] =
        co_await acceptor_.async_accept(net::any_io_executor{net::make_strand(context_)}, quietly);
    if (!error) {
      take(std::move(socket));
    } else if (acceptor_.is_open() && error != net::error::connection_aborted) {
      // Most likely no file descriptor is left. Trying again at once would only burn the processor;
      // the connection waits in the kernel's queue.
      ++accept_pauses_;
      net::steady_timer pause{strand_, limits::accept_pause};
      co_await pause.async_wait(quietly);
    }
  }
}

void Listener::take(tcp::socket socket) {
  boost::system::error_code ignored;
  socket.set_option(tcp::no_delay(true), ignored);
  const auto strand = socket.get_executor();
  const auto seat = std::make_shared<Sessions::Seat>(sessions_);
  net::co_spawn(strand, serve_(std::move(socket), *seat),
                [this, seat](const std::exception_ptr& failure) {
                  if (!failure) return;
                  try {
                    std::rethrow_exception(failure);
                  } catch (const std::exception& error) {
                    const auto type = boost::core::demangle(typeid(error).name());
                    log_.write(LogLevel::error, "session-failed", {{"exception", type}});
                  }
                });
}

net::awaitable<bool> Listener::drain(std::chrono::steady_clock::duration grace) {
  const auto deadline = std::chrono::steady_clock::now() + grace;
  co_return co_await net::co_spawn(strand_, drain_until(deadline), net::use_awaitable);
}

net::awaitable<bool> Listener::drain_until(std::chrono::steady_clock::time_point deadline) {
  boost::system::error_code ignored;
  acceptor_.close(ignored);
  sessions_.ask_all_to_end();
  co_return co_await sessions_.until_at_most(0, deadline);
}

}  // namespace twostep::server

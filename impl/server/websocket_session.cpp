#include "impl/server/websocket_session.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/buffers_to_string.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/websocket/stream.hpp>
#include <memory>
#include <string_view>
#include <utility>

#include "impl/service/socket.hpp"

namespace twostep::server {
namespace {

namespace net = boost::asio;
namespace beast = boost::beast;
namespace websocket = beast::websocket;

constexpr auto quietly = net::as_tuple(net::use_awaitable);

websocket::close_reason close_reason_of(service::Socket::End end) {
  switch (end) {
    case service::Socket::End::replaced:
      return {websocket::close_code::policy_error, "replaced"};
    case service::Socket::End::client_removed:
      return {websocket::close_code::policy_error, "client removed"};
    case service::Socket::End::too_many:
      return {websocket::close_code::try_again_later, "too many"};
    case service::Socket::End::shutting_down:
      return {websocket::close_code::going_away, "close"};
  }
  return {websocket::close_code::internal_error};
}

class WebsocketSession : public std::enable_shared_from_this<WebsocketSession> {
 public:
  WebsocketSession(net::any_io_executor strand, Serving& serving)
      : serving_{serving}, news_{strand}, deadline_{strand} {}

  net::awaitable<Result<void>> open(const SocketOpening& opening);
  net::awaitable<void> run(net::ip::tcp::socket socket, SocketOpening opening);

 private:
  net::awaitable<bool> handshake(const SocketOpening& opening);
  net::awaitable<void> read_until_closed();
  net::awaitable<void> write_until_closed();
  net::awaitable<bool> write(std::string_view message);
  std::optional<websocket::close_reason> reason_to_close() const;
  void count_message();
  void wake();
  void closing();
  void abort_after(std::chrono::milliseconds time);
  void abort();

  Serving& serving_;
  std::optional<websocket::stream<beast::tcp_stream>> stream_;
  net::steady_timer news_;      ///< Cancelled when `woken_` is set.
  net::steady_timer deadline_;  ///< Of the write under way, or of the close.
  std::shared_ptr<service::Socket> socket_;

  bool woken_ = false;
  bool gone_ = false;          ///< The reader has ended: there is nobody to write to.
  std::size_t pongs_due_ = 0;  ///< At most the messages of one window.
  std::size_t messages_ = 0;   ///< In this window.
  std::chrono::steady_clock::time_point window_began_{};
};

// The registry must know the socket before the client knows that it is open: from then on, the
// client relies on hearing of everything that a catch-up does not return.
net::awaitable<Result<void>> WebsocketSession::open(const SocketOpening& opening) {
  const auto& caller = opening.caller;
  socket_ = serving_.sockets.open(caller.user, opening.client, caller.connection,
                                  [weak = weak_from_this(), strand = news_.get_executor()] {
                                    net::post(strand, [weak] {
                                      if (const auto self = weak.lock()) self->wake();
                                    });
                                  });
  auto began = co_await service::begin_at_head(serving_.backend, *socket_);
  if (!began) serving_.sockets.leave(*socket_);
  co_return began;
}

net::awaitable<void> WebsocketSession::run(net::ip::tcp::socket socket, SocketOpening opening) {
  stream_.emplace(std::move(socket));
  if (co_await handshake(opening)) {
    serving_.log.write(LogLevel::info, "socket-opened",
                       {{"request_id", opening.request_id},
                        {"user", opening.caller.user.text()},
                        {"client", opening.client ? opening.client->text() : ""}});
    net::co_spawn(
        news_.get_executor(), [self = shared_from_this()] { return self->read_until_closed(); },
        net::detached);
    co_await write_until_closed();
    serving_.log.write(LogLevel::info, "socket-closed", {{"request_id", opening.request_id}});
  }
  serving_.sockets.leave(*socket_);
  abort();
}

net::awaitable<bool> WebsocketSession::handshake(const SocketOpening& opening) {
  stream_->set_option(websocket::stream_base::timeout{
      .handshake_timeout = limits::handshake_deadline,
      .idle_timeout = serving_.deadlines.socket_idle,
      .keep_alive_pings = true,
  });
  stream_->set_option(websocket::stream_base::decorator{
      [&](websocket::response_type& response) { response.set("Request-Id", opening.request_id); }});
  // A message is one frame of ours, so cutting it into several would only cost.
  stream_->auto_fragment(false);
  stream_->read_message_max(limits::socket_message_bytes_max);
  stream_->binary(true);
  stream_->control_callback([this](websocket::frame_type kind, beast::string_view) {
    count_message();
    if (kind == websocket::frame_type::close) closing();
  });

  const auto [error] = co_await stream_->async_accept(net::buffer(opening.head), quietly);
  co_return !error;
}

// A client's data is a `ping` or nothing we care about.
net::awaitable<void> WebsocketSession::read_until_closed() {
  beast::flat_buffer message{limits::socket_message_bytes_max};
  for (;;) {
    const auto [error, bytes] = co_await stream_->async_read(message, quietly);
    if (error) break;
    count_message();
    if (beast::buffers_to_string(message.data()) == "ping") {
      ++pongs_due_;
      wake();
    }
    message.clear();
  }
  gone_ = true;
  wake();
}

net::awaitable<void> WebsocketSession::write_until_closed() {
  while (!gone_) {
    if (const auto reason = reason_to_close()) {
      co_await stream_->async_close(*reason, quietly);
      co_return;
    }
    if (pongs_due_ > 0) {
      --pongs_due_;
      if (!co_await write("pong")) co_return;
      continue;
    }
    const auto frame = co_await service::next_frame(serving_.backend, *socket_);
    if (!frame) {
      // What it missed can no longer be read: only a catch-up helps, and that a new socket begins.
      co_await stream_->async_close(websocket::close_code::internal_error, quietly);
      co_return;
    }
    if (*frame) {
      if (!co_await write(***frame)) co_return;
      continue;
    }
    if (!woken_ && !gone_) {
      news_.expires_at(net::steady_timer::time_point::max());
      co_await news_.async_wait(quietly);
    }
    woken_ = false;
  }
}

// The stream's own timeout counts what it reads, and a client can go on sending without ever
// reading.
net::awaitable<bool> WebsocketSession::write(std::string_view message) {
  abort_after(serving_.deadlines.socket_write);
  const auto [error, written] = co_await stream_->async_write(net::buffer(message), quietly);
  deadline_.cancel();
  co_return !error;
}

std::optional<websocket::close_reason> WebsocketSession::reason_to_close() const {
  if (const auto end = socket_->ended()) return close_reason_of(*end);
  if (messages_ > limits::socket_messages_per_window_max) {
    return websocket::close_reason{websocket::close_code::policy_error, "too many messages"};
  }
  return std::nullopt;
}

// The client has said goodbye: what comes now is not for this socket any more, although the library
// answers and then waits for the client to hang up. That can take for ever, so it gets a deadline.
void WebsocketSession::closing() {
  serving_.sockets.leave(*socket_);
  abort_after(limits::socket_close_deadline);
}

void WebsocketSession::count_message() {
  const auto now = std::chrono::steady_clock::now();
  if (now - window_began_ > limits::socket_message_window) {
    window_began_ = now;
    messages_ = 0;
  }
  if (++messages_ > limits::socket_messages_per_window_max) wake();
}

void WebsocketSession::wake() {
  woken_ = true;
  news_.cancel();
}

void WebsocketSession::abort_after(std::chrono::milliseconds time) {
  deadline_.expires_after(time);
  deadline_.async_wait([weak = weak_from_this()](boost::system::error_code cancelled) {
    const auto self = weak.lock();
    if (self && !cancelled) self->abort();
  });
}

void WebsocketSession::abort() {
  boost::system::error_code ignored;
  beast::get_lowest_layer(*stream_).socket().close(ignored);
}

}  // namespace

net::awaitable<Result<void>> serve_websocket(net::ip::tcp::socket& socket, SocketOpening opening,
                                             Serving& serving) {
  const auto session = std::make_shared<WebsocketSession>(socket.get_executor(), serving);
  if (auto opened = co_await session->open(opening); !opened) co_return opened.error();
  co_await session->run(std::move(socket), std::move(opening));
  co_return Result<void>{};
}

}  // namespace twostep::server

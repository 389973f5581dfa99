#include "model/serve/websocket.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/buffers_to_string.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/websocket.hpp>
#include <deque>
#include <optional>

#include "model/serve/limits.hpp"

namespace twostep::model::serve {
namespace {

namespace asio = boost::asio;
namespace websocket = boost::beast::websocket;
using Stream = websocket::stream<asio::ip::tcp::socket>;
constexpr auto quietly = asio::as_tuple(asio::use_awaitable);

class BeastWebsocket final : public Websocket, public std::enable_shared_from_this<BeastWebsocket> {
 public:
  explicit BeastWebsocket(Events events) : events_{std::move(events)} {}

  void start(asio::ip::tcp::socket socket, std::string received) override {
    stream_.emplace(std::move(socket));
    asio::co_spawn(stream_->get_executor(), run(std::move(received)), asio::detached);
  }

  void send(std::string frame) override {
    if (ended_ || closing_) return;
    queued_bytes_ += frame.size();
    queue_.push_back(std::move(frame));
    if (queued_bytes_ > limits::socket_queue_bytes_max) return cut_off();
    if (queue_.size() == 1 && open_) write_first();
  }

  void close(WebsocketClose why) override {
    if (!open_) return cut_off();
    if (closing_) return;
    closing_ = true;
    stream_->async_close(websocket::close_reason{static_cast<websocket::close_code>(why)},
                         [self = shared_from_this()](boost::system::error_code) {});
  }

 private:
  asio::awaitable<void> run(std::string received) {
    const auto self = shared_from_this();
    auto timeout = websocket::stream_base::timeout::suggested(boost::beast::role_type::server);
    timeout.idle_timeout = limits::socket_idle_max;
    timeout.keep_alive_pings = true;
    stream_->set_option(timeout);
    stream_->read_message_max(limits::socket_message_bytes_max);
    stream_->binary(true);
    const auto [error] = co_await stream_->async_accept(asio::buffer(received), quietly);
    if (!error && !ended_) {
      open_ = true;
      if (!queue_.empty()) write_first();
      co_await read_all();
    }
    cut_off();
  }

  asio::awaitable<void> read_all() {
    boost::beast::flat_buffer buffer;
    for (;;) {
      const auto [error, size] = co_await stream_->async_read(buffer, quietly);
      if (error) co_return;
      events_.on_message(boost::beast::buffers_to_string(buffer.data()));
      buffer.consume(size);
    }
  }

  void write_first() {
    stream_->async_write(asio::buffer(queue_.front()),
                         [self = shared_from_this()](boost::system::error_code error, std::size_t) {
                           if (error || self->ended_) return self->cut_off();
                           self->queued_bytes_ -= self->queue_.front().size();
                           self->queue_.pop_front();
                           if (!self->queue_.empty()) self->write_first();
                         });
  }

  /// The queue stays: a write that is under way may still read from it.
  void cut_off() {
    if (ended_) return;
    ended_ = true;
    open_ = false;
    boost::system::error_code ignored;
    if (stream_) stream_->next_layer().close(ignored);
    events_.on_closed();
  }

  Events events_;
  std::optional<Stream> stream_;
  std::deque<std::string> queue_;
  std::size_t queued_bytes_ = 0;
  bool open_ = false;
  bool closing_ = false;
  bool ended_ = false;
};

}  // namespace

std::shared_ptr<Websocket> make_websocket(Websocket::Events events) {
  return std::make_shared<BeastWebsocket>(std::move(events));
}

}  // namespace twostep::model::serve

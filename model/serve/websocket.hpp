#pragma once

#include <boost/asio/ip/tcp.hpp>
#include <functional>
#include <memory>
#include <string>

/// One websocket, from the server's side.
///
/// Shape      Frames that are sent wait in a queue of bounded size. Whoever does not read loses the socket,
///            and nothing else: what it should have got is in the inbox.
/// Threads    One, that of the socket's executor. `send` and `close` never wait.
/// Source     specs/07-wire.md WIR-17..WIR-23; specs/08-robustness.md ROB-11, ROB-18, ROB-19.
namespace twostep::model::serve {

enum class WebsocketClose { going_away = 1001, replaced = 1008 };

class Websocket {
 public:
  struct Events {
    std::function<void(const std::string& text)> on_message;  ///< Text or binary, complete.
    std::function<void()> on_closed;  ///< Once, also if the handshake failed.
  };

  virtual ~Websocket() = default;
  virtual void send(std::string frame) = 0;
  virtual void close(WebsocketClose why) = 0;

  /// Answers the handshake, whose head is in `received`, and goes on until the socket ends. Frames sent
  /// before the handshake is done come right after it.
  virtual void start(boost::asio::ip::tcp::socket socket, std::string received) = 0;
};

std::shared_ptr<Websocket> make_websocket(Websocket::Events events);

}  // namespace twostep::model::serve

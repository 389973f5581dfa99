#pragma once

#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "conformance/support/http.hpp"
#include "conformance/support/notification.hpp"

/// A websocket of a device, seen frame by frame.
///
/// Reads only while a function of it waits: a socket on which nobody waits is a reader that does
/// not read. The framing is the suite's own, so that it can also send what a library would refuse.
///
/// Threads    Belongs to one thread.
/// Source     RFC 6455; API §8.1, §8.2.
namespace twostep::conformance {

struct SocketOptions {
  std::string path = {};         ///< Default: `/await?client=<id of the device>`.
  bool token_in_query = false;   ///< Else in the `Authorization` header.
  bool registered = true;        ///< Return only when a data `ping` was answered.
  int receive_buffer_bytes = 0;  ///< Small for a reader that does not read; 0 is the default.
};

/// A masked frame whose first octet (FIN, reserved bits, opcode) is given: for what a library would
/// not send.
std::string masked_frame(int first_octet, const std::string& payload);

enum class Opcode { text = 1, binary = 2, close = 8, ping = 9, pong = 10 };

struct Frame {
  Opcode opcode;
  std::string payload;

  /// The notification in it, if that is what it is.
  std::optional<Notification> notification() const;
};

class Socket {
 public:
  /// Connects and asks for the upgrade; says in `refusal()` if it was not granted.
  Socket(std::string actor, const std::string& url, const std::vector<Header>& headers,
         const SocketOptions& options);
  ~Socket();
  Socket(Socket&&) noexcept;
  Socket& operator=(Socket&&) noexcept;

  /// The answer to the upgrade request, if it was not 101.
  const std::optional<Reply>& refusal() const;

  /// Reads until a frame satisfies `wanted`, the socket closes, or the deadline has passed. Pings
  /// are answered on the way. Frames are recorded, and kept in `frames()`.
  std::optional<Frame> wait_for(const std::function<bool(const Frame&)>& wanted);

  /// True once a message with this body has arrived, now or earlier; else says what was seen.
  ::testing::AssertionResult receives(const std::string& body);

  /// Reads until the message `last` arrives (a fence) and gives all bodies seen so far, `last`
  /// included. Without it, what was seen until the deadline.
  std::vector<std::string> bodies_until(const std::string& last);

  /// The same, as notifications.
  Notifications notifications_until(const std::string& last);

  /// Waits for the first notification with an event of this type, now or earlier.
  std::optional<Notification> wait_for_event(const std::string& type);

  /// Everything received so far.
  const std::vector<Frame>& frames() const;
  Notifications seen() const;

  void send(Opcode opcode, const std::string& payload);
  void send_raw(const std::string& bytes);  ///< Bytes of one's own after the handshake.

  /// Reads until the backend closes. Gives the close code, 1005 for a close frame without one, 1006
  /// for an end without a close frame, and nothing if it stays open until the deadline.
  std::optional<int> wait_for_close();
  void close();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace twostep::conformance

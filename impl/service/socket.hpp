#pragma once

#include <boost/asio/awaitable.hpp>
#include <functional>
#include <mutex>
#include <optional>

#include "impl/core/ids.hpp"
#include "impl/core/result.hpp"
#include "impl/service/ports.hpp"
#include "impl/service/socket_cursor.hpp"

/// One open websocket: its cursor, and the word that there is something to do.
///
/// The session that owns the connection does this, in order: `SocketRegistry::open`, then
/// `begin_at_head` (only after it may the handshake be answered, so that nothing falls between the
/// socket and a catch-up), then `next_frame` until it has none, wait for `wake`, and again; at the
/// end `SocketRegistry::leave`.
///
/// Threads    Doorbells ring on the store's thread, the session runs on its own; a mutex held for a
///            few instructions is between them.
/// Source     specs/02-deliver.md (DLV).
namespace twostep::service {

class Socket {
 public:
  /// Why the backend ends a socket.
  enum class End { replaced, client_removed, too_many, shutting_down };

  /// `wake` is called on any thread, at most once after each time `take` had nothing to do and once
  /// when the socket is to end. It must not wait nor call back, only post to the session, and may
  /// find the session not waiting yet: it sets a flag there, it does not only cancel a timer.
  Socket(UserId user, std::optional<ClientId> client, ConnectionId connection,
         std::function<void()> wake);

  const UserId& user() const { return user_; }
  const std::optional<ClientId>& client() const { return client_; }
  ConnectionId connection() const { return connection_; }

  std::optional<End> ended() const;

  // For the registry.
  void ring(const Doorbell& doorbell, const Frame& frame);
  void transient(const std::vector<ClientId>& targets, ConnectionId origin, const Frame& frame);
  void end(End why);  ///< The first reason stays.

  // For `next_frame`.
  SocketCursor::Next take();
  void read(SocketCursor::Page page);

 private:
  void wake_if_hungry(std::unique_lock<std::mutex> lock);

  const UserId user_;
  const std::optional<ClientId> client_;
  const ConnectionId connection_;
  const std::function<void()> wake_;

  mutable std::mutex mutex_;  ///< Guards everything below.
  SocketCursor cursor_;
  bool hungry_ = false;  ///< The session found nothing to do and waits to be woken.
  std::optional<End> ended_;
};

/// Puts the cursor at the end of the inbox as it is now. Requires a registered socket: what is
/// committed from now on rings.
boost::asio::awaitable<Result<void>> begin_at_head(Backend& backend, Socket& socket);

/// The next message to write, read from the store where needed; none: wait for `wake`.
boost::asio::awaitable<Result<std::optional<Frame>>> next_frame(Backend& backend, Socket& socket);

}  // namespace twostep::service

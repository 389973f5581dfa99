#pragma once

#include <array>
#include <boost/asio/awaitable.hpp>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "impl/core/ids.hpp"
#include "impl/core/result.hpp"
#include "impl/core/time_uuid.hpp"
#include "impl/service/peers.hpp"
#include "impl/store/inbox.hpp"
#include "impl/store/store.hpp"

/// What the service asks of the world. Time, randomness, storage, sockets and push are parameters,
/// so that the same coroutines run in production and in simulation.
///
/// Threads    Every port may be used from any thread, unless it says otherwise.
/// Source     docs/ARCHITECTURE.md
namespace twostep::service {

/// Who asks: what a valid access token says.
struct Caller {
  UserId user;
  ConnectionId connection;
  std::optional<ClientId> client;  ///< If the token was bound to one.
};

class Clock {
 public:
  virtual ~Clock() = default;
  virtual Instant now() const = 0;  ///< Wall clock; may jump.
};

class Entropy {
 public:
  virtual ~Entropy() = default;
  virtual void fill(std::span<std::uint8_t> bytes) = 0;  ///< Fit for keys.

  std::uint64_t number();
  Uuid uuid();  ///< Version 4.
};

/// Passwords, hashed where it does not hold up anybody else.
class Passwords {
 public:
  virtual ~Passwords() = default;

  /// The text to keep. Errors: `too_busy` when the bounded pool is full.
  virtual boost::asio::awaitable<Result<std::string>> hash(std::string password) = 0;

  virtual boost::asio::awaitable<Result<bool>> matches(std::string password, std::string hash) = 0;
};

/// One committed notification, as step two needs it.
struct Doorbell {
  UserId user;
  std::optional<TimeUuid> previous;  ///< The id before it in this inbox.
  TimeUuid id;
  std::vector<ClientId> targets;  ///< Empty: every client.
  ConnectionId origin;
  std::string event;         ///< What was stored; a frame is made of it where a socket wants one.
  bool native_push = false;  ///< Whether a client that is offline may be pushed to.
  bool high_priority = true;
};

/// The open websockets of this node.
class Sockets {
 public:
  virtual ~Sockets() = default;

  /// Tells every socket of the user that a notification was committed. In commit order; never
  /// waits.
  virtual void ring(const Doorbell& doorbell) = 0;

  /// Hands a frame that is stored nowhere to the sockets of these clients (empty: all). Never
  /// waits.
  virtual void send_transient(const UserId& user, const std::vector<ClientId>& targets,
                              ConnectionId origin, std::shared_ptr<const std::string> frame) = 0;

  /// Whether a socket opened for exactly this client is there now.
  virtual bool online(const UserId& user, ClientId client) const = 0;

  /// Ends the sockets of a client that was removed.
  virtual void close(const UserId& user, ClientId client) = 0;
};

/// A notice for the push gateway. It carries no content, only the name of what to fetch.
struct PushNotice {
  std::string transport;  ///< "GCM", "APNS", …
  std::string app;
  std::string token;
  bool high_priority = true;
  UserId user;
  ClientId client;
  TimeUuid id;
};

/// What became of a notice.
enum class PushAnswer {
  accepted,
  dead,    ///< The gateway will never reach this token again.
  failed,  ///< Not reached, not in time, or an answer that says neither.
};

class PushGateway {
 public:
  virtual ~PushGateway() = default;

  /// Returns within a bounded time. Not repeated by anybody: the inbox is the promise.
  virtual boost::asio::awaitable<PushAnswer> notify(PushNotice notice) = 0;
};

/// Native push, as a change sees it.
class NativePush {
 public:
  virtual ~NativePush() = default;

  /// Takes note of a committed notification with `native_push`; decides at once who is offline, and
  /// does the rest elsewhere. Dropped if too many wait. Never waits.
  virtual void offer(const Doorbell& doorbell) = 0;
};

/// Everything together, and what is configured. Lives as long as the process serves.
struct Backend {
  Domain domain;
  store::IdPolicy id_policy = store::IdPolicy::monotonic;
  Origin id_origin;                         ///< Random bits of this start (TID).
  Ticks retention = std::chrono::days{28};  ///< How long a notification is kept.
  Clock& clock;
  Entropy& entropy;
  store::Store& store;
  Passwords& passwords;
  Sockets& sockets;
  NativePush& push;
  Peers* peers = nullptr;  ///< None: there are no other backends.
};

}  // namespace twostep::service

#pragma once

#include <atomic>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/system/result.hpp>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "impl/app/config.hpp"
#include "impl/app/entropy.hpp"
#include "impl/app/federating.hpp"
#include "impl/app/passwords.hpp"
#include "impl/app/start_failure.hpp"
#include "impl/app/system_clock.hpp"
#include "impl/push/gateway.hpp"
#include "impl/server/api.hpp"
#include "impl/server/listener.hpp"
#include "impl/server/log.hpp"
#include "impl/server/metrics.hpp"
#include "impl/service/logins.hpp"
#include "impl/service/ports.hpp"
#include "impl/service/socket_registry.hpp"
#include "impl/service/step_two.hpp"
#include "impl/service/tokens.hpp"
#include "impl/store/store.hpp"

/// One server of a backend: every adapter there is, put together.
///
/// Threads    Made, started, drained and destroyed by one thread, while others run the context.
///            Destroyed when no thread runs the context any more, and before the context.
/// Source     docs/ARCHITECTURE.md, "Operation".
namespace twostep::app {

/// A store, and whether it still takes writes.
struct OpenStore {
  std::unique_ptr<store::Store> store;
  std::function<bool()> takes_writes;
};

enum class Open { to_serve, to_look };  ///< To look: also while a server is using it.

boost::system::result<OpenStore, StartFailure> open_store(const Config& config, Open why);

class Node {
 public:
  Node(const Config& config, OpenStore store, boost::asio::io_context& context, server::Log& log);
  ~Node();

  /// Where requests are taken.
  struct Ports {
    std::uint16_t clients = 0;
    std::uint16_t peers = 0;  ///< Zero: there are no others.
  };

  /// Takes requests from now on.
  boost::system::result<Ports, StartFailure> start();

  /// Takes no more, and waits for those that were begun. Says whether all of them ended in time.
  bool drain(std::chrono::steady_clock::duration grace);

 private:
  boost::system::result<void, StartFailure> load();
  boost::system::result<void, StartFailure> listen();
  server::Routes routes();
  void watch();
  boost::asio::awaitable<bool> ready();
  boost::asio::awaitable<void> forget_what_has_expired();

  const Config config_;
  boost::asio::io_context& context_;
  server::Log& log_;
  SystemClock clock_;
  SystemEntropy entropy_;
  Argon2Passwords passwords_;
  OpenStore store_;
  service::SocketRegistry sockets_;
  std::unique_ptr<push::HttpGateway> gateway_;     ///< None: no push.
  std::unique_ptr<service::StepTwo> native_push_;  ///< None: no push.
  std::unique_ptr<service::NativePush> no_push_;
  service::Backend backend_;
  server::Metrics metrics_;
  std::optional<service::TokenKeys> keys_;
  std::unique_ptr<service::Logins> logins_;
  std::unique_ptr<server::Api> api_;
  std::unique_ptr<server::Listener> listener_;
  std::unique_ptr<Federating> federating_;  ///< None: there are no others.
  std::atomic<bool> draining_ = false;
};

}  // namespace twostep::app

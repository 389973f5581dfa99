#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/system/result.hpp>
#include <chrono>
#include <cstdint>
#include <memory>

#include "impl/app/config.hpp"
#include "impl/app/start_failure.hpp"
#include "impl/federation/certificates.hpp"
#include "impl/federation/discovery.hpp"
#include "impl/federation/inbound_session.hpp"
#include "impl/federation/peer_client.hpp"
#include "impl/federation/peer_list.hpp"
#include "impl/server/listener.hpp"
#include "impl/server/log.hpp"
#include "impl/server/metrics.hpp"
#include "impl/service/ports.hpp"

/// All that a server needs to speak with other backends, in both directions.
///
/// Threads    As for Node, whose part it is.
/// Source     specs/09-federation.md (FED); docs/federation.md.
namespace twostep::app {

class Federating {
 public:
  using Made = boost::system::result<std::unique_ptr<Federating>, StartFailure>;

  /// Requires   A configuration with somewhere to listen.
  static Made make(const Config& config, boost::asio::io_context& context,
                   service::Backend& backend, server::Metrics& metrics, server::Log& log);

  service::Peers& peers() { return client_; }

  void start() { listener_.start(); }
  std::uint16_t port() const { return listener_.port(); }
  std::size_t connections() const { return listener_.connections(); }

  boost::asio::awaitable<bool> drain(std::chrono::steady_clock::duration grace) {
    return listener_.drain(grace);
  }

 private:
  Federating(const Config& config, federation::TlsContexts tls, boost::asio::io_context& context,
             service::Backend& backend, server::Metrics& metrics, server::Log& log);

  const federation::PeerList list_;
  const federation::TlsContexts tls_;  ///< Empty: plain HTTP.
  const federation::Discovery discovery_;
  const federation::Inbound inbound_;
  federation::PeerClient client_;
  server::Listener listener_;
};

}  // namespace twostep::app

#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/ssl/context.hpp>
#include <memory>

#include "impl/core/ids.hpp"
#include "impl/federation/call_places.hpp"
#include "impl/federation/discovery.hpp"
#include "impl/federation/kept_connections.hpp"
#include "impl/federation/peer_list.hpp"
#include "impl/server/log.hpp"
#include "impl/server/metrics.hpp"
#include "impl/service/peers.hpp"

/// Calls other backends, over HTTP/1.1 and TLS.
///
/// Shape      One call at a time on a connection; it is kept for the next one as `KeptConnections`
///            says. A call is written once, whatever becomes of it.
/// Errors     As in service/peers.hpp. Whatever a peer answers is an answer, redirects included:
///            they are not followed. A call that fails leaves one line in the log.
/// Threads    Any. No thread waits for a peer.
/// Source     specs/09-federation.md (FED).
namespace twostep::federation {

/// What every call of a backend shares; all of it outlives the context.
struct Outbound {
  Domain self;
  const PeerList& peers;
  const Discovery& discovery;
  boost::asio::ssl::context* tls = nullptr;  ///< None: peers with TLS cannot be called.
  server::Metrics& metrics;
  server::Log& log;
};

class PeerClient final : public service::Peers {
 public:
  PeerClient(boost::asio::any_io_executor executor, Outbound outbound);

  boost::asio::awaitable<boost::system::result<service::PeerReply, service::PeerFailure>> call(
      service::PeerCall call) override;

 private:
  using Outcome = boost::system::result<service::PeerReply, service::PeerFailure>;
  using Deadline = std::chrono::steady_clock::time_point;

  boost::asio::awaitable<Outcome> call_once(service::PeerCall call, Deadline deadline);
  boost::asio::awaitable<boost::system::result<std::unique_ptr<Channel>, service::PeerFailure>>
  connect(const Domain& domain, const Peer& peer, Deadline deadline);
  boost::asio::awaitable<Outcome> exchange(service::PeerCall call, std::unique_ptr<Channel> channel,
                                           Deadline deadline);
  void note(const std::string& peer, const std::string& rpc, const Outcome& outcome,
            std::chrono::nanoseconds took);

  const boost::asio::any_io_executor executor_;
  const Outbound outbound_;
  CallPlaces places_;
  KeptConnections connections_;
};

}  // namespace twostep::federation

#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/system/result.hpp>
#include <chrono>
#include <vector>

#include "impl/core/ids.hpp"
#include "impl/federation/dns.hpp"
#include "impl/federation/peer_list.hpp"
#include "impl/service/peers.hpp"

/// Where a peer is found.
///
/// Shape      As configured; else by the DNS: the first target of the service record
///            `_wire-server-federator._tcp.<domain>`, and the addresses of its host. What the DNS
///            says is what a stranger says. So addresses that are not of the public Internet are
///            left out, unless they are allowed: nobody makes us knock at our own doors, or at those
///            of a cloud's metadata. An address that is configured is the operator's word.
/// Errors     `unknown_domain` if there is no such record, `discovery` for everything else.
/// Threads    Any.
/// Source     specs/09-federation.md (FED); RFC 2782; RFC 6890.
namespace twostep::federation {

enum class FoundAddresses { public_only, any };

/// Whether everybody on the Internet may be told to connect there.
bool is_public(const boost::asio::ip::address& address);

class Discovery {
 public:
  using Found =
      boost::system::result<std::vector<boost::asio::ip::tcp::endpoint>, service::PeerFailure>;

  Discovery(Dns dns, FoundAddresses allowed) : dns_{std::move(dns)}, allowed_{allowed} {}

  /// Never empty.
  boost::asio::awaitable<Found> find(const Peer& peer, const Domain& domain,
                                     Dns::Deadline deadline) const;

 private:
  boost::asio::awaitable<Found> endpoints(std::string host, std::uint16_t port,
                                          FoundAddresses allowed, Dns::Deadline deadline) const;

  Dns dns_;
  FoundAddresses allowed_;
};

}  // namespace twostep::federation

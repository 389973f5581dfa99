#include "impl/federation/discovery.hpp"

#include <algorithm>
#include <array>
#include <boost/asio/ip/network_v4.hpp>
#include <boost/asio/ip/network_v6.hpp>
#include <utility>

namespace twostep::federation {
namespace {

namespace net = boost::asio;
namespace ip = boost::asio::ip;
using service::PeerFailure;

struct Network4 {
  std::array<std::uint8_t, 4> octets;
  unsigned prefix;
};

// The special-purpose addresses of RFC 6890 that are not global, and multicast.
constexpr auto special4 = std::to_array<Network4>({
    {{0, 0, 0, 0}, 8},        // this network
    {{10, 0, 0, 0}, 8},       // private
    {{100, 64, 0, 0}, 10},    // shared by a carrier's customers
    {{127, 0, 0, 0}, 8},      // loopback
    {{169, 254, 0, 0}, 16},   // link-local, with the metadata of clouds
    {{172, 16, 0, 0}, 12},    // private
    {{192, 0, 0, 0}, 24},     // protocol assignments
    {{192, 0, 2, 0}, 24},     // documentation
    {{192, 88, 99, 0}, 24},   // 6to4 relays
    {{192, 168, 0, 0}, 16},   // private
    {{198, 18, 0, 0}, 15},    // benchmarks
    {{198, 51, 100, 0}, 24},  // documentation
    {{203, 0, 113, 0}, 24},   // documentation
    {{224, 0, 0, 0}, 3},      // multicast, reserved, broadcast
});

bool lies_in(const Network4& network, const ip::address_v4& address) {
  const auto mask = ~std::uint32_t{0} << (32 - network.prefix);
  return (address.to_uint() & mask) == ip::address_v4{network.octets}.to_uint();
}

bool is_public4(const ip::address_v4& address) {
  return std::none_of(special4.begin(), special4.end(),
                      [&](const Network4& network) { return lies_in(network, address); });
}

// Global unicast is 2000::/3. Within it, what only wraps an address of version 4 (6to4, Teredo) or
// is for documentation leads nowhere that a peer would be.
bool is_public6(const ip::address_v6& address) {
  if (address.is_v4_mapped()) return is_public4(ip::make_address_v4(ip::v4_mapped, address));
  const auto octets = address.to_bytes();
  const auto first = static_cast<unsigned>(octets[0] << 8 | octets[1]);
  const auto second = static_cast<unsigned>(octets[2] << 8 | octets[3]);
  if (first >> 13 != 1 || first == 0x2002) return false;
  return first != 0x2001 || (second != 0x0db8 && second >= 0x0200);
}

PeerFailure failure_of(DnsFailure failure) {
  switch (failure) {
    case DnsFailure::no_such_name:
      return PeerFailure::unknown_domain;
    case DnsFailure::failed:
      return PeerFailure::discovery;
  }
  return PeerFailure::discovery;
}

}  // namespace

bool is_public(const ip::address& address) {
  return address.is_v4() ? is_public4(address.to_v4()) : is_public6(address.to_v6());
}

net::awaitable<Discovery::Found> Discovery::find(const Peer& peer, const Domain& domain,
                                                 Dns::Deadline deadline) const {
  if (peer.url) {
    co_return co_await endpoints(peer.url->host, peer.url->port, FoundAddresses::any, deadline);
  }
  const auto name = "_wire-server-federator._tcp." + domain.text();
  const auto services = co_await dns_.services(name, deadline);
  if (!services) co_return failure_of(services.error());
  const auto& first = services->front();
  co_return co_await endpoints(first.host, first.port, allowed_, deadline);
}

net::awaitable<Discovery::Found> Discovery::endpoints(std::string host, std::uint16_t port,
                                                      FoundAddresses allowed,
                                                      Dns::Deadline deadline) const {
  std::vector<ip::address> addresses;
  boost::system::error_code is_name;
  if (const auto address = ip::make_address(host, is_name); !is_name) {
    addresses.push_back(address);
  } else {
    auto found = co_await dns_.addresses(std::move(host), deadline);
    // There is a record, so there is a peer; it leads nowhere.
    if (!found) co_return PeerFailure::discovery;
    addresses = *std::move(found);
  }
  std::vector<ip::tcp::endpoint> endpoints;
  for (const auto& address : addresses) {
    if (allowed == FoundAddresses::any || is_public(address)) endpoints.emplace_back(address, port);
  }
  if (endpoints.empty()) co_return PeerFailure::discovery;
  co_return endpoints;
}

}  // namespace twostep::federation

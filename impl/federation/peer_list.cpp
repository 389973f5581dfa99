#include "impl/federation/peer_list.hpp"

#include <algorithm>
#include <boost/asio/ip/address.hpp>
#include <charconv>
#include <utility>

namespace twostep::federation {
namespace {

constexpr std::string_view everybody = "*";
constexpr std::string_view beneath = "*.";

std::optional<std::string> pattern_of(std::string_view text) {
  if (text == everybody) return std::string{text};
  const bool wild = text.starts_with(beneath);
  const auto domain = Domain::parse(wild ? text.substr(beneath.size()) : text);
  if (!domain) return std::nullopt;
  return wild ? std::string{beneath} + domain->text() : domain->text();
}

bool fits(std::string_view pattern, std::string_view domain) {
  if (pattern == everybody) return true;
  if (!pattern.starts_with(beneath)) return pattern == domain;
  const auto end = pattern.substr(1);
  return domain.size() > end.size() && domain.ends_with(end);
}

bool is_host(std::string_view host) {
  if (Domain::parse(host)) return true;
  boost::system::error_code error;
  boost::asio::ip::make_address(std::string{host}, error);
  return !error;
}

std::optional<std::uint16_t> port_of(std::string_view text) {
  std::uint16_t port = 0;
  const auto end = text.data() + text.size();
  const auto [stopped, error] = std::from_chars(text.data(), end, port);
  if (error != std::errc{} || stopped != end || port == 0) return std::nullopt;
  return port;
}

}  // namespace

std::optional<PeerUrl> PeerUrl::parse(std::string_view text) {
  PeerUrl url;
  if (text.starts_with("https://")) {
    text.remove_prefix(8);
  } else if (text.starts_with("http://")) {
    text.remove_prefix(7);
    url = {.secure = false, .host = {}, .port = 80};
  } else {
    return std::nullopt;
  }
  // An address of version 6 stands in brackets, since it has colons of its own.
  const auto bracket = text.starts_with('[') ? text.find(']') : std::string_view::npos;
  const auto host_end = bracket == text.npos ? std::min(text.find(':'), text.size()) : bracket + 1;
  auto host = text.substr(0, host_end);
  if (host_end < text.size()) {
    if (text[host_end] != ':') return std::nullopt;
    const auto port = port_of(text.substr(host_end + 1));
    if (!port) return std::nullopt;
    url.port = *port;
  }
  if (bracket != text.npos) host = host.substr(1, host.size() - 2);
  if (!is_host(host)) return std::nullopt;
  url.host = host;
  return url;
}

std::optional<Peer> Peer::parse(std::string_view text) {
  const auto equals = text.find('=');
  auto pattern = pattern_of(text.substr(0, equals));
  if (!pattern) return std::nullopt;
  if (equals == text.npos) return Peer{.pattern = *std::move(pattern), .url = std::nullopt};
  auto url = PeerUrl::parse(text.substr(equals + 1));
  if (!url) return std::nullopt;
  return Peer{.pattern = *std::move(pattern), .url = std::move(url)};
}

PeerList::PeerList(Domain self, std::vector<Peer> peers)
    : self_{std::move(self)}, peers_{std::move(peers)} {
  const auto exactness = [](const Peer& peer) {
    return std::pair{!peer.pattern.starts_with('*'), peer.pattern.size()};
  };
  std::stable_sort(peers_.begin(), peers_.end(), [&](const Peer& left, const Peer& right) {
    return exactness(left) > exactness(right);
  });
}

const Peer* PeerList::find(const Domain& domain) const {
  if (domain == self_) return nullptr;
  const auto found = std::find_if(peers_.begin(), peers_.end(), [&](const Peer& peer) {
    return fits(peer.pattern, domain.text());
  });
  return found == peers_.end() ? nullptr : &*found;
}

}  // namespace twostep::federation

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "impl/core/ids.hpp"

/// The backends that this one speaks with: who may call, whom it calls, and where those are found.
///
/// Shape      A list of `PATTERN[=URL]`. A pattern is a domain, `*.` and a domain (every domain
///            that ends so, whatever stands for the star), or `*` (everybody). Without a URL a peer
///            is found through DNS. The most exact pattern decides, whatever the order.
/// Errors     A bad entry is `nullopt`. A domain that no pattern fits is no peer.
/// Threads    Plain values.
/// Source     specs/09-federation.md (FED).
namespace twostep::federation {

/// Where a peer listens: `https://host[:port]`, or `http://` for rigs on one machine. Nothing after
/// the port: paths are the protocol's business.
struct PeerUrl {
  bool secure = true;
  std::string host;  ///< A name, or an address (version 6 without its brackets).
  std::uint16_t port = 443;

  static std::optional<PeerUrl> parse(std::string_view text);

  friend bool operator==(const PeerUrl&, const PeerUrl&) = default;
};

struct Peer {
  std::string pattern;
  std::optional<PeerUrl> url;  ///< None: DNS knows.

  static std::optional<Peer> parse(std::string_view text);
};

class PeerList {
 public:
  PeerList(Domain self, std::vector<Peer> peers);

  /// None: not a peer; nobody is one of itself. Valid as long as this list.
  const Peer* find(const Domain& domain) const;

 private:
  Domain self_;
  std::vector<Peer> peers_;  ///< The most exact first.
};

}  // namespace twostep::federation

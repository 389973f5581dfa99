#pragma once

#include <optional>
#include <string>
#include <string_view>

/// Which peer a connection is for, as its first bytes say: `Host` of the first HTTP request, or the server
/// name (SNI) with which TLS begins.
///
/// Source     RFC 9112 §3.2; RFC 8446 §4.1.2; RFC 6066 §3.
namespace twostep::conformance {

struct PeerName {
  bool complete = false;                   ///< No further bytes are needed to tell.
  std::optional<std::string> domain = {};  ///< Lower case, without port; nothing if none is named.
};

PeerName peer_name(std::string_view first_bytes);

}  // namespace twostep::conformance

#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/system/result.hpp>
#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

#include "impl/core/ids.hpp"

/// Other backends: calling them, and being called by them.
///
/// Both directions are values here. How a call travels, how a peer is found, and how it proves who it
/// is, are the adapter's business (impl/federation).
///
/// Threads    Any. A call may be answered by calls in the other direction before it returns: nobody
///            holds a lock, or the store, while waiting for a peer.
/// Source     specs/09-federation.md (FED).
namespace twostep::service {

struct Backend;

/// The version of all these calls that we speak, and no other.
inline constexpr std::string_view peer_api_version = "1";

/// Which part of a peer a call is for; only a name today.
enum class Component : std::uint8_t { brig, galley };

std::string_view name_of(Component component);

struct PeerCall {
  Domain to;
  Component component;
  std::string rpc;   ///< "get-user-clients"; the path is `/federation/<component>/<rpc>`.
  std::string body;  ///< JSON.
  std::chrono::milliseconds deadline;  ///< From now until the last octet of the answer.
};

/// The path of a call, as both sides and every error name it.
std::string path_of(const PeerCall& call);

/// Whatever the peer answered.
struct PeerReply {
  int status = 200;
  std::string body;
};

/// Why there is no answer.
enum class PeerFailure : std::uint8_t {
  denied = 1,      ///< Our own configuration does not allow this domain.
  unknown_domain,  ///< No peer is configured and there is no SRV record.
  discovery,       ///< The DNS failed.
  unreachable,     ///< Refused, reset before a response, or nothing within the deadline.
  tls,             ///< The handshake failed, or the certificate is not the peer's.
  http,            ///< The response is not HTTP, is too large, or breaks off.
  version,         ///< No version of the federation's interface in common.
};

class Peers {
 public:
  virtual ~Peers() = default;

  /// One call, once: nothing is repeated, nothing is remembered. Returns by the deadline.
  virtual boost::asio::awaitable<boost::system::result<PeerReply, PeerFailure>> call(
      PeerCall call) = 0;
};

[[noreturn]] void throw_exception_from_error(PeerFailure failure, const boost::source_location&);

/// A call that came in, from a peer that has proven to be `origin`.
struct PeerRequest {
  Domain origin;
  std::string component;  ///< As in the path: a name that nobody has is answered 404.
  std::string rpc;
  std::string body;
};

struct PeerAnswer {
  int status = 200;
  std::string body;
  std::string remark =
      {};  ///< For the log: what was asked for and silently not done. Mostly empty.
};

/// Answers a call of a peer. Nothing that `origin` is not entitled to say is believed.
boost::asio::awaitable<PeerAnswer> answer_peer(Backend& backend, PeerRequest request);

}  // namespace twostep::service

#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <chrono>
#include <functional>

#include "impl/core/ids.hpp"
#include "impl/federation/limits.hpp"
#include "impl/federation/peer_list.hpp"
#include "impl/server/log.hpp"
#include "impl/server/metrics.hpp"
#include "impl/server/sessions.hpp"
#include "impl/service/peers.hpp"

/// One connection of a peer: its calls, one after another.
///
/// A call waits for nothing but its own answer: while a call of ours to a peer is under way, that
/// peer's calls are served as ever, on other connections.
///
/// Errors     A call that is not let in is answered with its error, and leaves one line in the log. A
///            connection whose handshake fails leaves one line too.
/// Requires   The socket's executor is a strand of its own.
/// Source     specs/09-federation.md (FED); specs/08-robustness.md (ROB).
namespace twostep::federation {

/// How long each phase may take. In production as in the limits; tests do not wait that long.
struct InboundDeadlines {
  std::chrono::milliseconds handshake = limits::handshake_deadline;
  std::chrono::milliseconds head = limits::head_deadline;
  std::chrono::milliseconds transfer = limits::transfer_deadline_base;
  std::chrono::milliseconds idle = limits::idle_deadline;
};

/// What every connection of a listener for peers shares.
struct Inbound {
  using Answer =
      std::function<boost::asio::awaitable<service::PeerAnswer>(service::PeerRequest request)>;

  const PeerList& peers;
  boost::asio::ssl::context* tls = nullptr;  ///< None: every origin is believed.
  Answer answer;
  server::Metrics& metrics;
  server::Log& log;
  InboundDeadlines deadlines = {};
};

boost::asio::awaitable<void> serve_peer(boost::asio::ip::tcp::socket socket, const Inbound& inbound,
                                        server::Sessions::Seat& seat);

}  // namespace twostep::federation

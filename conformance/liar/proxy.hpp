#pragma once

#include <cstdint>
#include <string>

#include "conformance/liar/fault.hpp"

/// The liar's ear and mouth: a proxy that lets everything through, changed by at most one fault.
///
/// Shape      A thread per connection, blocking sockets: the liar stands between a test and a
/// backend on
///            one machine, for seconds.
/// Errors     A target that cannot be reached, or ends early, ends the client's connection.
/// Threads    `serve` blocks, and may be called for two legs at once.
namespace twostep::conformance::liar {

struct Endpoint {
  std::string host;
  std::uint16_t port = 0;

  /// "127.0.0.1:8080", also with a scheme before and a slash after it. Throws
  /// std::invalid_argument.
  static Endpoint parse(std::string_view text);
};

/// Which of a fault's hooks apply: whose calls of whom these are.
enum class Leg {
  backend,       ///< Clients' of the backend.
  push_gateway,  ///< The backend's of the push gateway.
  federation,    ///< Peers' of the backend.
  peers,         ///< The backend's of its peers.
};

/// Accepts on `listen` and relays to `target` until the process ends. Throws if it cannot listen.
[[noreturn]] void serve(const Endpoint& listen, const Endpoint& target, const Fault& fault,
                        Leg leg);

/// Calls a peer with a JSON body, as the target would, and waits for an answer, which is of no interest.
/// Calls nobody unless the leg of peers is served.
void call_peer(const std::string& domain, const std::string& path, const std::string& body);

}  // namespace twostep::conformance::liar

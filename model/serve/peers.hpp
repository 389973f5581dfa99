#pragma once

#include <boost/asio/awaitable.hpp>
#include <string>
#include <variant>
#include <vector>

#include "model/serve/http.hpp"
#include "model/serve/server.hpp"

/// Calls of other backends.
///
/// Shape      One request on a connection of its own, once. Nothing is repeated or remembered (S8).
/// Errors     A call that fails is a Refusal in the words that a client is told (FED-66, FED-67).
/// Source     specs/09-federation.md FED-01, FED-07, FED-10, FED-15, FED-66..FED-68.
namespace twostep::model::serve {

struct PeerCall {
  std::string domain;
  std::string rpc;  ///< As in brig/get-user-clients.
  Json body;
};

struct PeerAnswer {
  PeerCall call;
  std::variant<Json, Refusal> result;

  const Refusal* failure() const { return std::get_if<Refusal>(&result); }
};

/// Where the peer is found; a Refusal if there is no such peer, or no federation.
std::string url_of_peer(const Server& server, const std::string& domain);

boost::asio::awaitable<Json> call_peer(Server& server, PeerCall call);

/// All at once; the answers in the order of the calls.
boost::asio::awaitable<std::vector<PeerAnswer>> call_peers(Server& server,
                                                           std::vector<PeerCall> calls);

/// One call for each backend, whose body is the list of its users.
std::vector<PeerCall> calls_by_domain(const std::string& rpc,
                                      const std::map<std::string, std::set<QualifiedId>>& users);

/// Those that failed, if any did, are a Refusal.
void must_all_be_reached(const std::vector<PeerAnswer>& answers);

[[noreturn]] void unexpected_body(const PeerCall& call);

/// What `read` makes of an answer. If it finds the body bad, the answer has another shape than was asked for.
template <class Read>
auto read_answer(const PeerCall& call, Read read) {
  try {
    return read();
  } catch (const Refusal& refusal) {
    if (refusal.status != 400) throw;
    unexpected_body(call);
  }
}

}  // namespace twostep::model::serve

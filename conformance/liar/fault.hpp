#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "conformance/liar/message.hpp"

/// Deliberate violations: what the liar changes between a correct backend and the suite, so that
/// each test of the suite is seen to fail when the behaviour that it checks is broken.
///
/// Threads    Hooks are called from one thread per connection, many at once: a hook that remembers
///            something guards it.
namespace twostep::conformance::liar {

/// What a request may turn into: itself (perhaps changed), or an answer made up on the spot.
using OnRequest = std::function<std::optional<HttpResponse>(HttpRequest&)>;

/// What an answer may turn into.
using OnResponse = std::function<void(const HttpRequest&, HttpResponse&)>;

/// What one frame of a websocket may turn into: any number of frames. `handshake` opened the
/// socket.
using OnFrame =
    std::function<std::vector<std::string>(const HttpRequest& handshake, std::string frame)>;

/// What the client's bytes may turn into on a connection that is relayed without being understood.
/// Returned text is sent to the client at once, as if the backend had said it.
using OnRaw = std::function<std::string(std::string& bytes)>;

/// What the client's bytes on a websocket may turn into. None: the client's connection ends.
using OnSocketBytes = std::function<std::optional<std::string>(std::string bytes)>;

struct Fault {
  std::string name;    ///< "page-repeats-its-first"
  std::string clause;  ///< The clause that this violates: "CUP-03".
  OnRequest on_request = {};
  OnResponse on_response = {};
  OnFrame on_frame = {};
  OnRaw on_raw = {};
  OnSocketBytes on_socket_bytes = {};
  OnRequest on_push = {};            ///< Of the target's calls of the push gateway.
  OnRequest on_peer_request = {};    ///< Of its peers' calls of the target,
  OnResponse on_peer_response = {};  ///< and what it answers them.
  OnRequest on_call = {};            ///< Of the target's calls of its peers,
  OnResponse on_call_answered = {};  ///< and what they answer.
  std::function<bool(const HttpRequest&)> calls_again = {};  ///< Which of them are made twice.
  bool believes_anybody =
      false;  ///< Calls between backends pass without certificates being looked at.
  bool refuses_proof = false;  ///< With it: and all of them are refused all the same.
  bool binary_frames = true;   ///< Frames go out as the target sends them, unless false: as text.
  bool waits_for_requests = false;  ///< However long: the client does not learn of a timeout.
  unsigned connections_max = 0;     ///< Others wait until one of these has ended; 0 for no bound.
};

/// Which exchanges a fault is about: method and path, where `*` stands for one segment.
struct Route {
  std::string method;
  std::string pattern;

  bool matches(const HttpRequest& request) const;
};

/// The common lies, as hooks.
OnResponse status_becomes(Route route, int from, int to);
OnResponse label_becomes(Route route, std::string from, std::string to);
OnResponse body_becomes(Route route, std::function<void(Json& body)> change);  ///< Of 2xx answers.
OnResponse answer_becomes(Route route,
                          std::function<void(const HttpRequest&, HttpResponse&)> change);
OnRequest request_becomes(Route route, std::function<void(HttpRequest&)> change);
OnRequest never_forwarded(Route route, HttpResponse made_up);  ///< Claimed, and not done.

/// Requests of some kind.
using Asked = std::function<bool(const HttpRequest&)>;

OnRequest refused_if(Asked asked, HttpResponse refusal);  ///< What should be served.
OnResponse granted_if(Asked asked, int refused_with);  ///< What should be refused with this status.

/// Serves nobody any more after a request of this kind.
Fault stops_after(std::string name, std::string clause, Asked asked);

/// The same, after bytes that are no plain request.
Fault stops_after_bytes(std::string name, std::string clause,
                        std::function<bool(std::string_view bytes)> hostile);

/// For a hook that is to keep everybody waiting.
[[noreturn]] void never_answer();

/// Every fault, in the order of the clauses.
std::vector<Fault> all_faults();

std::vector<Fault> send_faults();
std::vector<Fault> send_mismatch_faults();
std::vector<Fault> older_send_faults();
std::vector<Fault> deliver_faults();
std::vector<Fault> catch_up_faults();
std::vector<Fault> time_uuid_faults();
std::vector<Fault> account_faults();
std::vector<Fault> client_faults();
std::vector<Fault> key_faults();
std::vector<Fault> connection_faults();
std::vector<Fault> conversation_faults();
std::vector<Fault> member_faults();
std::vector<Fault> wire_faults();
std::vector<Fault> websocket_faults();
std::vector<Fault> robustness_faults();
std::vector<Fault> border_faults();
std::vector<Fault> federation_calls_faults();
std::vector<Fault> federation_sends_faults();
std::vector<Fault> federation_groups_faults();

}  // namespace twostep::conformance::liar

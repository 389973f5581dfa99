#pragma once

#include <functional>
#include <map>
#include <mutex>
#include <set>
#include <string>
#include <vector>

#include "conformance/liar/events.hpp"
#include "conformance/liar/fault.hpp"
#include "conformance/liar/sends.hpp"

/// Calls between backends as the liar sees them, and what can be made of them.
///
/// Source     specs/09-federation.md; API §10.3.
namespace twostep::conformance::liar {

inline const Route asks_clients{"POST", "/federation/brig/get-user-clients"};
inline const Route claims_prekeys{"POST", "/federation/brig/claim-multi-prekey-bundle"};
inline const Route asks_users{"POST", "/federation/brig/get-users-by-ids"};
inline const Route connects{"POST", "/federation/brig/send-connection-action"};
inline const Route asks_versions{"POST", "/federation/brig/api-version"};
inline const Route tells_message{"POST", "/federation/galley/on-message-sent"};
inline const Route tells_creation{"POST", "/federation/galley/on-conversation-created"};
inline const Route tells_update{"POST", "/federation/galley/on-conversation-updated"};
inline const Route hands_on{"POST", "/federation/galley/send-message"};
inline const Route asks_to_leave{"POST", "/federation/galley/leave-conversation"};
inline const Route asks_conversations{"POST", "/federation/galley/get-conversations"};

/// The domain in `/conversations/{domain}/…`, `/connections/{domain}/…` or `/users/{domain}/…`.
std::string domain_in_path(const HttpRequest& request);

/// Whom a call is for: `Host` without a port.
std::string callee_of(const HttpRequest& call);

/// Which peers the users of a test have asked for connections, as overheard.
class Neighbours {
 public:
  void hear(const HttpRequest& request);
  std::vector<std::string> of(const HttpRequest& request) const;

 private:
  mutable std::mutex mutex_;
  std::map<std::string, std::set<std::string>> domains_by_test_;
};

/// Makes a call of the route to each peer of the test after a client's request that `asked` for it, though
/// nobody needs it.
using AskedAndAnswered = std::function<bool(const HttpRequest&, const HttpResponse&)>;
Fault calls_whom_it_need_not(std::string name, std::string clause, Route call,
                             AskedAndAnswered asked);

/// Makes calls of the route twice.
Fault calls_twice(std::string name, std::string clause, Route call);

/// A message is acknowledged though a peer has failed.
OnResponse failures_are_acknowledged();

/// Changes the JSON of an answer of 200 to a call.
OnResponse answer_json_becomes(Route route, std::function<void(Json& body)> change);

/// While a call of one kind is under way, those of another wait.
struct Turnstile {
  OnRequest enters;   ///< For the one kind, when it comes,
  OnResponse leaves;  ///< and when it is answered.
  OnRequest waits;    ///< For the other kind.
};
Turnstile turnstile(Route one, Route other);

}  // namespace twostep::conformance::liar

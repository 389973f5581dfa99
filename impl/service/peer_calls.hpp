#pragma once

#include <boost/asio/awaitable.hpp>
#include <string>
#include <utility>
#include <vector>

#include "impl/core/ids.hpp"
#include "impl/core/message.hpp"
#include "impl/core/result.hpp"
#include "impl/service/limits.hpp"
#include "impl/service/peers.hpp"
#include "impl/service/ports.hpp"
#include "impl/wire/json.hpp"
#include "impl/wire/peer_users.hpp"

/// What this backend asks of others, and what a failure means to whoever made it ask.
///
/// Errors     The reasons of federation, with the domain and the path in `Refusal::fault`, and with
///            the peer's own error if it answered one.
/// Threads    Any.
/// Source     specs/09-federation.md (FED), errors.
namespace twostep::service {

/// Makes the call, and takes the answer as JSON.
boost::asio::awaitable<Result<wire::Json>> call_peer(Backend& backend, PeerCall call);

/// The refusal for an answer of another shape than expected.
Refusal unexpected_body(const Domain& domain, const std::string& path);

/// The same, and the answer as a value. `decode` is called as `Result<T>(const wire::Json&)`.
template <class Decode>
auto ask_peer(Backend& backend, PeerCall call, Decode decode)
    -> boost::asio::awaitable<decltype(decode(std::declval<const wire::Json&>()))> {
  const auto domain = call.to;
  const auto path = path_of(call);
  const auto answer = co_await call_peer(backend, std::move(call));
  if (!answer) co_return answer.error();
  auto decoded = decode(*answer);
  if (!decoded) co_return unexpected_body(domain, path);
  co_return decoded;
}

/// The clients of these users of the peer. Users that it does not know are left out.
boost::asio::awaitable<Result<wire::PeerClients>> get_user_clients(Backend& backend, Domain peer,
                                                                   std::vector<UserId> users);

/// Hands a message to the owner of its conversation.
/// Errors     Also those that the sender is to be told, as the owner decides.
boost::asio::awaitable<Result<Sent>> send_message(Backend& backend, Domain owner, std::string body);

/// Tells the peer to store a message for its users.
boost::asio::awaitable<Result<void>> on_message_sent(Backend& backend, Domain peer,
                                                     std::string body);

}  // namespace twostep::service

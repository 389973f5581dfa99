#pragma once

#include <boost/asio/awaitable.hpp>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "impl/core/account.hpp"
#include "impl/core/ids.hpp"
#include "impl/core/message.hpp"
#include "impl/core/result.hpp"
#include "impl/service/peers.hpp"
#include "impl/service/ports.hpp"
#include "impl/wire/json.hpp"
#include "impl/wire/peer_conversations.hpp"
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

/// Of a call whose answer says nothing but that it was done.
struct Done {};

// Each of these is one call, made once.

/// Whether the peer is there and answers.
boost::asio::awaitable<Result<Done>> ping(Backend& backend, Domain peer, std::monostate);

/// The clients of these users of the peer. Users that it does not know are left out.
boost::asio::awaitable<Result<wire::PeerClients>> get_user_clients(Backend& backend, Domain peer,
                                                                   std::vector<UserId> users);

/// The same for their profiles.
boost::asio::awaitable<Result<std::vector<Profile>>> get_users_by_ids(Backend& backend, Domain peer,
                                                                      std::vector<UserId> users);

boost::asio::awaitable<Result<wire::PeerPrekeys>> claim_multi_prekey_bundle(
    Backend& backend, Domain peer, wire::PeerPrekeyQuery query);

/// Tells what a user here wants of one there.
boost::asio::awaitable<Result<wire::WishAnswer>> send_connection_action(Backend& backend,
                                                                        Domain peer,
                                                                        wire::PeerWish wish);

/// Hands a message to the owner of its conversation.
/// Errors     Also those that the sender is to be told, as the owner decides.
boost::asio::awaitable<Result<Sent>> send_message(Backend& backend, Domain owner, std::string body);

/// Tells the peer to store a message for its users.
boost::asio::awaitable<Result<Done>> on_message_sent(Backend& backend, Domain peer,
                                                     std::string body);

/// Tells the peer of a conversation with members there.
boost::asio::awaitable<Result<Done>> on_conversation_created(Backend& backend, Domain peer,
                                                             std::string body);

/// Tells the peer what has happened in one.
boost::asio::awaitable<Result<Done>> on_conversation_updated(Backend& backend, Domain peer,
                                                             std::string body);

boost::asio::awaitable<Result<wire::LeaveAnswer>> leave_conversation(Backend& backend, Domain owner,
                                                                     wire::PeerLeave leave);

/// The owner's conversations as the user sees them. Those that it does not show are left out.
boost::asio::awaitable<Result<std::vector<ConversationView>>> get_conversations(
    Backend& backend, Domain owner, wire::PeerConversationQuery query);

}  // namespace twostep::service

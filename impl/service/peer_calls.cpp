#include "impl/service/peer_calls.hpp"

#include <memory>

#include "impl/service/limits.hpp"
#include "impl/wire/peer_messages.hpp"

namespace twostep::service {
namespace {

using boost::asio::awaitable;

Reason reason_of(PeerFailure failure) {
  switch (failure) {
    case PeerFailure::denied:
      return Reason::federation_denied;
    case PeerFailure::unknown_domain:
      return Reason::invalid_domain;
    case PeerFailure::discovery:
      return Reason::discovery_failure;
    case PeerFailure::unreachable:
      return Reason::federation_connection_refused;
    case PeerFailure::tls:
      return Reason::federation_tls_error;
    case PeerFailure::http:
      return Reason::federation_http_error;
    case PeerFailure::version:
      return Reason::federation_version_error;
  }
  return Reason::internal;
}

Refusal refusal_of(Reason reason, const Domain& domain, const std::string& path,
                   std::string inner = {}) {
  return {.reason = reason,
          .fault = std::make_shared<PeerFault>(PeerFault{{domain}, path, std::move(inner)})};
}

// The error that a peer answered with, written anew: what is no JSON object is not handed on.
std::string inner_error(const PeerReply& reply) {
  const auto error = wire::parse_object(reply.body);
  return error ? wire::text_of(*error) : wire::text_of({{"code", reply.status}});
}

PeerCall brig(Domain to, std::string rpc, std::string body) {
  return {std::move(to), Component::brig, std::move(rpc), std::move(body), limits::peer_deadline};
}

PeerCall galley(Domain to, std::string rpc, std::string body) {
  return {std::move(to), Component::galley, std::move(rpc), std::move(body), limits::peer_deadline};
}

/// A call whose answer says nothing but that it was done.
awaitable<Result<Done>> tell(Backend& backend, PeerCall call) {
  const auto answer = co_await call_peer(backend, std::move(call));
  if (!answer) co_return answer.error();
  co_return Done{};
}

}  // namespace

Refusal unexpected_body(const Domain& domain, const std::string& path) {
  return refusal_of(Reason::federation_unexpected_body, domain, path);
}

awaitable<Result<wire::Json>> call_peer(Backend& backend, PeerCall call) {
  if (!backend.peers) co_return Refusal{Reason::federation_not_enabled};
  const auto domain = call.to;
  const auto path = path_of(call);
  const auto reply = co_await backend.peers->call(std::move(call));
  if (!reply) co_return refusal_of(reason_of(reply.error()), domain, path);
  if (reply->status != 200)
    co_return refusal_of(Reason::federation_remote_error, domain, path, inner_error(*reply));
  auto answer = wire::parse_value(reply->body);
  if (!answer) co_return refusal_of(Reason::federation_invalid_body, domain, path);
  co_return answer;
}

awaitable<Result<Done>> ping(Backend& backend, Domain peer, std::monostate) {
  auto call = brig(std::move(peer), "api-version", "[]");
  co_return co_await tell(backend, std::move(call));
}

awaitable<Result<wire::PeerClients>> get_user_clients(Backend& backend, Domain peer,
                                                      std::vector<UserId> users) {
  auto call = brig(std::move(peer), "get-user-clients", wire::encode_users_query(users));
  co_return co_await ask_peer(backend, std::move(call), wire::decode_peer_clients);
}

awaitable<Result<std::vector<Profile>>> get_users_by_ids(Backend& backend, Domain peer,
                                                         std::vector<UserId> users) {
  const auto decode = [peer](const wire::Json& answer) {
    return wire::decode_peer_profiles(answer, peer);
  };
  auto call = brig(peer, "get-users-by-ids", wire::encode_user_ids(users));
  co_return co_await ask_peer(backend, std::move(call), decode);
}

awaitable<Result<wire::PeerPrekeys>> claim_multi_prekey_bundle(Backend& backend, Domain peer,
                                                               wire::PeerPrekeyQuery query) {
  auto call = brig(std::move(peer), "claim-multi-prekey-bundle", wire::encode_prekey_query(query));
  co_return co_await ask_peer(backend, std::move(call), wire::decode_peer_prekeys);
}

awaitable<Result<wire::WishAnswer>> send_connection_action(Backend& backend, Domain peer,
                                                           wire::PeerWish wish) {
  auto call = brig(std::move(peer), "send-connection-action", wire::encode_peer_wish(wish));
  co_return co_await ask_peer(backend, std::move(call), wire::decode_wish_answer);
}

awaitable<Result<Sent>> send_message(Backend& backend, Domain owner, std::string body) {
  auto call = galley(std::move(owner), "send-message", std::move(body));
  call.deadline = limits::owner_deadline;
  auto answer = co_await ask_peer(backend, std::move(call), wire::decode_peer_sent);
  if (!answer) co_return answer.error();
  if (const auto* reason = std::get_if<Reason>(&*answer)) co_return Refusal{*reason};
  co_return std::get<Sent>(*std::move(answer));
}

awaitable<Result<Done>> on_message_sent(Backend& backend, Domain peer, std::string body) {
  auto call = galley(std::move(peer), "on-message-sent", std::move(body));
  co_return co_await tell(backend, std::move(call));
}

awaitable<Result<Done>> on_conversation_created(Backend& backend, Domain peer, std::string body) {
  auto call = galley(std::move(peer), "on-conversation-created", std::move(body));
  co_return co_await tell(backend, std::move(call));
}

awaitable<Result<Done>> on_conversation_updated(Backend& backend, Domain peer, std::string body) {
  auto call = galley(std::move(peer), "on-conversation-updated", std::move(body));
  co_return co_await tell(backend, std::move(call));
}

awaitable<Result<wire::LeaveAnswer>> leave_conversation(Backend& backend, Domain owner,
                                                        wire::PeerLeave leave) {
  auto call = galley(std::move(owner), "leave-conversation", wire::encode_peer_leave(leave));
  call.deadline = limits::owner_deadline;
  co_return co_await ask_peer(backend, std::move(call), wire::decode_leave_answer);
}

awaitable<Result<std::vector<ConversationView>>> get_conversations(
    Backend& backend, Domain owner, wire::PeerConversationQuery query) {
  const QualifiedUser user{backend.domain, query.user};
  const auto decode = [owner, user](const wire::Json& answer) {
    return wire::decode_peer_conversations(answer, owner, user);
  };
  auto call = galley(owner, "get-conversations", wire::encode_conversation_query(query));
  co_return co_await ask_peer(backend, std::move(call), decode);
}

}  // namespace twostep::service

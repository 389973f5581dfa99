#include "impl/service/peer_calls.hpp"

#include <memory>

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

awaitable<Result<wire::PeerClients>> get_user_clients(Backend& backend, Domain peer,
                                                      std::vector<UserId> users) {
  PeerCall call{.to = std::move(peer),
                .component = Component::brig,
                .rpc = "get-user-clients",
                .body = wire::encode_users_query(users),
                .deadline = limits::peer_deadline};
  co_return co_await ask_peer(backend, std::move(call), wire::decode_peer_clients);
}

awaitable<Result<Sent>> send_message(Backend& backend, Domain owner, std::string body) {
  PeerCall call{.to = std::move(owner),
                .component = Component::galley,
                .rpc = "send-message",
                .body = std::move(body),
                .deadline = limits::owner_deadline};
  auto answer = co_await ask_peer(backend, std::move(call), wire::decode_peer_sent);
  if (!answer) co_return answer.error();
  if (const auto* reason = std::get_if<Reason>(&*answer)) co_return Refusal{*reason};
  co_return std::get<Sent>(*std::move(answer));
}

awaitable<Result<void>> on_message_sent(Backend& backend, Domain peer, std::string body) {
  PeerCall call{.to = std::move(peer),
                .component = Component::galley,
                .rpc = "on-message-sent",
                .body = std::move(body),
                .deadline = limits::peer_deadline};
  const auto answer = co_await call_peer(backend, std::move(call));
  if (!answer) co_return answer.error();
  co_return Result<void>{};
}

}  // namespace twostep::service

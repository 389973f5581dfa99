// Calls of peers: which function answers which.
#include <string_view>
#include <utility>

#include "impl/service/answer_conversations.hpp"
#include "impl/service/answer_messages.hpp"
#include "impl/service/answer_users.hpp"
#include "impl/service/connections_elsewhere.hpp"
#include "impl/service/peers.hpp"
#include "impl/service/ports.hpp"
#include "impl/wire/labels.hpp"

namespace twostep::service {
namespace {

using boost::asio::awaitable;

struct Endpoint {
  std::string_view component;
  std::string_view rpc;
  awaitable<Result<PeerAnswer>> (*answer)(Backend&, const PeerRequest&);
};

constexpr Endpoint endpoints[] = {
    {"brig", "api-version", answer_api_version},
    {"brig", "claim-multi-prekey-bundle", answer_claim_prekeys},
    {"brig", "claim-prekey", answer_claim_prekey},
    {"brig", "claim-prekey-bundle", answer_claim_prekeys_of_user},
    {"brig", "get-user-clients", answer_get_user_clients},
    {"brig", "get-users-by-ids", answer_get_users_by_ids},
    {"brig", "send-connection-action", answer_send_connection_action},
    {"galley", "get-conversations", answer_get_conversations},
    {"galley", "leave-conversation", answer_leave_conversation},
    {"galley", "on-conversation-created", answer_on_conversation_created},
    {"galley", "on-conversation-updated", answer_on_conversation_updated},
    {"galley", "on-message-sent", answer_on_message_sent},
    {"galley", "send-message", answer_send_message},
};

const Endpoint* find_endpoint(const PeerRequest& request) {
  for (const auto& endpoint : endpoints)
    if (endpoint.component == request.component && endpoint.rpc == request.rpc) return &endpoint;
  return nullptr;
}

PeerAnswer answer_of(const Refusal& refusal) {
  return {.status = wire::label_of(refusal.reason).status, .body = wire::error_body(refusal)};
}

}  // namespace

awaitable<PeerAnswer> answer_peer(Backend& backend, PeerRequest request) {
  const auto* endpoint = find_endpoint(request);
  if (!endpoint) co_return answer_of({Reason::no_endpoint});
  auto answer = co_await endpoint->answer(backend, request);
  if (!answer) co_return answer_of(answer.error());
  co_return *std::move(answer);
}

}  // namespace twostep::service

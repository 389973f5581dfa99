#include "impl/server/routes_messages.hpp"

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "impl/server/captures.hpp"
#include "impl/service/send.hpp"
#include "impl/wire/fields.hpp"
#include "impl/wire/message.hpp"

namespace twostep::server {
namespace {

using boost::asio::awaitable;
using service::Backend;

enum class Encoding { protobuf, json };

/// What the body says it is: the media type, without its parameters, in any case.
std::optional<Encoding> encoding_of(const Request& request) {
  auto type = request.header("content-type").value_or("");
  type = type.substr(0, type.find(';'));
  while (type.ends_with(' ') || type.ends_with('\t')) type.remove_suffix(1);
  std::string lower{type};
  std::transform(lower.begin(), lower.end(), lower.begin(), [](char letter) {
    return letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter - 'A' + 'a') : letter;
  });
  if (lower == "application/x-protobuf") return Encoding::protobuf;
  if (lower == "application/json") return Encoding::json;
  return std::nullopt;
}

service::Sender sender_of(const Backend& backend, const service::Caller& caller) {
  return {{backend.domain, caller.user}, caller.connection};
}

Response response_of(const Sent& sent, std::string body) {
  return {.status = sent.delivered ? 201 : 412, .body = std::move(body)};
}

awaitable<Result<Response>> send(Backend& backend, const Request& request) {
  if (encoding_of(request) != Encoding::protobuf) co_return Refusal{Reason::unsupported_media_type};
  const auto conversation = qualified_name<ConversationId>(request, 0);
  if (!conversation) co_return conversation.error();
  auto message = wire::decode_qualified_message(request.body);
  if (!message) co_return message.error();

  const auto& caller = *request.caller;
  auto sending =
      conversation->domain == backend.domain
          ? service::send(backend, sender_of(backend, caller), *conversation, *std::move(message))
          : service::send_through_owner(backend, caller.user, *conversation, request.body);
  const auto sent = co_await std::move(sending);
  if (!sent) co_return sent.error();
  co_return response_of(*sent, wire::encode_sending_status(sent->status));
}

Result<NewMessage> decode_legacy(const Request& request, const Domain& domain) {
  const auto encoding = encoding_of(request);
  if (!encoding) return Refusal{Reason::unsupported_media_type};
  switch (*encoding) {
    case Encoding::protobuf:
      return wire::decode_legacy_message(request.body, request.query, domain);
    case Encoding::json:
      return wire::decode_legacy_json_message(request.body, request.query, domain);
  }
  return Refusal{Reason::internal};
}

awaitable<Result<Response>> send_legacy(Backend& backend, const Request& request) {
  auto message = decode_legacy(request, backend.domain);
  if (!message) co_return message.error();
  const auto id = wire::read::conversation_id(std::string_view{request.captures[0]});
  if (!id) co_return id.error();

  const QualifiedConversation conversation{backend.domain, *id};
  const auto sent = co_await service::send(backend, sender_of(backend, *request.caller),
                                           conversation, *std::move(message));
  if (!sent) co_return sent.error();
  co_return response_of(*sent, wire::encode_legacy_status(sent->status, backend.domain));
}

}  // namespace

Routes message_routes(Backend& backend) {
  Routes routes;
  const auto add_route = [&](const char* pattern, auto* handler) {
    routes.push_back(
        {"POST", pattern, Access::token,
         [&backend, handler](const Request& request) { return handler(backend, request); },
         BodyLimit::message});
  };
  add_route("/conversations/:domain/:conversation/proteus/messages", send);
  add_route("/conversations/:conversation/otr/messages", send_legacy);
  return routes;
}

}  // namespace twostep::server

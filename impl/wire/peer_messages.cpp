#include "impl/wire/peer_messages.hpp"

#include <utility>

#include "impl/core/limits.hpp"
#include "impl/wire/base64.hpp"
#include "impl/wire/fields.hpp"
#include "impl/wire/json_text.hpp"
#include "impl/wire/message.hpp"
#include "impl/wire/time_text.hpp"

namespace twostep::wire {
namespace {

struct Octets {
  Result<std::string> operator()(const Json& value) const {
    if (const auto* text = value.get_ptr<const std::string*>()) {
      if (auto octets = from_base64(*text)) return *std::move(octets);
    }
    return Refusal{Reason::bad_request, "not base64"};
  }
};

/// Sorted pairs of a map as a flat map; both are in ascending order.
template <class Flat, class Map>
Flat flattened(Map map) {
  Flat flat;
  flat.reserve(map.size());
  for (auto& [key, value] : map) flat.emplace_hint(flat.end(), key, std::move(value));
  return flat;
}

struct ReadCiphertexts {
  Result<Ciphertexts> operator()(const Json& value) const {
    auto texts = read::Map{read::client_id, Octets{}, limits::json_values_max}(value);
    if (!texts) return texts.error();
    return flattened<Ciphertexts>(*std::move(texts));
  }
};

struct ReadRecipients {
  Result<CiphertextsOfUsers> operator()(const Json& value) const {
    auto users = read::Map{read::user_id, ReadCiphertexts{}, limits::members_max}(value);
    if (!users) return users.error();
    return flattened<CiphertextsOfUsers>(*std::move(users));
  }
};

struct ReadClientSet {
  Result<ClientSet> operator()(const Json& value) const {
    const auto list = read::List{read::client_id, limits::json_values_max}(value);
    if (!list) return list.error();
    return ClientSet{list->begin(), list->end()};
  }
};

/// `{"<domain>":{"<user>":["<client>"…]}}`
struct ReadClients {
  Result<Clients> operator()(const Json& value) const {
    const read::Map users{read::user_id, ReadClientSet{}, limits::json_values_max};
    auto domains = read::Map{read::domain, users, limits::json_values_max}(value);
    if (!domains) return domains.error();
    Clients clients;
    for (auto& [domain, of_domain] : *domains)
      clients.emplace_hint(clients.end(), domain, flattened<ClientsOfUsers>(std::move(of_domain)));
    return clients;
  }
};

Result<SendingStatus> sending_status(const Json& json) {
  Fields fields{json};
  SendingStatus status{
      .time = fields.required("time", read::time),
      .missing = fields.required("missing", ReadClients{}),
      .redundant = fields.required("redundant", ReadClients{}),
      .deleted = fields.required("deleted", ReadClients{}),
      .failed_to_send = fields.optional("failed_to_send", ReadClients{}).value_or(Clients{})};
  return fields.done(std::move(status));
}

struct NotSent {
  Reason reason;
  std::string_view tag;
};
constexpr NotSent not_sent[] = {
    {Reason::no_conversation, "MessageNotSentConversationNotFound"},
    {Reason::unknown_client, "MessageNotSentUnknownClient"},
    {Reason::missing_legalhold_consent, "MessageNotSentLegalhold"},
    {Reason::missing_legalhold_consent, "MessageNotSentLegalholdOldClients"},
};
constexpr std::string_view client_missing = "MessageNotSentClientMissing";

Result<SentOrNot> decode_not_sent(const Json& left) {
  Fields fields{left};
  const auto tag = fields.required("tag", read::Text{1, 64});
  if (tag == client_missing) {
    const auto contents = fields.required("contents", read::anything);
    if (fields.refusal()) return *fields.refusal();
    auto status = sending_status(contents);
    if (!status) return status.error();
    return SentOrNot{Sent{.status = *std::move(status)}};
  }
  for (const auto& each : not_sent)
    if (tag == each.tag) return SentOrNot{each.reason};
  return Refusal{Reason::bad_request, "not an answer to a message"};
}

void append_recipients(std::string& out, std::span<const ValidRecipient> recipients) {
  out += '{';
  const UserId* user = nullptr;
  for (const auto& recipient : recipients) {
    const bool same_user = user && *user == recipient.user;
    if (user) out += same_user ? "," : "},";
    if (!same_user) out += '"' + recipient.user.text() + "\":{";
    user = &recipient.user;
    out += '"' + recipient.client.text() + "\":\"";
    append_base64(out, *recipient.ciphertext);
    out += '"';
  }
  if (user) out += '}';
  out += '}';
}

std::string_view json_of(std::optional<Priority> priority) {
  if (!priority) return "null";
  return *priority == Priority::low ? R"("low")" : R"("high")";
}

}  // namespace

std::string encode_peer_send(const ConversationId& conversation, const UserId& sender,
                             std::string_view protobuf) {
  std::string body = R"({"conv_id":")" + conversation.text() + R"(","sender":")" + sender.text() +
                     R"(","raw_message":")";
  append_base64(body, protobuf);
  return body + "\"}";
}

Result<PeerSend> decode_peer_send(std::string_view body) {
  const auto json = parse_object(body);
  if (!json) return json.error();
  Fields fields{*json};
  PeerSend send{.conversation = fields.required("conv_id", read::conversation_id),
                .sender = fields.required("sender", read::user_id)};
  const auto text = fields.required("raw_message", read::anything);
  if (fields.refusal()) return *fields.refusal();
  const auto octets = Octets{}(text);
  if (!octets) return Refusal{Reason::invalid_payload};
  auto message = decode_qualified_message(*octets);
  if (!message) return Refusal{Reason::invalid_payload, message.error().detail};
  send.message = *std::move(message);
  return send;
}

std::string encode_peer_sent(const Sent& sent) {
  const auto status = encode_sending_status(sent.status);
  if (sent.delivered) return R"({"Right":)" + status + '}';
  return R"({"Left":{"tag":")" + std::string{client_missing} + R"(","contents":)" + status + "}}";
}

std::optional<std::string> encode_not_sent(Reason reason) {
  for (const auto& each : not_sent)
    if (reason == each.reason) return R"({"Left":{"tag":")" + std::string{each.tag} + "\"}}";
  return std::nullopt;
}

Result<SentOrNot> decode_peer_sent(const Json& answer) {
  Fields fields{answer};
  const auto right = fields.optional("Right", read::anything);
  const auto left = fields.optional("Left", read::anything);
  if (fields.refusal()) return *fields.refusal();
  if (left) return decode_not_sent(*left);
  if (!right) return Refusal{Reason::bad_request, "neither Right nor Left"};
  auto status = sending_status(*right);
  if (!status) return status.error();
  return SentOrNot{Sent{.status = *std::move(status), .delivered = true}};
}

Result<PeerMessage> decode_peer_message(std::string_view body) {
  const auto json = parse_object(body);
  if (!json) return json.error();
  Fields fields{*json};
  const read::OneOf<Priority> priority{{{"low", Priority::low}, {"high", Priority::high}}};
  PeerMessage message{.time = fields.required("time", read::time),
                      .sender = fields.required("sender", read::qualified_user),
                      .sending_client = fields.required("sender_client", read::client_id),
                      .conversation = fields.required("conversation", read::conversation_id),
                      .blob = fields.optional("data", Octets{}).value_or(""),
                      .priority = fields.optional("priority", priority),
                      .native_push = fields.required("push", read::boolean),
                      .transient = fields.required("transient", read::boolean),
                      .recipients = fields.required("recipients", ReadRecipients{})};
  return fields.done(std::move(message));
}

std::string encode_peer_message(const NewMessage& message, const QualifiedUser& sender,
                                const ConversationId& conversation, Instant time,
                                std::span<const ValidRecipient> recipients) {
  std::string body = R"({"time":")" + millisecond_time(time) + R"(","data":")";
  append_base64(body, message.blob);
  body += R"(","sender":)";
  append_qualified_id(body, sender.domain, sender.id);
  body += R"(,"sender_client":")" + message.sender.text();
  body += R"(","conversation":")" + conversation.text();
  body += R"(","priority":)";
  body += json_of(message.priority);
  body += message.native_push ? R"(,"push":true)" : R"(,"push":false)";
  body += message.transient ? R"(,"transient":true)" : R"(,"transient":false)";
  body += R"(,"recipients":)";
  append_recipients(body, recipients);
  return body + '}';
}

}  // namespace twostep::wire

#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>

#include "impl/core/clients.hpp"
#include "impl/core/ids.hpp"
#include "impl/core/message.hpp"
#include "impl/core/mismatch.hpp"
#include "impl/core/result.hpp"
#include "impl/core/time_uuid.hpp"
#include "impl/wire/json.hpp"

/// Messages, as backends hand them to each other.
///
/// Shape      Octets are base64 on the wire and octets here.
/// Errors     `bad_request`; of a message that is none `invalid_payload`.
/// Threads    Pure functions.
/// Source     specs/09-federation.md (FED).
namespace twostep::wire {

/// `galley/send-message`: what a user of the caller posts to a conversation of the callee.
struct PeerSend {
  ConversationId conversation;
  UserId sender;
  NewMessage message = {};
};
/// `protobuf` as it came from the client.
std::string encode_peer_send(const ConversationId& conversation, const UserId& sender,
                             std::string_view protobuf);
Result<PeerSend> decode_peer_send(std::string_view body);

/// Its answer: what the sender is told.
std::string encode_peer_sent(const Sent& sent);

/// The reason is one that the sender is to be told: `no_conversation`, `unknown_client` or
/// `missing_legalhold_consent`.
using SentOrNot = std::variant<Sent, Reason>;
Result<SentOrNot> decode_peer_sent(const Json& answer);

/// The answer for a refusal, if the call has one for it. Other refusals are errors of the call.
std::optional<std::string> encode_not_sent(Reason reason);

/// `galley/on-message-sent`: what the owner of a conversation tells to store.
struct PeerMessage {
  Instant time;
  QualifiedUser sender;
  ClientId sending_client;
  ConversationId conversation;  ///< Of the caller.
  std::string blob = {};
  std::optional<Priority> priority = {};
  bool native_push = true;
  bool transient = false;
  CiphertextsOfUsers recipients = {};  ///< Users of the callee.
};
Result<PeerMessage> decode_peer_message(std::string_view body);

/// `recipients` are of one backend, in order of their users. Written by hand: a message may have
/// thousands of them, of some kilobytes each.
std::string encode_peer_message(const NewMessage& message, const QualifiedUser& sender,
                                const ConversationId& conversation, Instant time,
                                std::span<const ValidRecipient> recipients);

}  // namespace twostep::wire

#pragma once

#include <string>
#include <vector>

#include "conformance/support/conversation.hpp"
#include "conformance/support/message.hpp"
#include "conformance/support/peer.hpp"

/// What backends say to each other, as bodies of calls.
///
/// Source     API §10.3; specs/09-federation.md.
namespace twostep::conformance {

/// The time that our peers give to everything that they tell of: it is long ago, so that a target which
/// puts its own in its place is seen.
inline const std::string time_at_peers = "2021-11-15T12:54:18.123Z";

/// `send-message`: what a sender's backend asks of the owner.
Json send_message_body(const PeerUser& sender, const Conversation& chat,
                       const std::string& message);
Json send_message_body(const PeerDevice& sender, const Conversation& chat,
                       const Recipients& recipients, const SendOptions& options = {});

/// `on-message-sent`: what an owner tells a recipients' backend. Of the addresses only user and client count.
Json message_sent_body(const Address& sender, const Conversation& chat,
                       const Recipients& recipients, const SendOptions& options = {});

/// `on-conversation-created`
Json conversation_created_body(const PeerUser& creator, const Conversation& chat,
                               const std::vector<QualifiedId>& others);

/// `on-conversation-updated`, with any action.
Json conversation_updated_body(const QualifiedId& actor, const Conversation& chat,
                               const std::vector<QualifiedId>& already_present,
                               const std::string& tag, const Json& action);

/// `send-connection-action`
Json connection_action_body(const QualifiedId& from, const QualifiedId& to,
                            const std::string& action);

/// A sending status with these clients in its maps, as an owner answers it.
Json sending_status(const Json& change = Json::object());

/// Clients as a map of a sending status has them.
Json as_status_map(const std::vector<Address>& clients);

/// The recipients of an `on-message-sent` that a peer has received, sorted, with their ciphertexts decoded.
std::vector<std::pair<Address, std::string>> recipients_of(const Call& call,
                                                           const std::string& domain);

}  // namespace twostep::conformance

#pragma once

#include <string>
#include <vector>

#include "conformance/support/federated.hpp"
#include "conformance/support/match.hpp"

/// What is told of conversations: events that devices find, updates that peers receive.
namespace twostep::conformance {

/// More conversations than a test makes.
inline constexpr int all_conversations = 100;

/// The events of one type about this conversation, oldest first.
std::vector<Json> events_about(const Device& device, const Conversation& chat,
                               const std::string& type);

/// How many conversations the device was told of.
std::size_t conversations_told(const Device& device);

/// A refusal because this peer cannot be reached: with its name in `unreachable_backends`, or as a
/// federation error.
ReplyMatcher IsRefusedBecauseOf(const Peer& peer);

/// Tells the target of a change of a conversation of `actor`'s peer; the target's users who are in it are
/// `present`.
Reply tell_change(const PeerUser& actor, const Conversation& chat, const std::vector<User>& present,
                  const std::string& tag, const Json& action);

/// The actions of changes (API §10.3).
Json joining(const std::vector<QualifiedId>& users);
Json removing(const std::vector<QualifiedId>& users);

/// The only update that the peer has received: it is of this conversation, by this actor, and of this kind.
/// Gives its action.
Json only_update(const Peer& peer, const Conversation& chat, const QualifiedId& actor,
                 const std::string& tag);

}  // namespace twostep::conformance

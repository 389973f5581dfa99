#pragma once

#include <string>
#include <vector>

#include "conformance/support/backend.hpp"
#include "conformance/support/peer.hpp"
#include "conformance/support/peer_calls.hpp"

/// Users of the target and of its peers together. All of it is setup: a refusal makes the test *unknown*, and
/// peers do not count what they are asked meanwhile.
namespace twostep::conformance {

/// Makes a user of the target and a user of a peer know each other.
void connect(const User& local, const PeerUser& remote);

/// A group conversation that the target owns, created by `creator`, who is connected with all others.
Conversation conversation_with(const User& creator, const std::vector<PeerUser>& remote,
                               const std::vector<User>& local = {});

/// A group conversation that the peer of `creator` owns; it connects `creator` with the target's users and
/// tells the target.
Conversation conversation_at(const PeerUser& creator, const std::vector<User>& local,
                             const std::vector<PeerUser>& remote = {});

/// `POST /conversations` by `creator`, without connecting anybody and without setup: what is under test.
Reply create_with(const User& creator, const std::vector<PeerUser>& remote,
                  const std::vector<User>& local = {});

/// Sends as a peer's user, through the peer, in a conversation that the target owns.
Reply send(const PeerDevice& sender, const Conversation& chat, const Recipients& recipients,
           const SendOptions& options = {});

/// Tells the target of a message in a conversation that the sender's peer owns.
Reply tell(const PeerDevice& sender, const Conversation& chat, const Recipients& recipients,
           const SendOptions& options = {});

/// The same as a means: a fence behind what came before on this way.
void must_tell(const PeerDevice& sender, const Conversation& chat, const Recipients& recipients,
               const SendOptions& options = {});

}  // namespace twostep::conformance

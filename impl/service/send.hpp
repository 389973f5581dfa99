#pragma once

#include <boost/asio/awaitable.hpp>
#include <string>

#include "impl/core/ids.hpp"
#include "impl/core/message.hpp"
#include "impl/core/result.hpp"
#include "impl/service/ports.hpp"

/// Step one: one request of the sending client, and its answer.
///
/// The backend that owns the conversation decides. Members of other backends are known there, their
/// clients are not: so each of these backends is asked for them, at the same time, once, and if one of
/// them fails, nobody gets the message. Then who is a member, which clients they have, whether any is
/// missing, and the rows of the message are one change: whatever races with a send, such as a member
/// being removed or a client being registered, is either before all of it or after it. At last each
/// backend with a recipient is told to store, once; whose backend fails then is in `failed_to_send`.
///
/// Errors     In this order, and before anything is stored: `no_conversation` (there is none, or the
///            sender is no member), those of `peer_calls.hpp`, `unknown_client` (the sending client
///            is not the sender's). Missing clients are no refusal: they are in the status.
/// Threads    Any. Nothing is held while a peer is asked.
/// Source     specs/01-send.md (SND), specs/09-federation.md (FED).
namespace twostep::service {

/// Who sends, and over which of our connections: none, if it is a user of another backend.
struct Sender {
  QualifiedUser user;
  ConnectionId connection = {};
};

/// Requires   The conversation is of this backend.
boost::asio::awaitable<Result<Sent>> send(Backend& backend, Sender sender,
                                          QualifiedConversation conversation, NewMessage message);

/// For a conversation of another backend, which decides. `message` is the client's body.
boost::asio::awaitable<Result<Sent>> send_through_owner(Backend& backend, UserId sender,
                                                        QualifiedConversation conversation,
                                                        std::string message);

}  // namespace twostep::service

#pragma once

#include <boost/asio/awaitable.hpp>

#include "impl/core/ids.hpp"
#include "impl/core/message.hpp"
#include "impl/core/result.hpp"
#include "impl/service/ports.hpp"

/// Step one: one request of the sending client, and its answer.
///
/// Who is a member, which clients they have, whether any is missing, and the rows of the message:
/// all of it is one change. So whatever races with a send, such as a member being removed or a
/// client being registered, is either before all of it or after it.
///
/// Errors     In this order, and before anything is stored: `federation_not_enabled` (the
///            conversation is owned by another backend), `no_conversation` (there is none, or the
///            sender is no member), `unknown_client` (the sending client is not the sender's).
///            Missing clients are no refusal: they are in the status.
/// Threads    Any.
/// Source     specs/01-send.md (SND).
namespace twostep::service {

struct Sent {
  SendingStatus status;
  bool delivered = false;  ///< Otherwise `status.missing` stopped it, and nobody has it.
};

boost::asio::awaitable<Result<Sent>> send(Backend& backend, Caller caller,
                                          QualifiedConversation conversation, NewMessage message);

}  // namespace twostep::service

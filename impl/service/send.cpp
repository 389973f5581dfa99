#include "impl/service/send.hpp"

#include <memory>
#include <string>
#include <utility>

#include "impl/core/mismatch.hpp"
#include "impl/service/change.hpp"
#include "impl/store/clients.hpp"
#include "impl/store/conversations.hpp"
#include "impl/wire/event.hpp"
#include "impl/wire/frame.hpp"
#include "impl/wire/json_text.hpp"

namespace twostep::service {
namespace {

using boost::asio::awaitable;

/// A send, as far as it can be prepared before the store is asked.
struct Outgoing {
  const Caller& caller;
  const QualifiedConversation& conversation;
  const wire::MessageEvents& events;
  NewMessage message;  ///< Each ciphertext for a client of ours is already its whole event.

  SendingClient sender() const { return {{conversation.domain, caller.user}, message.sender}; }
};

/// Makes events of ciphertexts: the costly part of a send, done before its turn in the store, where
/// one at a time is served. Only the time is put in there.
void prepare_events(CiphertextsOfUsers& recipients, const wire::MessageEvents& events) {
  for (auto& [user, ciphertexts] : recipients)
    for (auto& [client, text] : ciphertexts) text = events.event_for(client, text);
}

/// Every member here with its clients; a member without clients too.
Clients participants_here(const store::Reader& reader, const QualifiedConversation& conversation) {
  ClientsOfUsers users;
  for (const auto& member : store::member_ids(reader, conversation)) {
    if (member.domain != conversation.domain) continue;
    const auto clients = store::client_ids(reader, member.id);
    users.emplace_hint(
        users.end(), member.id,
        ClientSet{boost::container::ordered_unique_range, clients.begin(), clients.end()});
  }
  Clients participants;
  participants.emplace(conversation.domain, std::move(users));
  return participants;
}

/// Every decision of step one, on one state of the store.
Result<Mismatch> decide(const store::Reader& reader, const Outgoing& outgoing) {
  const auto sender = outgoing.sender();
  if (!store::is_member(reader, outgoing.conversation, sender.user))
    return Refusal{Reason::no_conversation};
  const auto participants = participants_here(reader, outgoing.conversation);
  if (!participants.begin()->second.at(sender.user.id).contains(sender.client))
    return Refusal{Reason::unknown_client};
  return find_mismatch(participants, outgoing.message.recipients, sender,
                       outgoing.message.strategy);
}

Sent answer_of(Mismatch& mismatch, Instant time) {
  const bool delivered = mismatch.sendable();
  return {.status = {.time = time,
                     .missing = std::move(mismatch.missing),
                     .redundant = std::move(mismatch.redundant),
                     .deleted = std::move(mismatch.deleted)},
          .delivered = delivered};
}

Events::Push push_of(const NewMessage& message) {
  if (!message.native_push) return Events::Push::none;
  return message.priority == Priority::low ? Events::Push::low : Events::Push::high;
}

/// Stores the message for every valid client, if nobody is missing.
Result<Sent> store_message(Backend& backend, const Outgoing& outgoing,
                           store::Transaction& transaction, Events& events) {
  auto mismatch = decide(transaction, outgoing);
  if (!mismatch) return mismatch.error();
  // Taken here, where one send comes after the other: times rise with the order of every inbox.
  const Instant time = backend.clock.now();
  if (mismatch->sendable()) {
    const auto time_text = wire::millisecond_time(time);
    for (const auto& recipient : mismatch->valid) {
      events.add(transaction,
                 {.user = recipient.user,
                  .targets = {recipient.client},
                  .origin = outgoing.caller.connection,
                  .event = outgoing.events.at_time(*recipient.ciphertext, time_text)},
                 push_of(outgoing.message));
    }
  }
  return answer_of(*mismatch, time);
}

/// An id for a frame that is stored nowhere. It names no place in an inbox, so it must only differ
/// from every other: its origin is random.
TimeUuid transient_id(Backend& backend, Instant time) {
  const auto bits = backend.entropy.number();
  return TimeUuid::at(time,
                      {.sequence = static_cast<std::uint16_t>(bits & 0x3fff), .node = bits >> 16});
}

awaitable<Result<Sent>> send_transient(Backend& backend, Outgoing outgoing) {
  auto mismatch =
      co_await look(backend, [&](const store::Reader& reader) { return decide(reader, outgoing); });
  if (!mismatch) co_return mismatch.error();
  const Instant time = backend.clock.now();
  if (mismatch->sendable()) {
    const auto time_text = wire::millisecond_time(time);
    for (const auto& recipient : mismatch->valid) {
      const auto event = outgoing.events.at_time(*recipient.ciphertext, time_text);
      backend.sockets.send_transient(recipient.user, {recipient.client}, outgoing.caller.connection,
                                     std::make_shared<const std::string>(wire::transient_frame(
                                         transient_id(backend, time), event)));
    }
  }
  co_return answer_of(*mismatch, time);
}

}  // namespace

awaitable<Result<Sent>> send(Backend& backend, Caller caller, QualifiedConversation conversation,
                             NewMessage message) {
  if (conversation.domain != backend.domain) co_return Refusal{Reason::federation_not_enabled};

  const wire::MessageEvents events{
      {conversation, {backend.domain, caller.user}, backend.clock.now()},
      message.sender,
      message.blob};
  if (const auto here = message.recipients.find(backend.domain); here != message.recipients.end())
    prepare_events(here->second, events);
  Outgoing outgoing{caller, conversation, events, std::move(message)};

  if (outgoing.message.transient) co_return co_await send_transient(backend, std::move(outgoing));
  co_return co_await change(backend, [&](store::Transaction& transaction, Events& stored) {
    return store_message(backend, outgoing, transaction, stored);
  });
}

}  // namespace twostep::service

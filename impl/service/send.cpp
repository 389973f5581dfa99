#include "impl/service/send.hpp"

#include <algorithm>
#include <cassert>
#include <memory>
#include <span>
#include <utility>
#include <vector>

#include "impl/core/mismatch.hpp"
#include "impl/service/ask_peers.hpp"
#include "impl/service/change.hpp"
#include "impl/service/peer_calls.hpp"
#include "impl/service/transient.hpp"
#include "impl/store/clients.hpp"
#include "impl/store/conversations.hpp"
#include "impl/wire/event.hpp"
#include "impl/wire/frame.hpp"
#include "impl/wire/json_text.hpp"
#include "impl/wire/peer_messages.hpp"

namespace twostep::service {
namespace {

using boost::asio::awaitable;

/// A send, as far as it can be prepared before the store is asked.
struct Outgoing {
  const Sender& sender;
  const QualifiedConversation& conversation;
  const wire::MessageEvents& events;
  NewMessage message;  ///< Each ciphertext for a client of ours is already its whole event.
  Clients remote;      ///< Those of members elsewhere, as their backends have just said.

  SendingClient sending_client() const { return {sender.user, message.sender}; }
};

/// What was decided, and when.
struct Decided {
  Mismatch mismatch;
  Instant time;
};

/// Makes events of ciphertexts: the costly part of a send, done before its turn in the store, where
/// one at a time is served. Only the time is put in there.
void prepare_events(CiphertextsOfUsers& recipients, const wire::MessageEvents& events) {
  for (auto& [user, ciphertexts] : recipients)
    for (auto& [client, text] : ciphertexts) text = events.event_for(client, text);
}

// --- Clients of other backends -------------------------------------------------------------

/// The backends that have to say which clients their members have.
using Questions = std::vector<Asked<std::vector<UserId>, wire::PeerClients>>;

Result<Questions> whom_to_ask(const store::Reader& reader, const Domain& local,
                              const QualifiedConversation& conversation,
                              const QualifiedUser& sender) {
  const auto members = store::member_ids(reader, conversation);
  if (!std::binary_search(members.begin(), members.end(), sender))
    return Refusal{Reason::no_conversation};
  return questions_about<wire::PeerClients>(members, local);
}

/// Only about members that were asked for is the answer believed.
ClientsOfUsers clients_of_members(const std::vector<UserId>& members,
                                  const wire::PeerClients& answer) {
  ClientsOfUsers users;
  for (const auto& member : members) {
    const auto found = answer.find(member);
    if (found == answer.end()) continue;
    auto& clients = users.try_emplace(users.end(), member)->second;
    for (const auto& client : found->second) clients.insert(client.id);
  }
  return users;
}

/// Asks all backends of members, at the same time. If one fails, so does the send.
awaitable<Result<Clients>> ask_for_clients(Backend& backend, Questions questions) {
  co_await ask_all(backend, questions, get_user_clients);
  Clients all;
  for (const auto& [peer, members, answer] : questions) {
    if (!answer) co_return answer.error();
    all.emplace_hint(all.end(), peer, clients_of_members(members, *answer));
  }
  co_return all;
}

// --- The decision --------------------------------------------------------------------------

/// Every member with its clients; a member without clients too. Left out is who is not known at its
/// own backend, or has become a member while the backends were asked.
Clients participants(const store::Reader& reader, const Domain& local,
                     const std::vector<QualifiedUser>& members, const Clients& remote) {
  Clients all;
  for (const auto& member : members) {
    if (member.domain == local) {
      auto& users = all.try_emplace(all.end(), member.domain)->second;
      const auto clients = store::client_ids(reader, member.id);
      users.emplace_hint(
          users.end(), member.id,
          ClientSet{boost::container::ordered_unique_range, clients.begin(), clients.end()});
    } else if (const auto peer = remote.find(member.domain); peer != remote.end()) {
      const auto known = peer->second.find(member.id);
      if (known == peer->second.end()) continue;
      auto& users = all.try_emplace(all.end(), member.domain)->second;
      users.emplace_hint(users.end(), member.id, known->second);
    }
  }
  return all;
}

bool has_client(const Clients& clients, const SendingClient& sender) {
  const auto users = clients.find(sender.user.domain);
  if (users == clients.end()) return false;
  const auto user = users->second.find(sender.user.id);
  return user != users->second.end() && user->second.contains(sender.client);
}

/// Every decision of step one, on one state of the store.
Result<Mismatch> decide(const store::Reader& reader, const Domain& local,
                        const Outgoing& outgoing) {
  const auto members = store::member_ids(reader, outgoing.conversation);
  const auto sender = outgoing.sending_client();
  if (!std::binary_search(members.begin(), members.end(), sender.user))
    return Refusal{Reason::no_conversation};
  const auto expected = participants(reader, local, members, outgoing.remote);
  if (!has_client(expected, sender)) return Refusal{Reason::unknown_client};
  return find_mismatch(expected, outgoing.message.recipients, sender, outgoing.message.strategy);
}

Events::Push push_of(const NewMessage& message) {
  if (!message.native_push) return Events::Push::none;
  return message.priority == Priority::low ? Events::Push::low : Events::Push::high;
}

/// Stores the message for every valid client of ours, if nobody is missing.
Result<Decided> store_message(Backend& backend, const Outgoing& outgoing,
                              store::Transaction& transaction, Events& events) {
  auto mismatch = decide(transaction, backend.domain, outgoing);
  if (!mismatch) return mismatch.error();
  // Taken here, where one send comes after the other: times rise with the order of every inbox.
  const Instant time = backend.clock.now();
  if (mismatch->sendable()) {
    const auto time_text = wire::millisecond_time(time);
    for (const auto& recipient : mismatch->valid) {
      if (*recipient.domain != backend.domain) continue;
      events.add(transaction,
                 {.user = recipient.user,
                  .targets = {recipient.client},
                  .origin = outgoing.sender.connection,
                  .event = outgoing.events.at_time(*recipient.ciphertext, time_text)},
                 push_of(outgoing.message));
    }
  }
  return Decided{*std::move(mismatch), time};
}

awaitable<Result<Decided>> send_to_inboxes(Backend& backend, const Outgoing& outgoing) {
  const auto store = [&](store::Transaction& transaction, Events& events) {
    return store_message(backend, outgoing, transaction, events);
  };
  co_return co_await change(backend, store);
}

awaitable<Result<Decided>> send_to_sockets(Backend& backend, const Outgoing& outgoing) {
  const auto look_at = [&](const store::Reader& reader) {
    return decide(reader, backend.domain, outgoing);
  };
  auto mismatch = co_await look(backend, look_at);
  if (!mismatch) co_return mismatch.error();
  const Instant time = backend.clock.now();
  if (mismatch->sendable()) {
    const auto time_text = wire::millisecond_time(time);
    for (const auto& recipient : mismatch->valid) {
      if (*recipient.domain != backend.domain) continue;
      const auto event = outgoing.events.at_time(*recipient.ciphertext, time_text);
      backend.sockets.send_transient(recipient.user, {recipient.client}, outgoing.sender.connection,
                                     std::make_shared<const std::string>(wire::transient_frame(
                                         transient_id(backend, time), event)));
    }
  }
  co_return Decided{*std::move(mismatch), time};
}

// --- Telling other backends ----------------------------------------------------------------

using RecipientsOfPeer = std::span<const ValidRecipient>;

/// The recipients of other backends, backend by backend.
std::vector<RecipientsOfPeer> recipients_elsewhere(const Domain& local,
                                                   const std::vector<ValidRecipient>& valid) {
  std::vector<RecipientsOfPeer> peers;
  for (auto first = valid.begin(); first != valid.end();) {  // In order of their domains.
    const auto last = std::find_if(first, valid.end(), [&](const ValidRecipient& recipient) {
      return *recipient.domain != *first->domain;
    });
    if (*first->domain != local) peers.push_back({first, last});
    first = last;
  }
  return peers;
}

/// Tells every backend with a recipient to store. Returns the clients of those that failed.
awaitable<Clients> tell_peers(Backend& backend, const Outgoing& outgoing, const Decided& decided) {
  const auto peers = recipients_elsewhere(backend.domain, decided.mismatch.valid);
  std::vector<Asked<std::string, Done>> told;
  told.reserve(peers.size());
  for (const auto& recipients : peers)
    told.push_back({*recipients.front().domain,
                    wire::encode_peer_message(outgoing.message, outgoing.sender.user,
                                              outgoing.conversation.id, decided.time, recipients)});
  co_await ask_all(backend, told, on_message_sent);

  Clients failed;
  for (std::size_t i = 0; i < told.size(); ++i) {
    if (told[i].answer) continue;
    auto& users = failed.try_emplace(failed.end(), told[i].peer)->second;
    for (const auto& recipient : peers[i]) users[recipient.user].insert(recipient.client);
  }
  co_return failed;
}

}  // namespace

awaitable<Result<Sent>> send(Backend& backend, Sender sender, QualifiedConversation conversation,
                             NewMessage message) {
  assert(conversation.domain == backend.domain);
  const auto look_at = [&](const store::Reader& reader) {
    return whom_to_ask(reader, backend.domain, conversation, sender.user);
  };
  auto questions = co_await look(backend, look_at);
  if (!questions) co_return questions.error();
  auto remote = co_await ask_for_clients(backend, *std::move(questions));
  if (!remote) co_return remote.error();

  const wire::MessageEvents events{
      {conversation, sender.user, backend.clock.now()}, message.sender, message.blob};
  if (const auto here = message.recipients.find(backend.domain); here != message.recipients.end())
    prepare_events(here->second, events);
  const Outgoing outgoing{sender, conversation, events, std::move(message), *std::move(remote)};

  auto deciding = outgoing.message.transient ? send_to_sockets(backend, outgoing)
                                             : send_to_inboxes(backend, outgoing);
  auto decided = co_await std::move(deciding);
  if (!decided) co_return decided.error();

  const bool sendable = decided->mismatch.sendable();
  Clients failed;
  if (sendable) failed = co_await tell_peers(backend, outgoing, *decided);
  auto& mismatch = decided->mismatch;
  co_return Sent{.status = {.time = decided->time,
                            .missing = std::move(mismatch.missing),
                            .redundant = std::move(mismatch.redundant),
                            .deleted = std::move(mismatch.deleted),
                            .failed_to_send = std::move(failed)},
                 .delivered = sendable};
}

awaitable<Result<Sent>> send_through_owner(Backend& backend, UserId sender,
                                           QualifiedConversation conversation,
                                           std::string message) {
  auto body = wire::encode_peer_send(conversation.id, sender, message);
  co_return co_await send_message(backend, conversation.domain, std::move(body));
}

}  // namespace twostep::service

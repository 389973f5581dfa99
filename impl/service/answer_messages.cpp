#include "impl/service/answer_messages.hpp"

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "impl/service/change.hpp"
#include "impl/service/send.hpp"
#include "impl/service/transient.hpp"
#include "impl/store/conversations.hpp"
#include "impl/wire/event.hpp"
#include "impl/wire/frame.hpp"
#include "impl/wire/peer_messages.hpp"

namespace twostep::service {
namespace {

using boost::asio::awaitable;

/// One client with the event that is for it.
struct Delivery {
  UserId user;
  ClientId client;
  std::string event;
};

/// The events of all recipients: the costly part, done before the store is asked.
std::vector<Delivery> deliveries_of(const QualifiedConversation& conversation,
                                    const wire::PeerMessage& message) {
  const wire::MessageEvents events{
      {conversation, message.sender, message.time}, message.sending_client, message.blob};
  std::vector<Delivery> deliveries;
  for (const auto& [user, ciphertexts] : message.recipients)
    for (const auto& [client, text] : ciphertexts)
      deliveries.push_back({user, client, events.event_for(client, text)});
  return deliveries;
}

/// Whether the user is in it, as far as is known here. Deliveries come user by user.
class Membership {
 public:
  Membership(const store::Reader& reader, const Domain& local,
             const QualifiedConversation& conversation)
      : reader_{reader}, local_{local}, conversation_{conversation} {}

  bool includes(const UserId& user) {
    if (user_ != user) {
      user_ = user;
      included_ = store::is_member(reader_, conversation_, {local_, user});
    }
    return included_;
  }

 private:
  const store::Reader& reader_;
  const Domain& local_;
  const QualifiedConversation& conversation_;
  std::optional<UserId> user_;
  bool included_ = false;
};

Events::Push push_of(const wire::PeerMessage& message) {
  if (!message.native_push) return Events::Push::none;
  return message.priority == Priority::low ? Events::Push::low : Events::Push::high;
}

/// How many recipients were passed over, having stored it for the others.
awaitable<Result<std::size_t>> store_deliveries(Backend& backend,
                                                const QualifiedConversation& conversation,
                                                const wire::PeerMessage& message,
                                                const std::vector<Delivery>& deliveries) {
  const auto decide = [&](store::Transaction& transaction, Events& events) -> Result<std::size_t> {
    Membership members{transaction, backend.domain, conversation};
    std::size_t ignored = 0;
    for (const auto& [user, client, event] : deliveries) {
      if (members.includes(user)) {
        events.add(transaction, {.user = user, .targets = {client}, .origin = {}, .event = event},
                   push_of(message));
      } else {
        ++ignored;
      }
    }
    return ignored;
  };
  co_return co_await change(backend, decide);
}

/// The same for a message that is stored nowhere.
awaitable<Result<std::size_t>> send_deliveries(Backend& backend,
                                               const QualifiedConversation& conversation,
                                               const std::vector<Delivery>& deliveries) {
  const auto look_at = [&](const store::Reader& reader) -> Result<std::size_t> {
    Membership members{reader, backend.domain, conversation};
    std::size_t ignored = 0;
    for (const auto& [user, client, event] : deliveries) {
      if (members.includes(user)) {
        const auto id = transient_id(backend, backend.clock.now());
        backend.sockets.send_transient(
            user, {client}, {},
            std::make_shared<const std::string>(wire::transient_frame(id, event)));
      } else {
        ++ignored;
      }
    }
    return ignored;
  };
  co_return co_await look(backend, look_at);
}

}  // namespace

awaitable<Result<PeerAnswer>> answer_send_message(Backend& backend, const PeerRequest& request) {
  auto wanted = wire::decode_peer_send(request.body);
  if (!wanted) co_return wanted.error();
  Sender sender{.user = {request.origin, wanted->sender}};
  QualifiedConversation conversation{backend.domain, wanted->conversation};
  const auto sent = co_await send(backend, std::move(sender), std::move(conversation),
                                  std::move(wanted->message));
  if (sent) co_return PeerAnswer{.body = wire::encode_peer_sent(*sent)};
  auto not_sent = wire::encode_not_sent(sent.error().reason);
  if (!not_sent) co_return sent.error();
  co_return PeerAnswer{.body = *std::move(not_sent)};
}

awaitable<Result<PeerAnswer>> answer_on_message_sent(Backend& backend, const PeerRequest& request) {
  const auto message = wire::decode_peer_message(request.body);
  if (!message) co_return message.error();
  const QualifiedConversation conversation{request.origin, message->conversation};
  const auto deliveries = deliveries_of(conversation, *message);
  auto delivering = message->transient
                        ? send_deliveries(backend, conversation, deliveries)
                        : store_deliveries(backend, conversation, *message, deliveries);
  const auto ignored = co_await std::move(delivering);
  if (!ignored) co_return ignored.error();
  PeerAnswer answer{.body = "{}"};
  if (*ignored > 0)
    answer.remark = std::to_string(*ignored) + " recipients are no members of the conversation";
  co_return answer;
}

}  // namespace twostep::service

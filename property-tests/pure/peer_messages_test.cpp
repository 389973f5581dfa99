// Messages, as backends hand them to each other: what one writes the other reads, and nothing else.
#include "impl/wire/peer_messages.hpp"

#include "impl/wire/base64.hpp"
#include "impl/wire/json_text.hpp"
#include "impl/wire/message.hpp"
#include "property-tests/pure/codec.hpp"
#include "property-tests/pure/generators.hpp"
#include "property-tests/pure/property.hpp"

namespace twostep::properties {
namespace {

using wire::Json;

const Domain caller = *Domain::parse("b.example");

// --- Messages ------------------------------------------------------------------------------

template <class T>
std::optional<T> maybe(T value) {
  return *one_in(3) ? std::nullopt : std::optional{std::move(value)};
}

std::string few_octets() { return (*octets()).substr(0, 40); }

NewMessage any_message() {
  NewMessage message{.sender = *client(),
                     .native_push = *one_in(2),
                     .priority = maybe(*one_in(2) ? Priority::low : Priority::high),
                     .transient = *one_in(2),
                     .blob = few_octets()};
  for (auto count = *below(4); count > 0; --count)
    for (auto devices = 1 + *below(3); devices > 0; --devices)
      message.recipients[caller][*user()][*client()] = few_octets();
  return message;
}

std::vector<ValidRecipient> all_of(const Recipients& recipients) {
  std::vector<ValidRecipient> all;
  for (const auto& [domain, users] : recipients)
    for (const auto& [user, texts] : users)
      for (const auto& [client, text] : texts) all.push_back({&domain, user, client, &text});
  return all;
}

std::string written_again(const wire::PeerMessage& read) {
  NewMessage message{.sender = read.sending_client,
                     .native_push = read.native_push,
                     .priority = read.priority,
                     .transient = read.transient,
                     .blob = read.blob};
  message.recipients.emplace(caller, read.recipients);
  return wire::encode_peer_message(message, read.sender, read.conversation, read.time,
                                   all_of(message.recipients));
}

Codec peer_message() {
  return {.say =
              [] {
                const auto message = any_message();
                const QualifiedUser sender{*domain(), *user()};
                const auto conversation_id = *conversation();
                const auto time = *wire_instant();
                auto recipients = Json::object();
                for (const auto& one : all_of(message.recipients))
                  recipients[one.user.text()][one.client.text()] = wire::base64(*one.ciphertext);
                return Codec::Said{
                    {{"time", wire::millisecond_time(time)},
                     {"data", wire::base64(message.blob)},
                     {"sender", name_tree(sender)},
                     {"sender_client", message.sender.text()},
                     {"conversation", conversation_id.text()},
                     {"priority", message.priority
                                      ? Json(*message.priority == Priority::low ? "low" : "high")
                                      : Json()},
                     {"push", message.native_push},
                     {"transient", message.transient},
                     {"recipients", recipients}},
                    wire::encode_peer_message(message, sender, conversation_id, time,
                                              all_of(message.recipients))};
              },
          .repeat =
              [](const std::string& text) {
                return again(wire::decode_peer_message(text), written_again);
              },
          .needed = {"/time", "/sender", "/sender/id", "/sender/domain", "/sender_client",
                     "/conversation", "/push", "/transient", "/recipients"}};
}

TEST(PeerBodies, OfAMessageAreFaithful) { expect_faithful(peer_message()); }

TEST(PeerBodies, ThatAreNotFaithfulAreFound) {
  const auto fine = peer_message();
  auto loses_transient = fine;
  loses_transient.repeat = [](const std::string& text) {
    return again(wire::decode_peer_message(text), [](wire::PeerMessage read) {
      read.transient = false;
      return written_again(read);
    });
  };
  auto needs_no_time = fine;
  needs_no_time.repeat = [fine](std::string text) {
    if (auto tree = Json::parse(text, nullptr, false); tree.is_object()) {
      if (!tree.contains("time")) tree["time"] = "2021-05-12T10:52:02Z";
      text = tree.dump();
    }
    return fine.repeat(text);
  };
  auto forgives_an_end = fine;
  forgives_an_end.repeat = [fine](const std::string& text) {
    const auto read = fine.repeat(text);
    return read ? read : fine.repeat(text + '}');
  };
  auto swaps = fine;
  swaps.repeat = [](const std::string& text) {
    return again(wire::decode_peer_message(text), [](wire::PeerMessage read) {
      if (read.recipients.size() > 1)
        std::swap(read.recipients.begin()->second, read.recipients.rbegin()->second);
      return written_again(read);
    });
  };
  for (const auto& broken : {loses_transient, needs_no_time, forgives_an_end, swaps})
    expect_unfaithful(broken);
}

Json tree_of_clients(const Clients& clients) {
  auto tree = Json::object();
  for (const auto& [domain, users] : clients)
    for (const auto& [user, set] : users)
      for (const auto client : set) tree[domain.text()][user.text()].push_back(client.text());
  return tree;
}

TEST(PeerBodies, OfWhatBecameOfAMessageAreFaithful) {
  const std::vector<std::string> sets{"time", "missing", "redundant", "deleted"};
  Codec codec{.say =
                  [] {
                    const Sent sent{.status = {.time = *wire_instant(),
                                               .missing = *clients(),
                                               .redundant = *clients(),
                                               .deleted = *clients(),
                                               .failed_to_send = *clients()},
                                    .delivered = *one_in(2)};
                    const auto& status = sent.status;
                    const Json tree{{"time", wire::millisecond_time(status.time)},
                                    {"missing", tree_of_clients(status.missing)},
                                    {"redundant", tree_of_clients(status.redundant)},
                                    {"deleted", tree_of_clients(status.deleted)},
                                    {"failed_to_send", tree_of_clients(status.failed_to_send)},
                                    {"failed_to_confirm_clients", Json::object()}};
                    const Json stopped{{"tag", "MessageNotSentClientMissing"}, {"contents", tree}};
                    return Codec::Said{
                        sent.delivered ? Json{{"Right", tree}} : Json{{"Left", stopped}},
                        wire::encode_peer_sent(sent)};
                  },
              .repeat = [](const std::string& text) -> std::optional<std::string> {
                const auto read = of_answer(text, wire::decode_peer_sent);
                if (!read) return std::nullopt;
                if (const auto* sent = std::get_if<Sent>(&*read))
                  return wire::encode_peer_sent(*sent);
                return wire::encode_not_sent(std::get<Reason>(*read));
              },
              .needed = {"/Right", "/Left", "/Left/tag", "/Left/contents"}};
  for (const auto& set : sets) {
    codec.needed.push_back("/Right/" + set);
    codec.needed.push_back("/Left/contents/" + set);
  }
  expect_faithful(codec);
}

TEST(PeerBodies, OfAMessageThatIsRefusedSayWhy) {
  for (const auto reason :
       {Reason::no_conversation, Reason::unknown_client, Reason::missing_legalhold_consent}) {
    const auto text = wire::encode_not_sent(reason);
    ASSERT_TRUE(text);
    const auto read = wire::decode_peer_sent(Json::parse(*text));
    ASSERT_TRUE(read);
    EXPECT_EQ(std::get<Reason>(*read), reason);
  }
  EXPECT_FALSE(wire::encode_not_sent(Reason::internal));
  EXPECT_FALSE(wire::decode_peer_sent(Json{{"Left", {{"tag", "MessageNotSentForFun"}}}}));
}

TEST(PeerBodies, ThatPassAMessageOnHoldItAsItWas) {
  expect_always(
      [] {
        // sender: 7; transient; blob; report_all.
        auto protobuf = std::string{"\x0a\x02\x08\x07\x30\x01\x3a\x00", 8};
        if (*one_in(2)) protobuf = *damaged(protobuf);
        const auto conversation_id = *conversation();
        const auto sender = *user();
        const auto text = wire::encode_peer_send(conversation_id, sender, protobuf);
        const Json tree{{"conv_id", conversation_id.text()},
                        {"sender", sender.text()},
                        {"raw_message", wire::base64(protobuf)}};
        RC_ASSERT(Json::parse(text) == tree);
        const auto direct = wire::decode_qualified_message(protobuf);
        const auto read = wire::decode_peer_send(text);
        reached("a message", direct.has_value());
        reached("none", !direct);
        RC_ASSERT(read.has_value() == direct.has_value());
        if (!read) {
          RC_ASSERT(read.error().reason == Reason::invalid_payload);
        } else {
          RC_ASSERT(read->conversation == conversation_id);
          RC_ASSERT(read->sender == sender);
          RC_ASSERT(read->message.sender == direct->sender);
          RC_ASSERT(read->message.transient == direct->transient);
        }
        for (const auto* name : {"conv_id", "sender", "raw_message"}) {
          auto less = tree;
          less.erase(name);
          const auto refused = wire::decode_peer_send(less.dump());
          RC_ASSERT(!refused.has_value());
          RC_ASSERT(refused.error().reason == Reason::bad_request);
        }
      },
      {"a message", "none"});
}

}  // namespace
}  // namespace twostep::properties

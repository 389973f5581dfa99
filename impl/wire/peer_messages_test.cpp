#include "impl/wire/peer_messages.hpp"

#include <gtest/gtest.h>

#include "impl/wire/time_text.hpp"

namespace twostep::wire {
namespace {

const auto a = *Domain::parse("a.example");
const auto b = *Domain::parse("b.example");
const auto alice = *UserId::parse("a11ce000-0000-4000-8000-000000000001");
const auto bob = *UserId::parse("b0b00000-0000-4000-8000-000000000002");
const auto bill = *UserId::parse("b1110000-0000-4000-8000-000000000003");
const auto talk = *ConversationId::parse("c0000000-0000-4000-8000-00000000000c");
const auto noon = *parse_time("2025-06-01T12:00:00.250Z");

TEST(PeerMessage, ArrivesAsItWasTold) {
  const std::string one = "one", two = "two", three = "three";
  const std::vector<ValidRecipient> recipients{
      {&b, bob, {0xb1}, &one}, {&b, bob, {0xb2}, &two}, {&b, bill, {0xb1}, &three}};
  NewMessage message{.sender = {0xa1}};
  message.blob = "shared";
  message.priority = Priority::low;
  message.native_push = false;

  const auto body = encode_peer_message(message, {a, alice}, talk, noon, recipients);
  const auto told = decode_peer_message(body).value();

  EXPECT_EQ(told.time, noon);
  EXPECT_EQ(told.sender, (QualifiedUser{a, alice}));
  EXPECT_EQ(told.sending_client, ClientId{0xa1});
  EXPECT_EQ(told.conversation, talk);
  EXPECT_EQ(told.blob, "shared");
  EXPECT_EQ(told.priority, Priority::low);
  EXPECT_FALSE(told.native_push);
  EXPECT_FALSE(told.transient);
  ASSERT_EQ(told.recipients.size(), 2u);
  EXPECT_EQ(told.recipients.at(bob), (Ciphertexts{{{0xb1}, one}, {{0xb2}, two}}));
  EXPECT_EQ(told.recipients.at(bill), (Ciphertexts{{{0xb1}, three}}));
}

TEST(PeerMessage, MayHaveNoSharedData) {
  const auto body = [](const std::string& data) {
    return R"({"time":"2025-06-01T12:00:00Z","sender":{"id":")" + alice.text() +
           R"(","domain":"a.example"},"sender_client":"a1","conversation":")" + talk.text() +
           R"(","priority":null,"push":true,"transient":false,"recipients":{})" + data + "}";
  };
  EXPECT_EQ(decode_peer_message(body("")).value().blob, "");
  EXPECT_EQ(decode_peer_message(body(R"(,"data":null)")).value().blob, "");
  EXPECT_EQ(decode_peer_message(body(R"(,"data":"")")).value().blob, "");
  EXPECT_FALSE(decode_peer_message(body(R"(,"data":"?")")));
}

TEST(PeerSend, OfWhatIsNoMessageIsAnInvalidPayload) {
  EXPECT_EQ(decode_peer_send(encode_peer_send(talk, alice, "\xff\xff")).error().reason,
            Reason::invalid_payload);
  EXPECT_EQ(decode_peer_send("{}").error().reason, Reason::bad_request);
}

TEST(Sent, ArrivesAsItWasAnswered) {
  Sent sent{.status = {.time = noon}, .delivered = true};
  sent.status.deleted[b][bob].insert({0xb9});
  sent.status.failed_to_send[b][bill].insert({0xb1});
  const auto sent_again = [&sent] {
    const auto answer = parse_value(encode_peer_sent(sent)).value();
    return std::get<Sent>(decode_peer_sent(answer).value());
  };
  auto answered = sent_again();
  EXPECT_TRUE(answered.delivered);
  EXPECT_EQ(answered.status.time, noon);
  EXPECT_EQ(answered.status.deleted, sent.status.deleted);
  EXPECT_EQ(answered.status.failed_to_send, sent.status.failed_to_send);

  sent.delivered = false;
  sent.status.missing[b][bob].insert({0xb1});
  answered = sent_again();
  EXPECT_FALSE(answered.delivered);
  EXPECT_EQ(answered.status.missing, sent.status.missing);
}

TEST(Sent, IsARefusalForWhateverTheOwnerHasATagFor) {
  for (const auto reason :
       {Reason::no_conversation, Reason::unknown_client, Reason::missing_legalhold_consent}) {
    const auto answer = parse_value(encode_not_sent(reason).value()).value();
    EXPECT_EQ(std::get<Reason>(decode_peer_sent(answer).value()), reason);
  }
  EXPECT_FALSE(encode_not_sent(Reason::internal));
}

TEST(Sent, IsNothingElse) {
  for (const auto* answer : {"{}", "[]", R"({"Right":{}})", R"({"Left":{"tag":"Whatever"}})",
                             R"({"Left":{"tag":"MessageNotSentClientMissing"}})"})
    EXPECT_FALSE(decode_peer_sent(parse_value(answer).value())) << answer;

  Sent sent{.status = {.time = noon}, .delivered = true};
  sent.status.deleted[b][bob].insert({0xb9});
  auto answer = encode_peer_sent(sent);
  const std::string list = R"(["b9"])";
  answer.replace(answer.find(list), list.size(), R"("b9")");
  EXPECT_FALSE(decode_peer_sent(parse_value(answer).value())) << answer;
}

}  // namespace
}  // namespace twostep::wire

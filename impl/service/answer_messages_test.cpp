#include "impl/service/three_backends.hpp"
#include "impl/wire/peer_messages.hpp"

namespace twostep::service {
namespace {

using namespace federation;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

const std::string text = "ciphertext";

std::string told(const std::vector<ValidRecipient>& recipients, const NewMessage& message = {},
                 Instant time = std::chrono::sys_days{std::chrono::year{2030} / 1 / 1}) {
  return wire::encode_peer_message(message, alice, talk.id, time, recipients);
}

const ValidRecipient for_bob{&b, bob.id, bobs, &text};
const ValidRecipient for_bobs_tablet{&b, bob.id, bobs_tablet, &text};
const ValidRecipient for_nobody{
    &b, *UserId::parse("57000000-0000-4000-8000-000000000009"), {0xd1}, &text};

PeerAnswer tell_b(ThreeBackends& world, std::string body, const Domain& origin = a) {
  return world.call(world.at_b, origin, "galley", "on-message-sent", std::move(body));
}

TEST(Fed29, WhoIsNotAMemberIsPassedOverWithARemark) {
  ThreeBackends world;
  const auto answer = tell_b(world, told({for_nobody, for_bob}));
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.body, "{}");
  EXPECT_THAT(answer.remark, HasSubstr("1 recipients"));
  EXPECT_THAT(world.delivered(), ElementsAre("b1"));
}

TEST(Fed29, AConversationIsThatOfWhoCalls) {
  ThreeBackends world;
  const auto answer = tell_b(world, told({for_bob}), c);
  EXPECT_EQ(answer.status, 200);
  EXPECT_THAT(world.delivered(), IsEmpty());
}

TEST(Fed30, ClientsThatDoNotExistDoNotMatter) {
  ThreeBackends world;
  const ValidRecipient invented{&b, bob.id, {0xbf}, &text};
  EXPECT_EQ(tell_b(world, told({for_bob, invented})).status, 200);
  EXPECT_THAT(world.delivered(), ElementsAre("b1", "bf"));
}

TEST(Fed31, IdsAreOursAndTimesTheOwners) {
  ThreeBackends world;
  for (const int year : {2031, 1999, 2030}) {
    const Instant time = std::chrono::sys_days{std::chrono::year{year} / 1 / 1};
    ASSERT_EQ(tell_b(world, told({for_bob}, {}, time)).status, 200);
  }
  std::vector<std::string> years;
  for (const auto& event : world.events_of(bob))
    years.push_back(event["time"].get<std::string>().substr(0, 4));
  EXPECT_THAT(years, ElementsAre("2031", "1999", "2030"));
}

TEST(Fed32, ACallRepeatedIsAnotherMessage) {
  ThreeBackends world;
  const auto body = told({for_bob});
  tell_b(world, body);
  tell_b(world, body);
  EXPECT_THAT(world.delivered(), ElementsAre("b1", "b1"));
  EXPECT_NE(world.at_b.sockets.doorbells.at(0).id, world.at_b.sockets.doorbells.at(1).id);
}

TEST(Fed33, WhatIsNoCallChangesNothing) {
  ThreeBackends world;
  for (const auto* body : {"", "[]", "{}", "nonsense", R"({"time":"now"})"}) {
    for (const auto* rpc : {"on-message-sent", "send-message"}) {
      EXPECT_EQ(world.call(world.at_b, a, "galley", rpc, body).status, 400) << body;
    }
  }
  EXPECT_THAT(world.delivered(), IsEmpty());
}

TEST(Fed43, ARawMessageThatIsNoneIsRefused) {
  ThreeBackends world;
  const auto body = wire::encode_peer_send(talk.id, charlie.id, "no message");
  const auto answer = world.call(world.at_a, c, "galley", "send-message", body);
  EXPECT_EQ(answer.status, 400);
  EXPECT_THAT(answer.body, HasSubstr("invalid-payload"));
}

TEST(AnswerMessages, HaveNoConnectionThatIsNotTold) {
  ThreeBackends world;
  tell_b(world, told({for_bob, for_bobs_tablet}));
  ASSERT_EQ(world.at_b.sockets.doorbells.size(), 2u);
  EXPECT_EQ(world.at_b.sockets.doorbells.front().origin, ConnectionId{});
}

}  // namespace
}  // namespace twostep::service

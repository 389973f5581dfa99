#include "impl/service/send.hpp"

#include "impl/service/sending_world.hpp"

namespace twostep::service {
namespace {

using namespace sending;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Pair;
using ::testing::UnorderedElementsAre;

TEST(Snd01, ACompleteMessageIsAcknowledgedAndReportsNothing) {
  World world;
  const auto sent = world.send(message_to(everybody));
  ASSERT_TRUE(sent);
  EXPECT_TRUE(sent->delivered);
  EXPECT_THAT(shown(sent->status.missing), IsEmpty());
  EXPECT_THAT(shown(sent->status.redundant), IsEmpty());
  EXPECT_THAT(shown(sent->status.deleted), IsEmpty());
}

TEST(Snd11, EachValidClientGetsItsOwnCiphertext) {
  World world;
  ASSERT_TRUE(world.send(message_to(everybody)));
  EXPECT_THAT(world.delivered(), UnorderedElementsAre(Pair(alices_phone, ElementsAre("Zm9yIGEy")),
                                                      Pair(anns_phone, ElementsAre("Zm9yIGIx")),
                                                      Pair(anns_tablet, ElementsAre("Zm9yIGIy")),
                                                      Pair(arnos_phone, ElementsAre("Zm9yIGMx"))));
}

TEST(Snd08, TheStatusHasTheTimeOfEveryEvent) {
  World world;
  const auto sent = world.send(message_to(everybody));
  ASSERT_TRUE(sent);
  EXPECT_EQ(sent->status.time, world.fakes.clock.now());
  for (const auto& user : {alice, ann, arno})
    for (const auto& event : world.events_of(user))
      EXPECT_EQ(event["time"], "2025-06-01T00:00:00.000Z");
}

TEST(Snd10, TheSameMessageAgainIsAnotherMessage) {
  World world;
  ASSERT_TRUE(world.send(message_to(everybody)));
  ASSERT_TRUE(world.send(message_to(everybody)));
  EXPECT_THAT(world.delivered()[arnos_phone], ElementsAre("Zm9yIGMx", "Zm9yIGMx"));
}

TEST(Snd12, WhoIsNotAddressedGetsNothing) {
  World world;
  const auto sent = world.send(message_to(without(anns_tablet), IgnoreAll{}));
  ASSERT_TRUE(sent);
  EXPECT_TRUE(sent->delivered);
  EXPECT_FALSE(world.delivered().contains(anns_tablet));
}

TEST(Snd13, WhoIsNoMemberIsRedundantAndGetsNothing) {
  World world;
  const auto sent = world.send(message_to(with(stranger, strangers_phone)));
  ASSERT_TRUE(sent);
  EXPECT_TRUE(sent->delivered);
  EXPECT_THAT(shown(sent->status.redundant), ElementsAre("stranger d1"));
  EXPECT_FALSE(world.delivered().contains(strangers_phone));
}

TEST(Snd13, ClientsOfOtherBackendsAreRedundant) {
  World world;
  auto message = message_to(everybody);
  message.recipients[b][ann][anns_phone] = "far away";
  const auto sent = world.send(std::move(message));
  ASSERT_TRUE(sent);
  EXPECT_TRUE(sent->delivered);
  EXPECT_TRUE(sent->status.redundant.contains(b));
  EXPECT_EQ(world.delivered()[anns_phone].size(), 1u);
}

TEST(Snd14, TheSendingClientIsRedundantAndGetsNothing) {
  World world;
  const auto sent = world.send(message_to(with(alice, alices_laptop)));
  ASSERT_TRUE(sent);
  EXPECT_TRUE(sent->delivered);
  EXPECT_THAT(shown(sent->status.redundant), ElementsAre("alice a1"));
  EXPECT_FALSE(world.delivered().contains(alices_laptop));
}

TEST(Snd15, TheSendersOtherClientsAreExpected) {
  World world;
  const auto sent = send_without_trace(world, message_to(without(alices_phone)));
  ASSERT_TRUE(sent);
  EXPECT_THAT(shown(sent->status.missing), ElementsAre("alice a2"));
}

TEST(Snd16, AClientThatWasJustRegisteredIsExpected) {
  World world;
  ASSERT_TRUE(world.send(message_to(everybody)));
  world.add_client(arno, ClientId{0xc2});
  const auto sent = world.send(message_to(everybody));
  ASSERT_TRUE(sent);
  EXPECT_FALSE(sent->delivered);
  EXPECT_THAT(shown(sent->status.missing), ElementsAre("arno c2"));
}

TEST(Snd17, AClientThatWasJustRemovedIsDeleted) {
  World world;
  world.act([](store::Transaction& rows) { store::erase_client(rows, ann, anns_tablet); });
  const auto sent = world.send(message_to(everybody));
  ASSERT_TRUE(sent);
  EXPECT_TRUE(sent->delivered);
  EXPECT_THAT(shown(sent->status.deleted), ElementsAre("ann b2"));
}

TEST(Snd18, WhoWasRemovedFromTheConversationIsRedundant) {
  World world;
  world.act([](store::Transaction& rows) { store::erase_member(rows, a, talk, {a, arno}); });
  const auto sent = world.send(message_to(everybody));
  ASSERT_TRUE(sent);
  EXPECT_TRUE(sent->delivered);
  EXPECT_THAT(shown(sent->status.redundant), ElementsAre("arno c1"));
  EXPECT_FALSE(world.delivered().contains(arnos_phone));
}

TEST(Snd19, EveryMissingClientIsNamed) {
  World world;
  const auto sent = send_without_trace(world, message_to({{ann, {anns_phone}}}));
  ASSERT_TRUE(sent);
  EXPECT_FALSE(sent->delivered);
  EXPECT_THAT(shown(sent->status.missing), UnorderedElementsAre("ann b2", "arno c1", "alice a2"));
}

TEST(Snd20, AMessageWithMissingClientsIsStoredNowhere) {
  World world;
  for (const auto left_out : {alices_phone, anns_phone, anns_tablet, arnos_phone}) {
    const auto sent = send_without_trace(world, message_to(without(left_out)));
    ASSERT_TRUE(sent);
    EXPECT_FALSE(sent->delivered);
  }
}

TEST(Snd21, AClientThatNeverExistedIsDeleted) {
  World world;
  const auto sent = world.send(message_to(with(ann, unknown)));
  ASSERT_TRUE(sent);
  EXPECT_TRUE(sent->delivered);
  EXPECT_THAT(shown(sent->status.deleted), ElementsAre("ann ff"));
}

TEST(Snd23, RedundantAndDeletedAreReportedWithAMissingClientToo) {
  World world;
  auto addressed = without(arnos_phone);
  addressed[alice].push_back(alices_laptop);
  addressed[ann].push_back(unknown);
  const auto sent = send_without_trace(world, message_to(addressed));
  ASSERT_TRUE(sent);
  EXPECT_THAT(shown(sent->status.missing), ElementsAre("arno c1"));
  EXPECT_THAT(shown(sent->status.redundant), ElementsAre("alice a1"));
  EXPECT_THAT(shown(sent->status.deleted), ElementsAre("ann ff"));
}

TEST(Snd25, OnlyTheUsersOfTheListAreReported) {
  World world;
  const Addressed some{{alice, {alices_phone}}};
  const auto stopped = send_without_trace(world, message_to(some, ReportOnly{{{a, {ann}}}}));
  ASSERT_TRUE(stopped);
  EXPECT_THAT(shown(stopped->status.missing), ElementsAre("ann b1", "ann b2"));

  const auto sent = world.send(message_to(some, ReportOnly{}));
  ASSERT_TRUE(sent);
  EXPECT_TRUE(sent->delivered);
}

TEST(Snd26, OnlyTheUsersOfTheListAreIgnored) {
  World world;
  const Addressed some{{alice, {alices_phone}}};
  const auto stopped = send_without_trace(world, message_to(some, IgnoreOnly{{{a, {ann}}}}));
  ASSERT_TRUE(stopped);
  EXPECT_THAT(shown(stopped->status.missing), ElementsAre("arno c1"));

  const auto sent = world.send(message_to(some, IgnoreOnly{{{a, {ann, arno}}}}));
  ASSERT_TRUE(sent);
  EXPECT_TRUE(sent->delivered);
}

TEST(Snd30, AMessageToNobodyIsAMessage) {
  World world;
  const auto stopped = send_without_trace(world, message_to({}));
  ASSERT_TRUE(stopped);
  EXPECT_FALSE(stopped->delivered);
  const auto sent = send_without_trace(world, message_to({}, IgnoreAll{}));
  ASSERT_TRUE(sent);
  EXPECT_TRUE(sent->delivered);
}

TEST(Snd33, AStrangerCannotTellAConversationFromNone) {
  World world;
  auto message = message_to(everybody);
  message.sender = strangers_phone;
  const QualifiedConversation none{a, {}};
  EXPECT_EQ(send_without_trace(world, message, stranger).error().reason, Reason::no_conversation);
  EXPECT_EQ(send_without_trace(world, message, stranger, none).error().reason,
            Reason::no_conversation);
}

TEST(Snd34, TheSendingClientMustBeTheSenders) {
  World world;
  for (const auto sender : {unknown, anns_phone, ClientId{}}) {
    auto message = message_to(everybody);
    message.sender = sender;
    EXPECT_EQ(send_without_trace(world, message).error().reason, Reason::unknown_client);
  }
}

TEST(Snd35, MembershipComesFirstThenTheSendingClientThenWhoIsMissing) {
  World world;
  auto message = message_to({});
  message.sender = unknown;
  EXPECT_EQ(send_without_trace(world, message, stranger).error().reason, Reason::no_conversation);
  EXPECT_EQ(send_without_trace(world, message).error().reason, Reason::unknown_client);
}

}  // namespace
}  // namespace twostep::service

#include <atomic>
#include <set>
#include <thread>

#include "impl/service/send.hpp"
#include "impl/service/sending_world.hpp"

namespace twostep::service {
namespace {

using namespace sending;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(Dlv06, TheConnectionThatSentIsNotToRing) {
  World world;
  ASSERT_TRUE(world.send(message_to(everybody)));
  ASSERT_EQ(world.fakes.sockets.doorbells.size(), 4u);
  for (const auto& doorbell : world.fakes.sockets.doorbells) {
    EXPECT_EQ(doorbell.origin, alices_login);
    EXPECT_EQ(doorbell.targets.size(), 1u);
  }
}

TEST(Dlv14, TheEventNamesEverything) {
  World world;
  auto message = message_to(everybody);
  message.blob = "shared";
  ASSERT_TRUE(world.send(std::move(message)));
  const wire::Json expected = {
      {"type", "conversation.otr-message-add"},
      {"conversation", talk.id.text()},
      {"qualified_conversation", wire::qualified_id(talk)},
      {"from", alice.text()},
      {"qualified_from", {{"id", alice.text()}, {"domain", "a.example"}}},
      {"time", "2025-06-01T00:00:00.000Z"},
      {"via", "user"},
      {"data",
       {{"sender", "a1"}, {"recipient", "c1"}, {"text", "Zm9yIGMx"}, {"data", "c2hhcmVk"}}}};
  EXPECT_THAT(world.events_of(arno), ElementsAre(expected));
}

TEST(Dlv16, ATransientMessageIsStoredNowhereAndGoesToSocketsAlone) {
  World world;
  auto message = message_to(everybody);
  message.transient = true;
  const auto before = store::testing::rows_of(world.memory);

  const auto sent = world.send(std::move(message));

  ASSERT_TRUE(sent);
  EXPECT_TRUE(sent->delivered);
  EXPECT_EQ(store::testing::rows_of(world.memory), before);
  EXPECT_THAT(world.fakes.sockets.doorbells, IsEmpty());
  EXPECT_THAT(world.fakes.push.offered, IsEmpty());
  std::set<std::string> frames;
  for (const auto& transient : world.fakes.sockets.transients) {
    EXPECT_EQ(transient.targets.size(), 1u);
    EXPECT_EQ(transient.origin, alices_login);
    frames.insert(transient.frame);
  }
  EXPECT_EQ(frames.size(), 4u);
}

TEST(Dlv16, ATransientMessageWithMissingClientsGoesToNobody) {
  World world;
  auto message = message_to(without(arnos_phone));
  message.transient = true;
  const auto sent = send_without_trace(world, std::move(message));
  ASSERT_TRUE(sent);
  EXPECT_FALSE(sent->delivered);
}

TEST(Dlv17, NativePushIsTheSendersChoice) {
  World world;
  auto silent = message_to(everybody);
  silent.native_push = false;
  ASSERT_TRUE(world.send(std::move(silent)));
  EXPECT_THAT(world.fakes.push.offered, IsEmpty());
  EXPECT_EQ(world.fakes.sockets.doorbells.size(), 4u);

  auto low = message_to(everybody);
  low.priority = Priority::low;
  ASSERT_TRUE(world.send(std::move(low)));
  ASSERT_EQ(world.fakes.push.offered.size(), 4u);
  EXPECT_FALSE(world.fakes.push.offered[0].high_priority);
}

// However the store fails, the sender hears what is known, and nobody is rung for what may not be.
TEST(Snd02, AFailingStoreIsNotAcknowledged) {
  struct Case {
    store::StoreError error;
    Reason reason;
  };
  for (const auto& [error, reason] :
       {Case{store::StoreError::busy, Reason::too_busy},
        Case{store::StoreError::full, Reason::store_full},
        Case{store::StoreError::outcome_unknown, Reason::outcome_unknown}}) {
    World world;
    world.store.fail_writes_with = error;
    EXPECT_EQ(send_without_trace(world, message_to(everybody)).error().reason, reason);
  }
}

TEST(Snd02, AnOutcomeThatWasNeverLearnedMayStillBeStoredForAll) {
  World world;
  world.store.fail_writes_with = store::StoreError::outcome_unknown;
  world.store.commits_anyway = true;
  const auto sent = world.send(message_to(everybody));
  EXPECT_EQ(sent.error().reason, Reason::outcome_unknown);
  EXPECT_EQ(world.delivered().size(), 4u);
  EXPECT_THAT(world.fakes.sockets.doorbells, IsEmpty());
}

TEST(Dlv16, ATransientMessageThatCannotBeDecidedGoesToNobody) {
  World world;
  world.store.fail_reads_with = store::StoreError::busy;
  auto message = message_to(everybody);
  message.transient = true;
  EXPECT_EQ(send_without_trace(world, std::move(message)).error().reason, Reason::too_busy);
}

TEST(Snd02, AChangeThatIsDecidedTwiceIsStoredOnce) {
  World world;
  world.store.decide_twice = true;
  ASSERT_TRUE(world.send(message_to(everybody)));
  EXPECT_EQ(world.delivered().size(), 4u);
  EXPECT_EQ(world.fakes.sockets.doorbells.size(), 4u);
}

// Several senders and a device being registered, all at once: every message is either before the
// registration, and stored for everybody there was, or after it, and stopped.
TEST(Snd09, SendsThatRaceWithARegistrationAreBeforeItOrAfterIt) {
  World world;
  std::atomic<bool> registered{false};
  std::atomic<int> acknowledged{0};
  std::atomic<int> sent_too_late{0};
  {
    std::vector<std::jthread> threads;
    for (int sender = 0; sender < 4; ++sender) {
      threads.emplace_back([&] {
        bool after = false;
        while (!after) {  // Each ends with a send that began after the registration.
          after = registered;
          const auto sent = world.send(message_to(everybody));
          if (!sent || !sent->delivered) continue;
          ++acknowledged;
          if (after) ++sent_too_late;
        }
      });
    }
    threads.emplace_back([&] {
      while (acknowledged < 20) std::this_thread::yield();
      world.add_client(arno, ClientId{0xc2});
      registered = true;
    });
  }
  EXPECT_EQ(sent_too_late, 0);
  for (const auto client : {alices_phone, anns_phone, anns_tablet, arnos_phone})
    EXPECT_EQ(world.delivered()[client].size(), static_cast<std::size_t>(acknowledged.load()));
}

}  // namespace
}  // namespace twostep::service

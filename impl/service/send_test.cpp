#include "impl/service/send.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <map>
#include <thread>

#include "impl/service/change.hpp"
#include "impl/service/fakes.hpp"
#include "impl/service/faulty_store.hpp"
#include "impl/store/clients.hpp"
#include "impl/store/conversations.hpp"
#include "impl/store/memory.hpp"
#include "impl/store/testing.hpp"
#include "impl/wire/json.hpp"

namespace twostep::service {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Pair;
using ::testing::UnorderedElementsAre;

const auto a = *Domain::parse("a.example");
const auto b = *Domain::parse("b.example");
const auto alice = *UserId::parse("a11ce000-0000-4000-8000-000000000001");
const auto ann = *UserId::parse("a0a0a0a0-0000-4000-8000-000000000002");
const auto arno = *UserId::parse("a4004000-0000-4000-8000-000000000003");
const auto stranger = *UserId::parse("57000000-0000-4000-8000-000000000004");
const QualifiedConversation talk{a, *ConversationId::parse("c0000000-0000-4000-8000-00000000000c")};

constexpr ClientId alices_laptop{0xa1};
constexpr ClientId alices_phone{0xa2};
constexpr ClientId anns_phone{0xb1};
constexpr ClientId anns_tablet{0xb2};
constexpr ClientId arnos_phone{0xc1};
constexpr ClientId strangers_phone{0xd1};
constexpr ClientId unknown{0xff};
constexpr ConnectionId alices_login{77};

using Addressed = std::map<UserId, std::vector<ClientId>>;

const Addressed everybody{
    {alice, {alices_phone}}, {ann, {anns_phone, anns_tablet}}, {arno, {arnos_phone}}};

Addressed without(ClientId left_out) {
  auto rest = everybody;
  for (auto& [user, clients] : rest) std::erase(clients, left_out);
  return rest;
}

Addressed with(const UserId& user, ClientId client) {
  auto more = everybody;
  more[user].push_back(client);
  return more;
}

/// The ciphertext of a client: different for each, and told apart from every other text.
std::string ciphertext_for(ClientId client) { return "for " + client.text(); }

NewMessage message_to(const Addressed& addressed, Strategy strategy = ReportAll{}) {
  NewMessage message{.sender = alices_laptop, .recipients = {}, .strategy = std::move(strategy)};
  for (const auto& [user, clients] : addressed)
    for (const auto client : clients) message.recipients[a][user][client] = ciphertext_for(client);
  return message;
}

/// The clients of one map of a status, as text: "ann b1".
std::vector<std::string> shown(const Clients& clients) {
  const std::map<UserId, std::string> names{
      {alice, "alice"}, {ann, "ann"}, {arno, "arno"}, {stranger, "stranger"}};
  std::vector<std::string> all;
  for (const auto& [domain, users] : clients)
    for (const auto& [user, set] : users)
      for (const auto client : set) all.push_back(names.at(user) + ' ' + client.text());
  return all;
}

/// A backend with a conversation of alice (two clients), ann (two) and arno (one), a stranger who
/// is not in it, and everything that a send does to it.
struct World {
  World() {
    const Conversation group{.id = talk, .creator = alice};
    act([&](store::Transaction& rows) {
      store::put_conversation(rows, group);
      for (const auto& member : {alice, ann, arno})
        store::put_member(rows, a, talk, {.user = {a, member}});
    });
    for (const auto& [user, client] :
         std::vector<std::pair<UserId, ClientId>>{{alice, alices_laptop},
                                                  {alice, alices_phone},
                                                  {ann, anns_phone},
                                                  {ann, anns_tablet},
                                                  {arno, arnos_phone},
                                                  {stranger, strangers_phone}})
      add_client(user, client);
  }

  void act(std::function<void(store::Transaction&)> what) {
    store::testing::write(memory, std::move(what)).value();
  }

  void add_client(const UserId& user, ClientId client) {
    Client device;
    device.id = client;
    act([&](store::Transaction& rows) { store::put_client(rows, user, device); });
  }

  Result<Sent> send(NewMessage message, const UserId& user = alice,
                    const QualifiedConversation& conversation = talk) {
    const Caller caller{.user = user, .connection = alices_login, .client = {}};
    return run(service::send(fakes.backend, caller, conversation, std::move(message)));
  }

  /// What each client finds in its inbox: its ciphertext, in base64.
  std::map<ClientId, std::vector<std::string>> delivered() {
    std::map<ClientId, std::vector<std::string>> found;
    for (const auto& user : {alice, ann, arno, stranger}) {
      for (const auto& event : events_of(user)) {
        const auto client = ClientId::parse(event["data"]["recipient"].get<std::string>());
        found[client.value()].push_back(event["data"]["text"].get<std::string>());
      }
    }
    return found;
  }

  std::vector<wire::Json> events_of(const UserId& user) {
    std::vector<wire::Json> events;
    store::testing::read(memory, [&](const store::Reader& reader) {
      store::visit_after(reader, user, std::nullopt, TimeUuid::earliest,
                         [&](const store::NotificationView& row) {
                           events.push_back(wire::parse_object(row.event).value());
                           return true;
                         });
    }).value();
    return events;
  }

  store::MemoryStore memory;
  FaultyStore store{memory};
  FakeWorld fakes{store};
};

/// Runs a send that is to be refused or stopped, and shows that it left no trace anywhere.
Result<Sent> send_without_trace(World& world, NewMessage message, const UserId& user = alice,
                                const QualifiedConversation& conversation = talk) {
  const auto before = store::testing::rows_of(world.memory);
  auto sent = world.send(std::move(message), user, conversation);
  EXPECT_EQ(store::testing::rows_of(world.memory), before);
  EXPECT_THAT(world.fakes.sockets.doorbells, IsEmpty());
  EXPECT_THAT(world.fakes.sockets.transients, IsEmpty());
  EXPECT_THAT(world.fakes.push.offered, IsEmpty());
  return sent;
}

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

TEST(Snd36, AConversationOfAnotherBackendIsRefusedWithoutFederation) {
  World world;
  const QualifiedConversation there{b, talk.id};
  EXPECT_EQ(send_without_trace(world, message_to(everybody), alice, there).error().reason,
            Reason::federation_not_enabled);
}

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

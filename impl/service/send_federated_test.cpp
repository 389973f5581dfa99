#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <random>

#include "impl/service/three_backends.hpp"

namespace twostep::service {
namespace {

using namespace federation;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using Strings = std::vector<std::string>;

const Strings everybody_else{"a2", "b1", "b2", "c1", "c2", "c3"};
const Strings all_calls{"b.example get-user-clients", "b.example on-message-sent",
                        "c.example get-user-clients", "c.example on-message-sent"};

std::vector<Strategy> strategies() {
  Users everybody;
  for (const auto& user : {ann, bob, charlie, chris}) everybody[user.domain].insert(user.id);
  return {ReportAll{}, IgnoreAll{}, ReportOnly{everybody}, ReportOnly{}, IgnoreOnly{everybody}};
}

/// Every way in which a peer's answer is none.
std::vector<FakePeers::Answered> failures() {
  return {PeerFailure::denied,    PeerFailure::unknown_domain,
          PeerFailure::discovery, PeerFailure::unreachable,
          PeerFailure::tls,       PeerFailure::http,
          PeerFailure::version,   PeerReply{500, R"({"code":500,"label":"server-error"})"},
          PeerReply{302, ""},     PeerReply{200, "<html>"}};
}

TEST(Fed12, EachInvolvedBackendIsAskedOnceForItsMembers) {
  ThreeBackends world;
  ASSERT_TRUE(world.send(message_from(alices, all_but(alices))));
  std::map<std::string, std::string> asked;
  for (const auto& call : world.at_a.peers.calls)
    if (call.rpc == "get-user-clients") asked[call.to.text()] = call.body;
  EXPECT_EQ(asked.at("b.example"), R"({"users":[")" + bob.id.text() + R"("]})");
  EXPECT_EQ(asked.at("c.example"),
            R"({"users":[")" + chris.id.text() + R"(",")" + charlie.id.text() + R"("]})");
  EXPECT_EQ(world.asked_by_a(), all_calls);
}

// No backend answers before both have been asked.
TEST(Fed13, BackendsAreAskedAtTheSameTime) {
  ThreeBackends world;
  std::size_t open = 0;
  std::size_t open_most = 0;
  world.at_a.peers.wait = [&](const PeerCall& call) -> boost::asio::awaitable<void> {
    if (call.rpc != "get-user-clients") co_return;
    open_most = std::max(open_most, ++open);
    // Others that are ready run first.
    for (int turn = 0; turn < 10; ++turn) co_await boost::asio::post(boost::asio::use_awaitable);
    --open;
  };
  ASSERT_TRUE(world.send(message_from(alices, all_but(alices))));
  EXPECT_EQ(open_most, 2u);
}

TEST(Fed14, EveryMessageAsksAnew) {
  ThreeBackends world;
  ASSERT_TRUE(world.send(message_from(alices, all_but(alices)))->delivered);
  world.add(world.at_b, bob, {{0xb3}});
  const auto again = world.send(message_from(alices, all_but(alices))).value();
  EXPECT_FALSE(again.delivered);
  EXPECT_EQ(again.status.missing, (Clients{{b, {{bob.id, {ClientId{0xb3}}}}}}));
}

TEST(Fed15, NothingIsRepeated) {
  for (const auto& failure : failures()) {
    ThreeBackends world;
    world.at_a.peers.answers.insert_or_assign("b.example get-user-clients", failure);
    EXPECT_FALSE(world.send(message_from(alices, all_but(alices))));
    EXPECT_EQ(world.asked_by_a(),
              (Strings{"b.example get-user-clients", "c.example get-user-clients"}));
    world.at_a.peers.answers.clear();
    world.at_a.peers.answers.insert_or_assign("b.example on-message-sent", failure);
    EXPECT_TRUE(world.send(message_from(alices, all_but(alices))));
    EXPECT_EQ(world.asked_by_a(), all_calls);
  }
}

TEST(Fed16, NobodyIsAskedForAStranger) {
  ThreeBackends world;
  const QualifiedUser stranger{a, *UserId::parse("57000000-0000-4000-8000-000000000009")};
  const auto sent = world.send(message_from(alices, all_but(alices)), stranger);
  EXPECT_EQ(sent.error().reason, Reason::no_conversation);
  EXPECT_THAT(world.asked_by_a(), IsEmpty());
}

TEST(Fed17, NobodyIsToldOfAMessageThatIsRefused) {
  ThreeBackends world;
  EXPECT_FALSE(world.send(message_from(alices, {}))->delivered);
  EXPECT_EQ(world.send(message_from({0xff}, all_but(alices))).error().reason,
            Reason::unknown_client);
  for (const auto& call : world.asked_by_a()) EXPECT_EQ(call.find("on-message-sent"), call.npos);
  EXPECT_THAT(world.delivered(), IsEmpty());
}

TEST(Fed18, ClientsOfOtherBackendsAreMissingRedundantAndDeletedToo) {
  ThreeBackends world;
  auto addressed = all_but(alices);
  std::erase_if(addressed, [](const auto& entry) { return entry.second == bobs_tablet; });
  addressed.push_back({chris, ClientId{0xcf}});
  const QualifiedUser stranger{c, *UserId::parse("57000000-0000-4000-8000-000000000009")};
  addressed.push_back({stranger, ClientId{0xd1}});

  const auto stopped = world.send(message_from(alices, addressed)).value();
  EXPECT_FALSE(stopped.delivered);
  EXPECT_EQ(stopped.status.missing, (Clients{{b, {{bob.id, {bobs_tablet}}}}}));
  EXPECT_EQ(stopped.status.deleted, (Clients{{c, {{chris.id, {ClientId{0xcf}}}}}}));
  EXPECT_EQ(stopped.status.redundant, (Clients{{c, {{stranger.id, {ClientId{0xd1}}}}}}));

  const Users bobs_user{{b, {bob.id}}};
  EXPECT_FALSE(world.send(message_from(alices, addressed, ReportOnly{bobs_user}))->delivered);
  EXPECT_TRUE(world.send(message_from(alices, addressed, IgnoreOnly{bobs_user}))->delivered);
  EXPECT_THAT(world.delivered(), ElementsAre("a2", "b1", "c1", "c2", "c3"));
}

TEST(Fed19, AMemberUnknownAtItsBackendHasNoClients) {
  ThreeBackends world;
  world.at_a.peers.answers.insert_or_assign("b.example get-user-clients", PeerReply{200, "{}"});
  auto sent = world.send(message_from(alices, all_but(alices))).value();
  EXPECT_TRUE(sent.delivered);
  EXPECT_EQ(sent.status.redundant, (Clients{{b, {{bob.id, {bobs, bobs_tablet}}}}}));
  EXPECT_THAT(world.delivered(), ElementsAre("a2", "c1", "c2", "c3"));

  world.at_a.peers.answers.insert_or_assign("b.example get-user-clients",
                                            PeerReply{200, R"({")" + bob.id.text() + R"(":[]})"});
  sent = world.send(message_from(alices, all_but(alices))).value();
  EXPECT_EQ(sent.status.deleted, (Clients{{b, {{bob.id, {bobs, bobs_tablet}}}}}));
}

TEST(Fed20, IfOneBackendFailsNobodyHasTheMessageWhateverTheStrategy) {
  for (const auto& failure : failures()) {
    for (const auto& strategy : strategies()) {
      ThreeBackends world;
      world.at_a.peers.answers.insert_or_assign("c.example get-user-clients", failure);
      const auto sent = world.send(message_from(alices, all_but(alices), strategy));
      EXPECT_FALSE(sent);
      EXPECT_EQ(world.asked_by_a(),
                (Strings{"b.example get-user-clients", "c.example get-user-clients"}));
      EXPECT_THAT(world.delivered(), IsEmpty());
      const auto unknown = world.send(message_from({0xff}, all_but(alices), strategy));
      EXPECT_EQ(unknown.error().reason, sent.error().reason);
    }
  }
}

// A thousand messages of anybody to anybody, with a backend down when it is asked for clients.
TEST(Fed20, NobodyHasAnyOfAThousandMessagesThatCouldNotBeChecked) {
  std::mt19937 random{20};
  const auto below = [&](std::size_t end) {
    return std::uniform_int_distribution<std::size_t>{0, end - 1}(random);
  };
  const std::vector<std::pair<QualifiedUser, ClientId>> senders{
      {alice, alices}, {ann, anns}, {charlie, charlies}, {chris, chriss}};
  const auto all_failures = failures();
  const auto all_strategies = strategies();
  ThreeBackends world;
  for (int i = 0; i < 1'000; ++i) {
    const auto& [user, client] = senders[below(senders.size())];
    auto addressed = all_but(client);
    std::erase_if(addressed, [&](const auto&) { return below(3) == 0; });
    auto message = message_from(client, addressed, all_strategies[below(all_strategies.size())]);
    message.transient = below(4) == 0;
    const std::string down = below(2) == 0 ? "b.example" : "c.example";
    world.at_a.peers.answers.clear();
    world.at_a.peers.answers.insert_or_assign(down + " get-user-clients",
                                              all_failures[below(all_failures.size())]);
    ASSERT_FALSE(world.send(std::move(message), user)) << i;
  }
  EXPECT_THAT(world.delivered(), IsEmpty());
  for (auto* backend : {&world.at_a, &world.at_b, &world.at_c})
    EXPECT_THAT(backend->sockets.transients, IsEmpty());
  for (const auto& call : world.at_a.peers.calls) ASSERT_EQ(call.rpc, "get-user-clients");
  EXPECT_EQ(world.at_a.peers.calls.size(), 2'000u);
}

TEST(Fed21, ABackendThatIsNotInvolvedDoesNotMatter) {
  ThreeBackends world;
  ThreeBackends::write(world.at_a,
                       [](store::Transaction& rows) { store::erase_member(rows, a, talk, bob); });
  world.at_a.peers.backends.erase(b);
  auto addressed = all_but(alices);
  std::erase_if(addressed, [](const auto& entry) { return entry.first == bob; });
  EXPECT_TRUE(world.send(message_from(alices, addressed))->delivered);
  EXPECT_EQ(world.asked_by_a(),
            (Strings{"c.example get-user-clients", "c.example on-message-sent"}));
}

TEST(Fed23, OnlyBackendsWithAValidRecipientAreTold) {
  ThreeBackends world;
  const auto sent = world.send(message_from(alices, {{ann, anns}, {bob, bobs}}, IgnoreAll{}));
  EXPECT_TRUE(sent->delivered);
  EXPECT_EQ(world.asked_by_a(), (Strings{"b.example get-user-clients", "b.example on-message-sent",
                                         "c.example get-user-clients"}));
  EXPECT_THAT(world.delivered(), ElementsAre("a2", "b1"));
}

TEST(Fed24, OursIsStoredFirstAndTheAnswerWaitsForAllOthers) {
  ThreeBackends world;
  world.at_a.peers.before = [&](const PeerCall& call) {
    if (call.rpc != "on-message-sent") return;
    EXPECT_EQ(world.events_of(ann).size(), 1u);
  };
  ASSERT_TRUE(world.send(message_from(alices, all_but(alices))));
  EXPECT_EQ(world.delivered(), everybody_else);
}

TEST(Fed25, WhoseBackendFailsThenIsReportedAndTheOthersHaveIt) {
  for (const auto& failure : failures()) {
    ThreeBackends world;
    world.at_a.peers.answers.insert_or_assign("b.example on-message-sent", failure);
    const auto sent = world.send(message_from(alices, all_but(alices))).value();
    EXPECT_TRUE(sent.delivered);
    EXPECT_EQ(sent.status.failed_to_send, (Clients{{b, {{bob.id, {bobs, bobs_tablet}}}}}));
    EXPECT_THAT(world.delivered(), ElementsAre("a2", "c1", "c2", "c3"));
  }
}

TEST(Fed26, TheEventIsTheSameAtEveryBackend) {
  ThreeBackends world;
  world.at_b.clock.advance(std::chrono::hours{1});
  auto message = message_from(alices, all_but(alices));
  message.blob = "shared";
  ASSERT_TRUE(world.send(std::move(message)));
  auto at_ann = world.events_of(ann).at(0);
  auto at_bob = world.events_of(bob).at(0);
  EXPECT_EQ(at_bob["data"]["recipient"], "b1");
  EXPECT_EQ(at_bob["data"]["text"], "Zm9yIGIx");
  at_ann["data"].erase("recipient");
  at_ann["data"].erase("text");
  at_bob["data"].erase("recipient");
  at_bob["data"].erase("text");
  EXPECT_EQ(at_bob, at_ann);
}

TEST(Fed27, TransientMessagesGoToSocketsOfAllBackendsAndAreStoredNowhere) {
  ThreeBackends world;
  auto message = message_from(alices, all_but(alices));
  message.transient = true;
  ASSERT_TRUE(world.send(std::move(message)));
  EXPECT_THAT(world.delivered(), IsEmpty());
  EXPECT_EQ(world.at_a.sockets.transients.size(), 1u);
  EXPECT_EQ(world.at_b.sockets.transients.size(), 2u);
  EXPECT_EQ(world.at_c.sockets.transients.size(), 3u);
}

TEST(Fed27, PushesFollowTheSendersWishAtEveryBackend) {
  ThreeBackends world;
  auto silent = message_from(alices, all_but(alices));
  silent.native_push = false;
  ASSERT_TRUE(world.send(std::move(silent)));
  EXPECT_THAT(world.at_b.push.offered, IsEmpty());
  auto low = message_from(alices, all_but(alices));
  low.priority = Priority::low;
  ASSERT_TRUE(world.send(std::move(low)));
  ASSERT_EQ(world.at_b.push.offered.size(), 2u);
  EXPECT_FALSE(world.at_b.push.offered.front().high_priority);
}

// While B and C are asked, bob is removed, ann leaves, and a new user of B joins.
TEST(SendFederated, DecidesOnTheMembersWhoAreThereBeforeAndAfterAsking) {
  ThreeBackends world;
  const QualifiedUser bill{b, *UserId::parse("b1110000-0000-4000-8000-000000000006")};
  world.add(world.at_b, bill, {{0xb9}});
  world.at_a.peers.before = [&](const PeerCall& call) {
    if (call.rpc != "get-user-clients") return;
    ThreeBackends::write(world.at_a, [](store::Transaction& rows) {
      store::erase_member(rows, a, talk, bob);
      store::erase_member(rows, a, talk, ann);
    });
    world.join(bill);
  };
  const auto sent = world.send(message_from(alices, all_but(alices))).value();
  EXPECT_TRUE(sent.delivered);
  EXPECT_EQ(sent.status.redundant,
            (Clients{{a, {{ann.id, {anns}}}}, {b, {{bob.id, {bobs, bobs_tablet}}}}}));
  EXPECT_THAT(world.delivered(), ElementsAre("c1", "c2", "c3"));
}

TEST(SendFederated, IsRefusedWithoutFederation) {
  ThreeBackends world;
  world.at_a.backend.peers = nullptr;
  EXPECT_EQ(world.send(message_from(alices, all_but(alices))).error().reason,
            Reason::federation_not_enabled);
  EXPECT_THAT(world.delivered(), IsEmpty());
}

}  // namespace
}  // namespace twostep::service

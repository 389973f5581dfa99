#include <gtest/gtest.h>

#include "model/scene.hpp"

namespace twostep::model {
namespace {

Scene owner(Profile profile = Profile::m1) {
  Scene scene{a, IdPolicy::monotonic, profile};
  for (const auto& client : {of(alice), of(ann), of(bob), of(chris)}) scene.has(client);
  return scene;
}

const Message to_all = Scene::message(of(alice), {of(ann), of(bob), of(chris)});

void name_clients(Scene& scene, RequestId request, BackendId peer) {
  const auto user = peer == b ? bob : chris;
  scene.happen(ClientsAnswered{request, peer, {{user, {ClientId{1}}}}});
  settle(scene.backend, scene.now, scene.effects);
}

TEST(Fed12, EachInvolvedPeerIsAskedForItsMembers) {
  auto scene = owner();
  const auto request = scene.post(to_all);
  EXPECT_EQ(scene.effects,
            (Effects{AskClients{request, b, {bob}}, AskClients{request, c, {chris}}}));
}

TEST(Fed14, EachMessageAsksAnew) {
  auto scene = owner();
  for (int i = 0; i < 2; ++i) {
    const auto request = scene.post(to_all);
    EXPECT_EQ(scene.seen<AskClients>().size(), 2u);
    name_clients(scene, request, b);
    name_clients(scene, request, c);
  }
}

TEST(Fed16, AStrangerCausesNoCall) {
  auto scene = owner();
  EXPECT_EQ(scene.send(of(amy), {of(bob)}).verdict, Verdict::no_conversation);
  EXPECT_TRUE(scene.seen<AskClients>().empty());
}

TEST(Fed17, NobodyIsToldBeforeAllHaveAnswered) {
  auto scene = owner();
  const auto request = scene.post(to_all);
  name_clients(scene, request, b);
  EXPECT_TRUE(scene.seen<TellToStore>().empty());
  EXPECT_TRUE(scene.inbox(of(ann)).empty());
  name_clients(scene, request, c);
  EXPECT_EQ(scene.seen<TellToStore>().size(), 2u);
  EXPECT_EQ(scene.inbox(of(ann)).size(), 1u);
}

TEST(Fed19, WhomAPeerDoesNotKnowIsRedundant) {
  auto scene = owner();
  auto request = scene.post(to_all);
  name_clients(scene, request, c);
  scene.happen(ClientsAnswered{request, b, {}});
  settle(scene.backend, 0, scene.effects);
  scene.happen(PeerStored{request, c});
  settle(scene.backend, 0, scene.effects);
  EXPECT_EQ(scene.answer(request).status.redundant, std::vector{of(bob)});

  request = scene.post(to_all);
  name_clients(scene, request, c);
  scene.happen(ClientsAnswered{request, b, {{bob, {}}}});
  settle(scene.backend, 0, scene.effects);
  scene.happen(PeerStored{request, c});
  settle(scene.backend, 0, scene.effects);
  EXPECT_EQ(scene.answer(request).status.deleted, std::vector{of(bob)});
}

TEST(Fed20, APeerThatFailsWhenAskedStopsItForEverybody) {
  for (const auto kind : {Strategy::Kind::report_all, Strategy::Kind::ignore_all}) {
    auto scene = owner();
    const auto request =
        scene.post(Scene::message(of(alice), {of(ann), of(bob), of(chris)}, {kind, {}}));
    name_clients(scene, request, c);
    scene.happen(CallFailed{request, b, 7});
    settle(scene.backend, 0, scene.effects);
    EXPECT_EQ(scene.answer(request), (Outcome{Verdict::peer_failed, {}, b, 7}));
    EXPECT_TRUE(scene.inbox(of(ann)).empty());
    EXPECT_TRUE(scene.seen<TellToStore>().empty());

    name_clients(scene, request, b);  // Too late to change anything.
    EXPECT_TRUE(scene.inbox(of(ann)).empty());
  }
}

TEST(Fed24, TheAnswerWaitsForThoseWhoAreTold) {
  auto scene = owner();
  const auto request = scene.post(to_all);
  name_clients(scene, request, b);
  name_clients(scene, request, c);
  scene.happen(PeerStored{request, b});
  settle(scene.backend, 0, scene.effects);
  EXPECT_TRUE(scene.seen<Answer>().empty());
  scene.happen(PeerStored{request, c});
  settle(scene.backend, 0, scene.effects);
  EXPECT_EQ(scene.seen<Answer>().size(), 1u);
}

TEST(Fed25, WhoseBackendFailsWhenToldIsNamed) {
  auto scene = owner();
  const auto request = scene.post(to_all);
  name_clients(scene, request, b);
  name_clients(scene, request, c);
  scene.happen(CallFailed{request, b});
  scene.happen(PeerStored{request, c});
  settle(scene.backend, 0, scene.effects);
  const auto outcome = scene.answer(request);
  EXPECT_EQ(outcome.verdict, Verdict::accepted);
  EXPECT_EQ(outcome.status.failed_to_send, std::vector{of(bob)});
  EXPECT_EQ(scene.seen<TellToStore>().size(), 2u);  // Nobody was told twice.
}

// B, with one of its users in the conversation that A owns.
Scene recipient(Profile profile = Profile::m1) {
  Scene scene{b, IdPolicy::monotonic, profile};
  scene.has(of(bob));
  return scene;
}

void tell(Scene& scene, RequestId request, BackendId from, const Message& message) {
  scene.happen(StoreAsked{request, {0}, from, message, {1}});
  settle(scene.backend, scene.now, scene.effects);
}

TEST(Fed28, SuccessIsAnsweredWhenItIsStored) {
  auto scene = recipient();
  tell(scene, {1}, a, Scene::message(of(alice), {of(bob)}));
  ASSERT_EQ(scene.effects.size(), 2u);
  EXPECT_TRUE(std::holds_alternative<Stored>(scene.effects[0]));
  EXPECT_EQ(scene.effects[1], Effect(AnswerStore{{1}, true}));
}

TEST(Fed29, OnlyTheOwnerCanWriteAndOnlyToMembers) {
  auto scene = recipient();
  const UserId ben{b, 1};
  scene.change(AddUser{ben});
  scene.change(AddClient{of(ben)});
  tell(scene, {1}, c, Scene::message(of(alice), {of(bob)}));
  tell(scene, {2}, a, Scene::message(of(alice), {of(ben)}));
  EXPECT_EQ(scene.effects, (Effects{AnswerStore{{1}, true}, AnswerStore{{2}, true}}));
}

TEST(Fed30, AnInventedClientDoesNotKeepOthersFromTheirs) {
  auto scene = recipient();
  tell(scene, {1}, a, Scene::message(of(alice), {of(bob), of(bob, 9)}));
  EXPECT_EQ(scene.inbox(of(bob)).size(), 1u);
}

TEST(Fed31, IdsAreTheRecipientsBackends) {
  auto scene = recipient();
  scene.now = 50;
  auto message = Scene::message(of(alice), {of(bob)});
  for (const Time time : {900, 3}) {
    message.time = time;
    tell(scene, {static_cast<std::uint64_t>(time)}, a, message);
  }
  const auto page = catch_up(scene.backend, {bob}).notifications;
  ASSERT_EQ(page.size(), 2u);
  EXPECT_EQ(page[0].content.time, 900);
  EXPECT_EQ(page[0].id.ticks, 50);
  EXPECT_EQ(page[1].id.ticks, 51);
}

TEST(Fed32, ToldAgainIsAnotherMessageInM1) {
  auto scene = recipient();
  for (const RequestId request : {RequestId{1}, RequestId{2}}) {
    tell(scene, request, a, Scene::message(of(alice), {of(bob)}));
  }
  EXPECT_EQ(scene.inbox(of(bob)).size(), 2u);

  auto outbox = recipient(Profile::outbox);
  for (const RequestId request : {RequestId{1}, RequestId{2}}) {
    tell(outbox, request, a, Scene::message(of(alice), {of(bob)}));
  }
  EXPECT_EQ(outbox.inbox(of(bob)).size(), 1u);
}

TEST(Fed34, TheSendersBackendMakesOneCallAndDecidesNothing) {
  auto scene = recipient();
  const auto message = Scene::message(of(bob), {of(alice)});
  const auto request = scene.post(message);
  EXPECT_EQ(scene.effects, (Effects{Forward{request, a, message}}));
  EXPECT_TRUE(ready(scene.backend).empty());
}

TEST(Fed36, TheOwnersAnswerIsTheClients) {
  auto scene = recipient();
  const auto request = scene.post(Scene::message(of(bob), {of(alice)}));
  Outcome outcome{.verdict = Verdict::clients_missing};
  outcome.status.missing = {of(ann)};
  scene.happen(OwnerAnswered{request, outcome});
  EXPECT_EQ(scene.answer(request), outcome);
}

TEST(Fed38, APeerSpeaksForItsOwnUsers) {
  auto scene = owner();
  scene.happen(SendRequested{{1}, {0}, Scene::message(of(bob), {}), {}, c});
  EXPECT_EQ(scene.answer({1}).verdict, Verdict::no_conversation);
  EXPECT_TRUE(scene.seen<AskClients>().empty());
}

TEST(Fed39, TheSendingClientIsOneThatItsBackendNames) {
  auto scene = owner();
  scene.happen(SendRequested{{1}, {0}, Scene::message(of(bob, 9), {}), {}, b});
  name_clients(scene, {1}, b);
  name_clients(scene, {1}, c);
  EXPECT_EQ(scene.answer({1}).verdict, Verdict::unknown_client);
}

TEST(Fed41, ABackendServesCallsWhileItWaitsForTheOwner) {
  auto scene = recipient();
  scene.post(Scene::message(of(bob), {of(alice)}));
  scene.happen(ClientsAsked{{9}, {0}, a, {bob, {b, 5}}});
  EXPECT_EQ(scene.seen<AnswerClients>(), (std::vector{AnswerClients{{9}, {{bob, {{1}}}}}}));
  tell(scene, {10}, a, Scene::message(of(bob), {of(bob, 2)}));
  EXPECT_EQ(scene.seen<AnswerStore>().size(), 1u);
}

TEST(Queue, OnePeerIsToldOneAfterAnother) {
  auto scene = owner(Profile::queued);
  for (int i = 0; i < 2; ++i) {
    const auto request = scene.post(to_all);
    name_clients(scene, request, b);
    name_clients(scene, request, c);
    EXPECT_EQ(scene.answer(request).verdict, Verdict::accepted);
  }
  EXPECT_EQ(scene.seen<TellToStore>().size(), 2u);  // One each.
  scene.happen(CallFailed{{1}, b});
  settle(scene.backend, 0, scene.effects);
  EXPECT_TRUE(scene.seen<TellToStore>().empty());
  scene.happen(RetryDue{b});
  settle(scene.backend, 0, scene.effects);
  EXPECT_EQ(scene.seen<TellToStore>().size(), 1u);
  scene.happen(PeerStored{{1}, b});
  settle(scene.backend, 0, scene.effects);
  const auto next = scene.seen<TellToStore>();
  ASSERT_EQ(next.size(), 1u);
  EXPECT_EQ(next[0].request, RequestId{2});
}

}  // namespace
}  // namespace twostep::model

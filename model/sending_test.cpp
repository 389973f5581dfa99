#include <gtest/gtest.h>

#include <algorithm>

#include "model/scene.hpp"

namespace twostep::model {
namespace {

using Kind = Strategy::Kind;

Scene two_members() {
  Scene scene;
  for (const auto& client : {of(alice), of(alice, 2), of(ann), of(ann, 2)}) scene.has(client);
  return scene;
}

TEST(Snd01, NobodyMissingIsAccepted) {
  auto scene = two_members();
  const auto outcome = scene.send(of(alice), {of(alice, 2), of(ann), of(ann, 2)});
  EXPECT_EQ(outcome.verdict, Verdict::accepted);
  EXPECT_TRUE(outcome.status.missing.empty());
}

TEST(Snd02, TheAnswerComesBehindTheCommit) {
  auto scene = two_members();
  scene.send(of(alice), {of(alice, 2), of(ann), of(ann, 2)});
  ASSERT_EQ(scene.effects.size(), 4u);
  EXPECT_TRUE(std::holds_alternative<Answer>(scene.effects.back()));
}

TEST(Snd03, WhatWasAcknowledgedSurvivesTheServer) {
  auto scene = two_members();
  scene.send(of(alice), {of(alice, 2), of(ann), of(ann, 2)});
  scene.happen(NodeCrashed{{0}});
  EXPECT_EQ(scene.inbox(of(ann)).size(), 1u);
}

TEST(Snd06, AServerThatEndsLeavesAllOrNothing) {
  const auto sent = Scene::message(of(alice), {of(alice, 2), of(ann), of(ann, 2)});
  for (int steps = 0;; ++steps) {
    auto scene = two_members();
    const auto request = scene.post(sent);
    for (int step = 0; step < steps; ++step) scene.happen(Proceed{request, 1});
    const bool has_answer = !scene.seen<Answer>().empty();
    scene.happen(NodeCrashed{{0}});

    EXPECT_EQ(scene.inbox(of(ann)).size(), scene.inbox(of(ann, 2)).size()) << steps;
    EXPECT_TRUE(scene.backend.jobs.empty());
    EXPECT_TRUE(scene.backend.database.open.empty());
    if (has_answer) break;
  }
}

TEST(Snd08, TheTimeOfTheAnswerIsThatOfEveryEvent) {
  auto scene = two_members();
  scene.now = 77;
  const auto outcome = scene.send(of(alice), {of(alice, 2), of(ann), of(ann, 2)});
  EXPECT_EQ(outcome.status.time, 77);
  for (const auto& stored : scene.seen<Stored>()) EXPECT_EQ(stored.notification.content.time, 77);
}

TEST(Snd10, TheSameAgainIsAnotherMessage) {
  auto scene = two_members();
  const auto sent = Scene::message(of(alice), {of(alice, 2), of(ann), of(ann, 2)});
  scene.send(sent);
  scene.send(sent);
  const auto page = catch_up(scene.backend, {ann, ClientId{1}});
  ASSERT_EQ(page.notifications.size(), 2u);
  EXPECT_EQ(page.notifications[0].content, page.notifications[1].content);
  EXPECT_LT(page.notifications[0].id, page.notifications[1].id);
}

TEST(Snd11, EachGetsItsOwn) {
  auto scene = two_members();
  scene.send(of(alice), {of(alice, 2), of(ann), of(ann, 2)});
  EXPECT_EQ(scene.inbox(of(alice, 2)), std::vector{Payload{1}});
  EXPECT_EQ(scene.inbox(of(ann)), std::vector{Payload{2}});
  EXPECT_EQ(scene.inbox(of(ann, 2)), std::vector{Payload{3}});
}

TEST(Snd14, TheSendingClientIsRedundantIfAddressed) {
  auto scene = two_members();
  const auto outcome = scene.send(of(alice), {of(alice), of(alice, 2), of(ann), of(ann, 2)});
  EXPECT_EQ(outcome.verdict, Verdict::accepted);
  EXPECT_EQ(outcome.status.redundant, std::vector{of(alice)});
  EXPECT_TRUE(scene.inbox(of(alice)).empty());
}

TEST(Snd17, AClientDeletedBeforeTheDecisionReceivesNothing) {
  auto scene = two_members();
  const auto request = scene.post(Scene::message(of(alice), {of(alice, 2), of(ann), of(ann, 2)}));
  scene.change(RemoveClient{of(ann, 2)});
  settle(scene.backend, 0, scene.effects);
  EXPECT_EQ(scene.answer(request).status.deleted, std::vector{of(ann, 2)});
  EXPECT_TRUE(scene.inbox(of(ann, 2)).empty());
}

TEST(Snd18, WhoIsRemovedBeforeTheDecisionReceivesNothing) {
  auto scene = two_members();
  const auto request = scene.post(Scene::message(of(alice), {of(alice, 2), of(ann), of(ann, 2)}));
  scene.change(RemoveMembers{tea, {ann}});
  settle(scene.backend, 0, scene.effects);
  EXPECT_EQ(scene.answer(request).status.redundant, (std::vector{of(ann), of(ann, 2)}));
  EXPECT_TRUE(scene.inbox(of(ann)).empty());
}

TEST(Snd19, EveryMissingClientIsNamed) {
  auto scene = two_members();
  const auto outcome = scene.send(of(alice), {of(ann)});
  EXPECT_EQ(outcome.verdict, Verdict::clients_missing);
  EXPECT_EQ(outcome.status.missing, (std::vector{of(alice, 2), of(ann, 2)}));
  EXPECT_TRUE(scene.inbox(of(ann)).empty());
}

TEST(Snd23, DeletedAndRedundantAreReportedInBothAnswers) {
  auto scene = two_members();
  const auto refused = scene.send(of(alice), {of(ann), of(ann, 9), of(amy)});
  const auto accepted =
      scene.send(of(alice), {of(ann), of(ann, 9), of(amy)}, {Kind::ignore_all, {}});
  for (const auto& outcome : {refused, accepted}) {
    EXPECT_EQ(outcome.status.deleted, std::vector{of(ann, 9)});
    EXPECT_EQ(outcome.status.redundant, std::vector{of(amy)});
  }
}

TEST(Snd27, StrangersInAStrategyChangeNothing) {
  auto scene = two_members();
  const auto report = scene.send(of(alice), {of(alice, 2)}, {Kind::report_only, {amy, bob}});
  EXPECT_EQ(report.verdict, Verdict::accepted);
  const auto ignore = scene.send(of(alice), {of(alice, 2)}, {Kind::ignore_only, {amy, bob}});
  EXPECT_EQ(ignore.status.missing, (std::vector{of(ann), of(ann, 2)}));
}

TEST(Snd29, TheLastOfSeveralCounts) {
  const auto kept = last_of_each({{of(ann), {1}}, {of(bob), {2}}, {of(ann), {3}}});
  EXPECT_EQ(kept, (std::vector<Addressed>{{of(ann), {3}}, {of(bob), {2}}}));
}

TEST(Snd35, MembershipThenClientThenMismatch) {
  auto scene = two_members();
  EXPECT_EQ(scene.send(of(amy, 9), {}).verdict, Verdict::no_conversation);
  EXPECT_EQ(scene.send(of(alice, 9), {}).verdict, Verdict::unknown_client);
  EXPECT_EQ(scene.send(of(alice), {}).verdict, Verdict::clients_missing);
}

TEST(Snd42, TheOlderFormHasItsOrder) {
  using Parameter = OlderStrategy::Parameter;
  const Parameter yes{Parameter::Kind::yes, {}};
  const Parameter no{Parameter::Kind::no, {}};
  const Parameter list{Parameter::Kind::list, {ann}};

  EXPECT_EQ(strategy_of({}).kind, Kind::report_all);
  EXPECT_EQ(strategy_of({.ignore_missing = yes}).kind, Kind::ignore_all);
  EXPECT_EQ(strategy_of({.ignore_missing = no}).kind, Kind::report_all);
  EXPECT_EQ(strategy_of({.report_missing = no}).kind, Kind::ignore_all);
  EXPECT_EQ(strategy_of({.ignore_missing = list}), (Strategy{Kind::ignore_only, {ann}}));
  EXPECT_EQ(strategy_of({.report_missing = list}), (Strategy{Kind::report_only, {ann}}));
  EXPECT_EQ(strategy_of({.ignore_missing = yes, .report_missing = yes}).kind, Kind::ignore_all);
  EXPECT_EQ(strategy_of({.report_missing_in_body = {{amy}}, .ignore_missing = yes}),
            (Strategy{Kind::report_only, {amy}}));
}

TEST(Tid02, NoTwoIdsAreTheSameAcrossInboxesAndServers) {
  for (const auto ids : {IdPolicy::monotonic, IdPolicy::wall_clock}) {
    Scene scene{a, ids};
    for (const auto& client : {of(alice), of(ann), of(ann, 2), of(amy)}) scene.has(client);
    const auto sent = Scene::message(of(alice), {of(ann), of(ann, 2), of(amy)});
    for (const NodeId node : {NodeId{0}, NodeId{1}, NodeId{0}}) {
      scene.post(sent, node);
      settle(scene.backend, 1, scene.effects);
    }
    std::vector<NotificationId> given;
    for (const auto& stored : scene.seen<Stored>()) given.push_back(stored.notification.id);
    std::sort(given.begin(), given.end());
    EXPECT_EQ(given.size(), 9u);
    EXPECT_EQ(std::adjacent_find(given.begin(), given.end()), given.end());
  }
}

TEST(Tid06, AClockThatIsSetBackDoesNotSetIdsBack) {
  auto scene = two_members();
  const auto sent = Scene::message(of(alice), {of(alice, 2), of(ann), of(ann, 2)});
  scene.now = 100;
  scene.send(sent);
  scene.now = 5;
  scene.send(sent);
  const auto page = catch_up(scene.backend, {ann, ClientId{1}});
  EXPECT_GT(page.notifications[1].id, page.notifications[0].id);
}

TEST(Tid05, WhoHoldsTheHeadOfAnInboxGoesFirst) {
  auto scene = two_members();
  const auto sent = Scene::message(of(alice), {of(alice, 2), of(ann), of(ann, 2)});
  const auto slow = scene.post(sent, {0});
  const auto fast = scene.post(sent, {1});
  scene.happen(Proceed{slow});
  scene.happen(Proceed{slow});
  scene.happen(Proceed{fast});
  ASSERT_EQ(ready(scene.backend).size(), 1u);  // The fast one has to wait.
  EXPECT_EQ(std::get<Proceed>(ready(scene.backend).front()).request, slow);
}

}  // namespace
}  // namespace twostep::model

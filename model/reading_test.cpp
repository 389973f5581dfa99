#include <gtest/gtest.h>

#include "model/scene.hpp"

namespace twostep::model {
namespace {

Scene with_messages(int count) {
  Scene scene;
  for (const auto& client : {of(alice), of(ann), of(ann, 2)}) scene.has(client);
  for (int i = 0; i < count; ++i) scene.send(of(alice), {of(ann), of(ann, 2)});
  scene.effects.clear();
  return scene;
}

constexpr ClientId first{1};

TEST(Cup03, ThePointerIsExclusive) {
  const auto scene = with_messages(3);
  const auto all = catch_up(scene.backend, {ann, first}).notifications;
  ASSERT_EQ(all.size(), 3u);
  for (std::size_t i = 0; i < all.size(); ++i) {
    const auto page = catch_up(scene.backend, {ann, first, all[i].id});
    EXPECT_FALSE(page.gap);
    EXPECT_EQ(page.notifications, (std::vector(all.begin() + static_cast<int>(i) + 1, all.end())));
  }
}

TEST(Cup06, PagesOfAnySizeGiveEveryNotificationOnce) {
  const auto scene = with_messages(7);
  const auto all = catch_up(scene.backend, {ann, first}).notifications;
  for (std::size_t size = 1; size < 9; ++size) {
    std::vector<Notification> read;
    for (Page page{.has_more = true}; page.has_more;) {
      const auto since = read.empty() ? std::nullopt : std::optional{read.back().id};
      page = catch_up(scene.backend, {ann, first, since, size});
      EXPECT_LE(page.notifications.size(), size);
      read.insert(read.end(), page.notifications.begin(), page.notifications.end());
    }
    EXPECT_EQ(read, all);
  }
}

TEST(Cup08, AFullPageThatIsTheLastSaysSo) {
  const auto scene = with_messages(3);
  EXPECT_FALSE(catch_up(scene.backend, {ann, first, {}, 3}).has_more);
  EXPECT_TRUE(catch_up(scene.backend, {ann, first, {}, 2}).has_more);
}

TEST(Cup12, AClientSeesItsOwn) {
  const auto scene = with_messages(1);
  EXPECT_EQ(scene.inbox(of(ann)), std::vector{Payload{1}});
  EXPECT_EQ(scene.inbox(of(ann, 2)), std::vector{Payload{2}});
}

TEST(Cup13, AnEventForAllIsVisibleToEachClient) {
  auto scene = with_messages(0);
  scene.happen(Changed{.notes = {{ann, {}, {42}}}});
  EXPECT_EQ(scene.inbox(of(ann)), std::vector{Payload{42}});
  EXPECT_EQ(scene.inbox(of(ann, 2)), std::vector{Payload{42}});
}

TEST(Cup14, WithoutAClientEverythingIsThere) {
  const auto scene = with_messages(2);
  EXPECT_EQ(catch_up(scene.backend, {ann}).notifications.size(), 4u);
}

TEST(Cup16, TheInboxIsThatOfTheUser) {
  const auto scene = with_messages(1);
  EXPECT_TRUE(catch_up(scene.backend, {alice, first}).notifications.empty());
}

TEST(Cup17, AnUnknownPointerIsAGap) {
  const auto scene = with_messages(1);
  const auto page = catch_up(scene.backend, {ann, first, NotificationId{1, 1, 1}});
  EXPECT_TRUE(page.gap);
  EXPECT_TRUE(page.notifications.empty());
  const auto anns = catch_up(scene.backend, {ann, first}).notifications.front().id;
  EXPECT_TRUE(catch_up(scene.backend, {alice, first, anns}).gap);
}

TEST(Cup18, ThePointerMayBeAnotherClients) {
  const auto scene = with_messages(1);
  const auto other = catch_up(scene.backend, {ann, ClientId{2}}).notifications.front().id;
  EXPECT_FALSE(catch_up(scene.backend, {ann, first, other}).gap);
}

TEST(Cup23, WhatHasExpiredIsAGap) {
  auto scene = with_messages(2);
  const auto all = catch_up(scene.backend, {ann, first}).notifications;
  scene.happen(Expired{all[0].id.ticks + 1});
  EXPECT_TRUE(catch_up(scene.backend, {ann, first, all[0].id}).gap);
  EXPECT_EQ(catch_up(scene.backend, {ann, first}).notifications, std::vector{all[1]});
}

TEST(Cup25, TheNewestIsTheNewestVisible) {
  auto scene = with_messages(1);
  scene.send(of(alice), {of(ann, 2)}, {Strategy::Kind::ignore_all, {}});
  EXPECT_EQ(last(scene.backend, ann, first)->content.payload, Payload{1});
  EXPECT_FALSE(last(scene.backend, alice, first));
}

TEST(Cup27, OneIsFoundByItsIdIfVisible) {
  const auto scene = with_messages(1);
  const auto own = catch_up(scene.backend, {ann, first}).notifications.front();
  EXPECT_EQ(find(scene.backend, ann, first, own.id), own);
  EXPECT_FALSE(find(scene.backend, ann, ClientId{2}, own.id));
  EXPECT_FALSE(find(scene.backend, alice, first, own.id));
}

Socket socket(ConnectionId connection, std::optional<ClientId> client = first) {
  return {ann, connection, client, {0}};
}

TEST(Dlv03, ASocketOfAClientGetsWhatIsForIt) {
  auto scene = with_messages(0);
  scene.happen(SocketOpened{socket({1})});
  scene.send(of(alice), {of(ann), of(ann, 2)});
  const auto frames = scene.seen<WriteFrame>();
  ASSERT_EQ(frames.size(), 1u);
  EXPECT_EQ(frames[0].notification.content.payload, Payload{1});
}

TEST(Dlv04, ASocketWithoutAClientGetsEverything) {
  auto scene = with_messages(0);
  scene.happen(SocketOpened{socket({1}, {})});
  scene.send(of(alice), {of(ann), of(ann, 2)});
  EXPECT_EQ(scene.seen<WriteFrame>().size(), 2u);
}

TEST(Dlv05, SocketsOfSeveralTokensEachGetAFrame) {
  auto scene = with_messages(0);
  scene.happen(SocketOpened{socket({1})});
  scene.happen(SocketOpened{socket({2})});
  scene.send(of(alice), {of(ann), of(ann, 2)});
  EXPECT_EQ(scene.seen<WriteFrame>().size(), 2u);
}

TEST(Dlv06, OnlyTheSocketThatActsIsSilent) {
  auto scene = with_messages(0);
  scene.happen(SocketOpened{socket({1})});
  scene.happen(SocketOpened{socket({2})});
  scene.happen(Changed{.notes = {{ann, {}, {42}}}, .actor = ann, .origin = ConnectionId{1}});
  settle(scene.backend, 0, scene.effects);
  const auto frames = scene.seen<WriteFrame>();
  ASSERT_EQ(frames.size(), 1u);
  EXPECT_EQ(frames[0].connection, ConnectionId{2});
}

TEST(Dlv06, WhoSendsDoesNotHearItselfOnASocketForEverything) {
  auto scene = with_messages(0);
  scene.happen(SocketOpened{socket({1}, {})});
  scene.happen(SocketOpened{socket({2}, {})});
  const auto message = Scene::message(of(ann), {of(alice), of(ann, 2)});
  scene.happen(SendRequested{{99}, {0}, message, ConnectionId{1}, {}});
  settle(scene.backend, 0, scene.effects);
  const auto frames = scene.seen<WriteFrame>();
  ASSERT_EQ(frames.size(), 1u);
  EXPECT_EQ(frames[0].connection, ConnectionId{2});
}

TEST(Dlv07, TheNewerSocketOfATokenReplacesTheOlder) {
  auto scene = with_messages(0);
  scene.happen(SocketOpened{socket({1})});
  scene.happen(SocketOpened{socket({1})});
  EXPECT_EQ(scene.seen<CloseSocket>().size(), 1u);
  EXPECT_EQ(scene.backend.sockets.size(), 1u);
}

TEST(Dlv10, ASocketStartsWithWhatIsStoredAfterwards) {
  auto scene = with_messages(1);
  scene.happen(SocketOpened{socket({1})});
  settle(scene.backend, 0, scene.effects);
  EXPECT_TRUE(scene.seen<WriteFrame>().empty());
}

TEST(Dlv13, AFrameTakesNothingOutOfTheInbox) {
  auto scene = with_messages(0);
  scene.happen(SocketOpened{socket({1})});
  scene.send(of(alice), {of(ann), of(ann, 2)});
  EXPECT_EQ(scene.inbox(of(ann)).size(), 1u);
}

TEST(Dlv16, TransientIsOnSocketsOnly) {
  auto scene = with_messages(0);
  scene.change(AddPushToken{of(ann, 2), {7}});
  scene.happen(SocketOpened{socket({1})});
  auto passing = Scene::message(of(alice), {of(ann), of(ann, 2)});
  passing.transient = true;
  EXPECT_EQ(scene.send(passing).verdict, Verdict::accepted);
  const auto frames = scene.seen<WriteFrame>();
  ASSERT_EQ(frames.size(), 1u);
  EXPECT_TRUE(frames[0].transient);
  EXPECT_TRUE(scene.seen<Push>().empty());
  EXPECT_TRUE(catch_up(scene.backend, {ann}).notifications.empty());
}

TEST(Dlv17, WithoutNativePushNoPhoneIsWoken) {
  auto scene = with_messages(0);
  scene.change(AddPushToken{of(ann), {7}});
  auto quiet = Scene::message(of(alice), {of(ann), of(ann, 2)});
  quiet.native_push = false;
  scene.send(quiet);
  EXPECT_TRUE(scene.seen<Push>().empty());
}

TEST(Dlv19, WhoGotAFrameIsNotWoken) {
  auto scene = with_messages(0);
  scene.change(AddPushToken{of(ann), {7}});
  scene.change(AddPushToken{of(ann, 2), {8}});
  scene.happen(SocketOpened{socket({1})});
  scene.send(of(alice), {of(ann), of(ann, 2)});
  const auto pushes = scene.seen<Push>();
  ASSERT_EQ(pushes.size(), 1u);
  EXPECT_EQ(pushes[0].client, of(ann, 2));
}

}  // namespace
}  // namespace twostep::model

#include <algorithm>
#include <string>
#include <vector>

#include "conformance/catch_up/full_inbox.hpp"
#include "conformance/support/backend.hpp"
#include "conformance/support/bytes.hpp"
#include "conformance/support/match.hpp"
#include "conformance/support/outcome.hpp"

namespace twostep::conformance {
namespace {

using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Le;

/// Alice writes to bob's phone, who starts at `since`.
struct Chat {
  Backend backend = Backend::under_test();
  User alice = backend.user("alice");
  std::vector<Device> senders = {alice.device(), alice.device(), alice.device()};
  Device bob = backend.user("bob").device();
  Conversation chat = conversation_of({alice, bob});
  std::string since = bob.newest();
};

// CUP-05  Oldest first, within a page and from page to page, in the order of ids.
//
// The order of version 1 ids is that of their timestamps, not of their texts.
TEST(Cup05, PagesAscendInTheOrderOfIds) {
  Chat with;
  fill(with.senders, with.chat, {with.bob}, 230);

  std::uint64_t before = 0;
  for (const auto& id : with.bob.catch_up({.size = "100"}).ids()) {
    const auto ticks = uuid_ticks(id);
    ASSERT_TRUE(ticks) << id;
    EXPECT_GE(*ticks, before) << id;
    before = *ticks;
  }
}

// CUP-06  Following `since` from page to page yields everything once, with any size.
//
// 230 notifications: sizes that leave a rest, that divide them, that hold them exactly, and one less
// and one more than that.
TEST(Cup06, PageAfterPageYieldsEverythingOnce) {
  Chat with;
  fill(with.senders, with.chat, {with.bob}, 230);

  for (const int size : {100, 101, 115, 229, 230, 231, 10'000}) {
    auto pages = pages_of(with.bob, size, with.since);

    std::sort(pages.bodies.begin(), pages.bodies.end());
    EXPECT_EQ(pages.bodies, numbers(230)) << "size " << size;
    EXPECT_TRUE(pages.each_had_more_until_the_last) << "size " << size;
  }
}

// CUP-07  `has_more: false` means that nothing newer is visible.
TEST(Cup07, NoMoreMeansNoMore) {
  Chat with;
  fill(with.senders, with.chat, {with.bob}, 150);
  auto page = with.bob.page({.size = "100"});
  while (has_more(page)) {
    page = with.bob.page({.since = notifications_in(page).newest(), .size = "100"});
    ASSERT_THAT(page, HasStatus(200));
    ASSERT_FALSE(notifications_in(page).empty());
  }

  const auto last = notifications_in(page).newest();
  ASSERT_TRUE(last);
  EXPECT_THAT(notifications_in(with.bob.page({.since = last})).ids(), IsEmpty());
}

// CUP-08  When exactly `size` are left, the page is full and there is no more.
TEST(Cup08, AnExactlyFullPageIsTheLast) {
  Chat with;
  fill(with.senders, with.chat, {with.bob}, 100);

  const auto page = with.bob.page({.since = with.since, .size = "100"});

  ASSERT_THAT(page, HasStatus(200));
  EXPECT_EQ(notifications_in(page).size(), 100u);
  EXPECT_FALSE(has_more(page));
}

// CUP-08  … also when more follow that are for other clients.
TEST(Cup08, WhatFollowsForOthersIsNotMore) {
  Chat with;
  auto tablet = with.bob.user().device();
  with.since = with.bob.newest();
  fill(with.senders, with.chat, {with.bob}, 100);
  fill(with.senders, with.chat, {tablet}, 5);

  const auto page = with.bob.page({.since = with.since, .size = "100"});

  ASSERT_THAT(page, HasStatus(200));
  EXPECT_EQ(notifications_in(page).size(), 100u);
  EXPECT_FALSE(has_more(page));
}

// CUP-09  A page has at most `size` notifications.
TEST(Cup09, APageHasAtMostSizeNotifications) {
  Chat with;
  fill(with.senders, with.chat, {with.bob}, 250);

  EXPECT_THAT(pages_of(with.bob, 100, with.since).sizes, Each(Le(100u)));
  EXPECT_THAT(pages_of(with.bob, 249, with.since).sizes, Each(Le(249u)));
}

// CUP-09  … and at most 1000 if none was asked for.
TEST(Cup09, WithoutASizeAPageHasAtMostAThousand) {
  Chat with;
  auto tablet = with.bob.user().device();
  auto laptop = with.bob.user().device();
  // A message to three clients is three notifications of the inbox.
  fill(with.senders, with.chat, {with.bob, tablet, laptop}, 340);

  const auto page = with.bob.page({.filtered = false});

  ASSERT_THAT(page, HasStatus(200));
  EXPECT_LE(notifications_in(page).size(), 1000u);
  EXPECT_GT(notifications_in(page).size(), 0u);
  EXPECT_TRUE(has_more(page));
}

// CUP-10  A page may be shorter than `size` although there is more; what matters is that nothing is
//         lost on the way.
//
// Twelve notifications of 600 KiB: more than 5 MiB in all.
TEST(Cup10, LargeNotificationsAreAllThereWhateverThePages) {
  Chat with;
  const std::string much(600 * 1024, 'x');
  for (int i = 0; i < 12; ++i)
    with.senders[0].must_send(with.chat, {{with.bob, much + std::to_string(i)}},
                              {.strategy = ignore_all()});

  const auto pages = pages_of(with.bob, 1'000, with.since);

  ASSERT_EQ(pages.bodies.size(), 12u);
  for (std::size_t i = 0; i < 12; ++i)
    EXPECT_TRUE(pages.bodies[i] == much + std::to_string(i)) << i;
  EXPECT_TRUE(pages.each_had_more_until_the_last) << "an empty page says that there is more";
  if (pages.sizes.size() > 1) note_reading("pages are cut by their size in bytes");
}

}  // namespace
}  // namespace twostep::conformance

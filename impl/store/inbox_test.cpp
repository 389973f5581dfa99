#include "impl/store/inbox.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>
#include <stdexcept>

#include "impl/store/memory.hpp"
#include "impl/store/testing.hpp"

namespace twostep::store {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

const auto bob = *UserId::parse("0b0b0b0b-0000-4000-8000-000000000001");
const auto ann = *UserId::parse("a0a0a0a0-0000-4000-8000-000000000002");
const Instant noon =
    std::chrono::sys_days{std::chrono::year{2024} / 5 / 17} + std::chrono::hours{12};
constexpr Instant ever = TimeUuid::earliest;
const Origin some_origin{.sequence = 0x1234, .node = 0xa1b2c3d4e5f6};

/// The inboxes of a memory store, and a clock that goes where a test puts it.
class InboxTest : public ::testing::Test {
 protected:
  StoredNotification store(const std::string& event, const UserId& user = bob) {
    return store(NewNotification{.user = user, .event = event});
  }

  StoredNotification store(const NewNotification& notification) {
    std::optional<StoredNotification> stored;
    const auto done = testing::write(rows_, [&](Transaction& transaction) {
      stored = append(transaction, {.policy = policy, .now = now, .origin = origin}, notification);
    });
    done.value();
    return *stored;
  }

  template <class Look>
  auto look(Look at) {
    decltype(at(std::declval<const Reader&>())) seen{};
    testing::read(rows_, [&](const Reader& reader) { seen = at(reader); }).value();
    return seen;
  }

  std::vector<std::string> events_after(std::optional<TimeUuid> since, Instant oldest = ever,
                                        const UserId& user = bob) {
    return look([&](const Reader& reader) {
      std::vector<std::string> events;
      visit_after(reader, user, since, oldest, [&](const NotificationView& notification) {
        events.emplace_back(notification.event);
        return true;
      });
      return events;
    });
  }

  std::size_t trim_before(Instant oldest, std::size_t rows_max) {
    std::size_t trimmed = 0;
    testing::write(rows_, [&](Transaction& transaction) {
      trimmed = trim(transaction, bob, oldest, rows_max);
    }).value();
    return trimmed;
  }

  bool has(const TimeUuid& id, Instant oldest = ever) {
    return look([&](const Reader& reader) { return contains(reader, bob, id, oldest); });
  }

  MemoryStore rows_;
  IdPolicy policy = IdPolicy::monotonic;
  Instant now = noon;
  Origin origin = some_origin;
};

using Cup03 = InboxTest;
using Cup13 = InboxTest;
using Cup17 = InboxTest;
using Cup23 = InboxTest;
using Cup25 = InboxTest;
using Tid02 = InboxTest;
using Tid06 = InboxTest;
using Tid07 = InboxTest;
using Tid08 = InboxTest;
using Tid09 = InboxTest;

TEST_F(Cup03, CatchingUpStartsAfterThePointer) {
  const auto one = store("one");
  const auto two = store("two");
  store("not bob's", ann);
  const auto three = store("three");

  EXPECT_THAT(events_after(std::nullopt), ElementsAre("one", "two", "three"));
  EXPECT_THAT(events_after(one.id), ElementsAre("two", "three"));
  EXPECT_THAT(events_after(two.id), ElementsAre("three"));
  EXPECT_THAT(events_after(three.id), IsEmpty());
}

TEST_F(Cup13, ANotificationKeepsItsTargetsAndOrigin) {
  store({.user = bob, .event = "all"});
  store({.user = bob, .targets = {{1}, {~0ull}}, .origin = {0x0102030405060708}, .event = "two"});

  std::vector<std::string> seen;
  look([&](const Reader& reader) {
    visit_after(reader, bob, std::nullopt, ever, [&](const NotificationView& n) {
      seen.push_back(std::string{n.event} + (n.is_for({1}) ? " 1" : "") +
                     (n.is_for({2}) ? " 2" : "") + (n.is_for({~0ull}) ? " f" : "") +
                     (n.origin == ConnectionId{0x0102030405060708} ? " origin" : ""));
      return true;
    });
    return true;
  });

  EXPECT_THAT(seen, ElementsAre("all 1 2 f", "two 1 f origin"));
}

TEST_F(Cup17, AnIdIsKnownInItsOwnInboxOnlyAndUntilItExpires) {
  const auto first = store("one");
  const auto other = store("not bob's", ann);

  EXPECT_TRUE(has(first.id));
  EXPECT_TRUE(has(first.id, noon));
  EXPECT_FALSE(has(first.id, noon + Ticks{1}));
  EXPECT_FALSE(has(other.id));
}

TEST_F(Cup23, WhatHasExpiredIsNeitherSeenNorKept) {
  for (int day = 0; day < 5; ++day, now += std::chrono::days{1}) store(std::to_string(day));
  const auto oldest = noon + std::chrono::days{3};

  EXPECT_THAT(events_after(std::nullopt, oldest), ElementsAre("3", "4"));
  EXPECT_EQ(trim_before(oldest, 2), 2u);
  EXPECT_THAT(events_after(std::nullopt), ElementsAre("2", "3", "4"));
  EXPECT_EQ(trim_before(oldest, 2), 1u);
  EXPECT_EQ(trim_before(oldest, 2), 0u);
  EXPECT_THAT(events_after(std::nullopt), ElementsAre("3", "4"));
}

// The clock is set back between the two: were expiry decided by it, the second would go first, and
// a client that knows the first would not notice.
TEST_F(Cup23, ANotificationNeverExpiresBeforeAnOlderOne) {
  const auto first = store("one");
  now -= std::chrono::days{100};
  store("two");

  EXPECT_TRUE(has(first.id, noon));
  EXPECT_THAT(events_after(first.id, noon), ElementsAre("two"));
  EXPECT_EQ(trim_before(noon, 10), 0u);
}

TEST_F(Cup25, TheNewestComesFirstWhenReadBackwards) {
  store("one");
  store("not bob's", ann);
  store("two");

  const auto newest = look([&](const Reader& reader) {
    std::vector<std::string> events;
    visit_newest_first(reader, bob, ever, [&](const NotificationView& notification) {
      events.emplace_back(notification.event);
      return events.size() < 2;
    });
    return events;
  });

  EXPECT_THAT(newest, ElementsAre("two", "one"));
}

TEST_F(Tid02, NotificationsOfOneTickHaveDifferentIds) {
  std::set<std::string> ids;
  for (const auto id_policy : {IdPolicy::monotonic, IdPolicy::wall_clock}) {
    policy = id_policy;
    for (int i = 0; i < 100; ++i) {
      ids.insert(store("bob's").id.text());
      ids.insert(store("ann's", ann).id.text());
    }
  }

  EXPECT_EQ(ids.size(), 400u);
}

TEST_F(Tid06, IdsAscendWhereverTheClockGoes) {
  std::optional<TimeUuid> before;
  for (const auto jump : {0, 1, -3600, 86'400 * 365, -86'400 * 365, 0}) {
    now += std::chrono::seconds{jump};
    const auto stored = store("event");

    EXPECT_EQ(stored.previous, before);
    if (before) {
      EXPECT_GT(stored.id, *before);
    }
    before = stored.id;
  }
  EXPECT_EQ(look([](const Reader& reader) { return head(reader, bob); }), before);
}

TEST_F(Tid06, AnInboxThatWasTrimmedGoesOnFromItsHead) {
  const auto first = store("one");
  now += std::chrono::days{28};
  EXPECT_EQ(trim_before(now, 10), 1u);
  now = noon - std::chrono::days{1};

  const auto second = store("two");

  EXPECT_EQ(second.previous, first.id);
  EXPECT_GT(second.id, first.id);
}

// An inbox that lived with the wall clock for a while may be given to the other policy.
TEST_F(Tid06, IdsAscendAgainAfterAChangeOfPolicy) {
  policy = IdPolicy::wall_clock;
  const auto greatest = store("one");
  now -= std::chrono::hours{1};
  store("two");
  policy = IdPolicy::monotonic;

  EXPECT_GT(store("three").id, greatest.id);
}

TEST_F(Tid06, AnInboxAtTheEndOfTimeRefusesAndHarmsNobodyElse) {
  now = TimeUuid::latest;
  store("the last");

  EXPECT_THROW(store("one more"), std::range_error);
  EXPECT_THAT(events_after(std::nullopt), ElementsAre("the last"));
  now = noon;
  EXPECT_EQ(store("another inbox", ann).id.instant(), noon);
}

TEST_F(Tid07, TheTimeOfAnIdIsTheServersTime) { EXPECT_EQ(store("event").id.instant(), noon); }

TEST_F(Tid08, AnIdThatWasLostDoesNotComeBackAfterARestart) {
  std::optional<TimeUuid> lost;
  EXPECT_THROW(testing::write(rows_,
                              [&](Transaction& transaction) {
                                lost = append(transaction, {.now = now, .origin = origin},
                                              {.user = bob, .event = "lost"})
                                           .id;
                                throw std::runtime_error{"power cut"};
                              }),
               std::runtime_error);
  origin.node ^= 1;

  EXPECT_NE(store("event").id, *lost);
  EXPECT_FALSE(has(*lost));
}

// The loss that the source admits: the second id is smaller, and who knows the first never asks
// for it. Also what `previous` means then: the second is not sent as the successor of the first.
TEST_F(Tid09, ByTheWallClockALateNotificationCanBeSkipped) {
  policy = IdPolicy::wall_clock;
  const auto first = store("one");
  now -= std::chrono::seconds{1};
  const auto late = store("late");

  EXPECT_LT(late.id, first.id);
  EXPECT_EQ(late.previous, first.id);
  EXPECT_THAT(events_after(first.id), IsEmpty());
  EXPECT_THAT(events_after(std::nullopt), ElementsAre("late", "one"));
  EXPECT_EQ(look([](const Reader& reader) { return head(reader, bob); }), first.id);
}

}  // namespace
}  // namespace twostep::store

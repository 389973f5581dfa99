#include "impl/service/catch_up.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "impl/service/change.hpp"
#include "impl/service/fakes.hpp"
#include "impl/service/faulty_store.hpp"
#include "impl/store/clients.hpp"
#include "impl/store/memory.hpp"
#include "impl/store/testing.hpp"
#include "impl/wire/json.hpp"
#include "impl/wire/page.hpp"

namespace twostep::service {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

const auto bob = *UserId::parse("0b0b0b0b-0000-4000-8000-000000000001");
const auto ann = *UserId::parse("a0a0a0a0-0000-4000-8000-000000000002");
constexpr ClientId phone{0xa};
constexpr ClientId laptop{0xb};

/// A page as a client reads it.
struct Read {
  std::vector<std::string> ids;
  std::vector<int> events;  ///< Each event is a number.
  bool has_more = false;
};

/// Inboxes, and a client that catches up on them.
struct Node {
  TimeUuid keep(int event, std::vector<ClientId> targets = {}, const UserId& user = bob) {
    std::optional<TimeUuid> id;
    const auto done = run(change(fakes.backend, [&](store::Transaction& rows, Events& events) {
      events.add(rows, {.user = user,
                        .targets = targets,
                        .origin = {},
                        .event = std::to_string(event) + std::string(padding, ' ')});
      id = store::head(rows, user);
      return Result<void>{};
    }));
    EXPECT_TRUE(done);
    return id.value();
  }

  /// `count` notifications, numbered from `first`.
  void keep_many(int count, int first = 0, std::vector<ClientId> targets = {}) {
    for (int n = first; n < first + count; ++n) keep(n, targets);
  }

  Result<Page> page(CatchUp request) { return run(catch_up(fakes.backend, bob, request)); }

  Read read(CatchUp request) {
    const auto json = wire::parse_object(page(request).value().body).value();
    Read seen{.ids = {}, .events = {}, .has_more = json["has_more"].get<bool>()};
    for (const auto& notification : json["notifications"]) {
      seen.ids.push_back(notification["id"].get<std::string>());
      EXPECT_EQ(notification["payload"].size(), 1u);
      seen.events.push_back(notification["payload"][0].get<int>());
    }
    return seen;
  }

  /// Everything, following `since`; the number of notifications of each page in `pages`.
  std::vector<int> read_all(CatchUp request, std::vector<std::size_t>* pages = nullptr) {
    std::vector<int> all;
    for (;;) {
      const auto seen = read(request);
      if (pages) pages->push_back(seen.ids.size());
      all.insert(all.end(), seen.events.begin(), seen.events.end());
      if (!seen.has_more) return all;
      EXPECT_FALSE(seen.ids.empty()) << "a page that says nothing but that there is more";
      if (seen.ids.empty()) return all;
      request.since = TimeUuid::parse(seen.ids.back());
    }
  }

  std::size_t padding = 0;  ///< Octets that an event has in addition.
  store::MemoryStore memory;
  FaultyStore store{memory};
  FakeWorld fakes{store};
};

std::vector<int> numbers(int from, int to) {
  std::vector<int> all;
  for (int n = from; n < to; ++n) all.push_back(n);
  return all;
}

TEST(Cup01, AnEmptyInboxIsAnEmptyPage) {
  Node node;
  EXPECT_EQ(node.page({}).value().body,
            R"({"notifications":[],"has_more":false,"time":"2025-06-01T00:00:00Z"})");
}

TEST(Cup02, WithoutSinceItBeginsWithTheOldest) {
  Node node;
  node.keep_many(3);
  EXPECT_THAT(node.read({}).events, ElementsAre(0, 1, 2));
}

TEST(Cup03, SinceIsExclusive) {
  Node node;
  node.keep(0);
  const auto since = node.keep(1);
  node.keep_many(2, 2);
  EXPECT_THAT(node.read({.since = since}).events, ElementsAre(2, 3));
}

TEST(Cup04, AfterTheNewestThereIsNothing) {
  Node node;
  const auto newest = node.keep(0);
  const auto seen = node.read({.since = newest});
  EXPECT_THAT(seen.events, IsEmpty());
  EXPECT_FALSE(seen.has_more);
}

// The pages that the contract's own tests ask for.
TEST(Cup06, PagesAreFullUntilTheLast) {
  Node node;
  node.keep_many(399);
  for (const auto& [size, expected] :
       std::vector<std::pair<std::size_t, std::vector<std::size_t>>>{{399, {399}},
                                                                     {400, {399}},
                                                                     {398, {398, 1}},
                                                                     {100, {100, 100, 100, 99}},
                                                                     {101, {101, 101, 101, 96}}}) {
    std::vector<std::size_t> pages;
    EXPECT_EQ(node.read_all({.size = size}, &pages), numbers(0, 399)) << size;
    EXPECT_EQ(pages, expected) << size;
  }
}

TEST(Cup08, AnExactlyFullPageHasNoMore) {
  Node node;
  node.keep_many(100, 0, {phone});
  node.keep_many(50, 100, {laptop});
  const auto seen = node.read({.client = phone, .size = 100});
  EXPECT_EQ(seen.events, numbers(0, 100));
  EXPECT_FALSE(seen.has_more);
}

TEST(Cup10, APageIsCutByItsBytes) {
  Node node;
  node.padding = limits::page_bytes_max / 3;
  node.keep_many(10);
  std::vector<std::size_t> pages;
  EXPECT_EQ(node.read_all({}, &pages), numbers(0, 10));
  EXPECT_GT(pages.size(), 2u);
}

TEST(Cup10, APageIsFullAtExactlyItsBytes) {
  const auto bytes = [](std::string_view event) {
    wire::PageWriter page;
    page.add(TimeUuid::at(Instant{}, {}), event);
    return page.bytes();
  };
  Node node;
  node.padding = limits::page_bytes_max - bytes("0");
  node.keep_many(2);
  std::vector<std::size_t> pages;
  EXPECT_EQ(node.read_all({}, &pages), numbers(0, 2));
  EXPECT_THAT(pages, ElementsAre(1u, 1u));
}

TEST(Cup10, ANotificationLargerThanAPageStillComes) {
  Node node;
  node.padding = 2 * limits::page_bytes_max;
  node.keep_many(2);
  std::vector<std::size_t> pages;
  EXPECT_EQ(node.read_all({}, &pages), numbers(0, 2));
  EXPECT_THAT(pages, ElementsAre(1u, 1u));
}

TEST(Cup12, OnlyWhatIsForTheClientIsVisible) {
  Node node;
  node.keep(0, {phone});
  node.keep(1, {laptop});
  node.keep(2, {laptop, phone});
  node.keep(3);
  EXPECT_THAT(node.read({.client = phone}).events, ElementsAre(0, 2, 3));
  EXPECT_THAT(node.read({.client = laptop}).events, ElementsAre(1, 2, 3));
  EXPECT_THAT(node.read({}).events, ElementsAre(0, 1, 2, 3));
}

TEST(Cup15, SizesCountOnlyWhatIsVisible) {
  Node node;
  node.keep_many(90, 0, {phone});
  node.keep_many(20, 90, {laptop});
  node.keep_many(20, 110, {phone});
  std::vector<std::size_t> pages;
  node.read_all({.client = phone, .size = 100}, &pages);
  EXPECT_THAT(pages, ElementsAre(100u, 10u));
  pages.clear();
  node.read_all({.client = phone, .size = 110}, &pages);
  EXPECT_THAT(pages, ElementsAre(110u));
}

TEST(Cup17, AnUnknownSinceIsAGap) {
  Node node;
  const auto expired = node.keep(0);
  const auto anns = node.keep(0, {}, ann);
  node.fakes.clock.advance(node.fakes.backend.retention + std::chrono::seconds{1});
  node.keep(1);
  const auto never = TimeUuid::at(node.fakes.clock.now() + std::chrono::years{100}, {});
  const auto long_ago = TimeUuid::at(TimeUuid::earliest, {});
  for (const auto& since : {expired, anns, never, long_ago}) {
    const auto page = node.page({.since = since});
    ASSERT_FALSE(page) << since.text();
    EXPECT_EQ(page.error().reason, Reason::not_found);
  }
}

TEST(Cup17, ASinceThatWasTrimmedIsAGap) {
  Node node;
  const auto trimmed = node.keep(0);
  node.keep(1);
  store::testing::write(node.memory, [&](store::Transaction& rows) {
    store::trim(rows, bob, trimmed.instant() + Ticks{1}, 1);
  }).value();
  EXPECT_EQ(node.page({.since = trimmed}).error().reason, Reason::not_found);
}

TEST(Cup17, OlderVersionsAreToldOfTheGapAndGetWhatIsNewer) {
  Node node;
  node.keep(0);
  const auto unknown = TimeUuid::at(node.fakes.clock.now() + Ticks{50}, {});
  node.fakes.clock.advance(Ticks{100});
  node.keep(1);
  EXPECT_TRUE(node.page({.since = unknown, .gap = Gap::tell}).value().gap);
  EXPECT_THAT(node.read({.since = unknown, .gap = Gap::tell}).events, ElementsAre(1));
}

TEST(Cup18, SinceMayNameWhatIsForAnotherClient) {
  Node node;
  const auto laptops = node.keep(0, {laptop});
  node.keep(1, {phone});
  EXPECT_THAT(node.read({.since = laptops, .client = phone}).events, ElementsAre(1));
}

TEST(Cup20, ReadingTakesNothingAway) {
  Node node;
  node.keep_many(3);
  const auto rows = store::testing::rows_of(node.memory);
  EXPECT_EQ(node.read({}).events, node.read({}).events);
  EXPECT_EQ(store::testing::rows_of(node.memory), rows);
}

TEST(Cup23, WhatExpiredIsNotInAPage) {
  Node node;
  node.keep(0);
  node.fakes.clock.advance(node.fakes.backend.retention - std::chrono::seconds{1});
  node.keep(1);
  EXPECT_THAT(node.read({}).events, ElementsAre(0, 1));
  node.fakes.clock.advance(std::chrono::seconds{2});
  EXPECT_THAT(node.read({}).events, ElementsAre(1));
}

TEST(Cup25, TheLastIsTheNewestVisible) {
  Node node;
  const auto id = node.keep(0, {phone});
  node.keep_many(101, 1, {laptop});
  EXPECT_EQ(run(last_notification(node.fakes.backend, bob, phone)).value(),
            R"({"id":")" + id.text() + R"(","payload":[0]})");
}

TEST(Cup26, WithoutAVisibleOneThereIsNoLast) {
  Node node;
  node.keep(0, {laptop});
  const auto last = run(last_notification(node.fakes.backend, bob, phone));
  EXPECT_EQ(last.error().reason, Reason::not_found);
}

TEST(Cup27, ANotificationIsFoundByItsIdIfItIsVisible) {
  Node node;
  const auto id = node.keep(7, {phone});
  const auto anns = node.keep(8, {}, ann);
  const auto find = [&](const TimeUuid& which, std::optional<ClientId> client) {
    return run(one_notification(node.fakes.backend, bob, which, client));
  };
  EXPECT_EQ(find(id, phone).value(), R"({"id":")" + id.text() + R"(","payload":[7]})");
  EXPECT_TRUE(find(id, std::nullopt));
  EXPECT_EQ(find(id, laptop).error().reason, Reason::not_found);
  EXPECT_EQ(find(anns, std::nullopt).error().reason, Reason::not_found);
}

TEST(Acc46, CatchingUpNotesThatAClientIsInUse) {
  Node node;
  store::testing::write(node.memory, [&](store::Transaction& rows) {
    Client client;
    client.id = phone;
    store::put_client(rows, bob, client);
  }).value();
  const auto last_active = [&] {
    std::optional<Instant> seen;
    store::testing::read(node.memory, [&](const store::Reader& reader) {
      seen = store::find_client(reader, bob, phone)->last_active;
    }).value();
    return seen;
  };
  EXPECT_FALSE(last_active());
  node.read({.client = phone});
  EXPECT_TRUE(last_active());
}

TEST(Cup20, AReadDoesNotFailBecauseAWriteDoes) {
  Node node;
  node.keep(0);
  node.store.fail_writes_with = store::StoreError::full;
  EXPECT_THAT(node.read({.client = phone}).events, ElementsAre(0));
}

TEST(Cup20, AStoreThatCannotBeReadIsNotAnEmptyInbox) {
  Node node;
  node.keep(0);
  node.store.fail_reads_with = store::StoreError::busy;
  EXPECT_EQ(node.page({}).error().reason, Reason::too_busy);
}

// Whoever the notifications are for, and wherever the pages end.
RC_GTEST_PROP(Cup06, FollowingSinceYieldsEverythingVisibleOnce, ()) {
  Node node;
  const auto runs = *rc::gen::container<std::vector<std::pair<int, int>>>(
                         rc::gen::pair(rc::gen::inRange(0, 3), rc::gen::inRange(1, 60)))
                         .as("runs of notifications: for whom, how many");
  const auto size = *rc::gen::inRange<std::size_t>(1, 130).as("size");

  std::vector<int> phones;
  int n = 0;
  for (const auto& [whom, count] : runs) {
    const std::vector<std::vector<ClientId>> targets{{}, {phone}, {laptop}};
    for (int i = 0; i < count; ++i, ++n) {
      node.keep(n, targets[static_cast<std::size_t>(whom)]);
      if (whom != 2) phones.push_back(n);
    }
  }

  std::vector<std::size_t> pages;
  RC_ASSERT(node.read_all({.client = phone, .size = size}, &pages) == phones);
  RC_ASSERT(pages.size() == std::max<std::size_t>(1, (phones.size() + size - 1) / size));
}

// A reader follows its pointer while others write: at every moment it continues where it was.
RC_GTEST_PROP(Cup21, PagingWhileOthersWriteSkipsNothing, ()) {
  Node node;
  const auto steps = *rc::gen::container<std::vector<int>>(rc::gen::inRange(-20, 20));
  CatchUp request{.client = phone, .size = 3};
  std::vector<int> seen;
  int stored = 0;
  const auto read = [&] {
    const auto page = node.read(request);
    seen.insert(seen.end(), page.events.begin(), page.events.end());
    if (!page.ids.empty()) request.since = TimeUuid::parse(page.ids.back());
    return page.has_more;
  };
  for (const int step : steps) {
    // The clock goes both ways: the order of ids must not depend on it.
    node.fakes.clock.advance(Ticks{step * 10});
    if (step % 3 == 0) read();
    node.keep(stored++);
  }
  while (read()) {
  }
  RC_ASSERT(seen == numbers(0, stored));
}

/// Two writers whose clocks differ, or whose commits are late, and a reader in between. Returns
/// what the reader saw by following its pointer.
std::vector<int> seen_with(store::IdPolicy policy) {
  Node node;
  node.fakes.backend.id_policy = policy;
  node.fakes.clock.advance(Ticks{9});
  node.keep(1);  // By the clock that is ahead.
  const auto first = node.read({});
  node.fakes.clock.advance(Ticks{-9});
  node.keep(2);  // Sent after it, by the clock that is behind.

  auto seen = first.events;
  const auto second = node.read({.since = TimeUuid::parse(first.ids.back())});
  seen.insert(seen.end(), second.events.begin(), second.events.end());
  return seen;
}

// The witness of S6: with ids from the wall clock a message is lost without a trace.
TEST(Tid09, AMessageSentByASlowClockIsLost) {
  EXPECT_THAT(seen_with(store::IdPolicy::wall_clock), ElementsAre(1));
}

TEST(Tid06, MonotonicIdsLoseNothingWhateverTheClocks) {
  EXPECT_THAT(seen_with(store::IdPolicy::monotonic), ElementsAre(1, 2));
}

}  // namespace
}  // namespace twostep::service

#include "impl/store/store.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <atomic>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <future>
#include <random>
#include <stdexcept>
#include <thread>

#include "impl/store/inbox.hpp"
#include "impl/store/limits.hpp"
#include "impl/store/lmdb.hpp"
#include "impl/store/memory.hpp"
#include "impl/store/testing.hpp"

/// What every adapter has to do. Each test runs on each of them.
namespace twostep::store {
namespace {

namespace asio = boost::asio;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

struct Adapter {
  std::string name;
  std::unique_ptr<Store> (*open)(const std::filesystem::path& directory);
};

// ctest takes it into the name of the test, which must not differ from run to run as an address does.
void PrintTo(const Adapter& adapter, std::ostream* out) { *out << adapter.name; }

const Adapter adapters[] = {
    {"memory",
     [](const std::filesystem::path&) -> std::unique_ptr<Store> {
       return std::make_unique<MemoryStore>();
     }},
    {"lmdb",
     [](const std::filesystem::path& directory) -> std::unique_ptr<Store> {
       return LmdbStore::open({.directory = directory, .map_bytes = 64 << 20}).value();
     }},
};

class AnyStore : public ::testing::TestWithParam<Adapter> {
 protected:
  void put(const std::string& key, const std::string& value) {
    testing::write(*store_, [&](Transaction& rows) { rows.put(key, value); }).value();
  }

  std::optional<std::string> get(const std::string& key) {
    std::optional<std::string> value;
    testing::read(*store_, [&](const Reader& rows) { value = rows.get(key); }).value();
    return value;
  }

  static std::vector<std::string> keys(const Reader& rows, std::string_view from,
                                       std::string_view to) {
    std::vector<std::string> found;
    rows.scan(from, to, [&](std::string_view key, std::string_view) {
      found.emplace_back(key);
      return true;
    });
    return found;
  }

  static std::vector<std::string> keys_back(const Reader& rows, std::string_view from,
                                            std::string_view to) {
    std::vector<std::string> found;
    rows.scan_back(from, to, [&](std::string_view key, std::string_view) {
      found.emplace_back(key);
      return true;
    });
    return found;
  }

  testing::ScratchDirectory directory_;
  std::unique_ptr<Store> store_ = GetParam().open(directory_.path());
};

const auto name_of_adapter = [](const auto& test) { return test.param.name; };
INSTANTIATE_TEST_SUITE_P(Every, AnyStore, ::testing::ValuesIn(adapters), name_of_adapter);

TEST_P(AnyStore, ScansAreOrderedByOctetsAndExcludeTheirEnd) {
  const std::string high = "x\xff";
  for (const auto& key : {std::string{"xb"}, high, std::string{"xa"}, std::string{"x\0", 2},
                          std::string{"xaa"}, std::string{"y"}})
    put(key, "value of " + key);

  testing::read(*store_, [&](const Reader& rows) {
    EXPECT_THAT(keys(rows, "x", "y"), ElementsAre(std::string{"x\0", 2}, "xa", "xaa", "xb", high));
    EXPECT_THAT(keys(rows, "xa", "xb"), ElementsAre("xa", "xaa"));
    EXPECT_THAT(keys_back(rows, "xa", "xb"), ElementsAre("xaa", "xa"));
    EXPECT_THAT(keys_back(rows, "xa", "\xff"), ElementsAre("y", high, "xb", "xaa", "xa"));
    EXPECT_THAT(keys(rows, "xb", "xa"), IsEmpty());
    EXPECT_THAT(keys_back(rows, "xb", "xa"), IsEmpty());
    EXPECT_THAT(keys(rows, "xab", "xac"), IsEmpty());
    EXPECT_THAT(keys_back(rows, "xab", "xac"), IsEmpty());
  }).value();
}

TEST_P(AnyStore, AScanStopsWhenToldTo) {
  for (const auto* key : {"xa", "xb", "xc"}) put(key, "");

  std::string seen;
  const auto first_two = [&](std::string_view key, std::string_view) {
    seen += key;
    return seen.size() < 4;
  };
  testing::read(*store_, [&](const Reader& rows) {
    rows.scan("x", "y", first_two);
    EXPECT_EQ(seen, "xaxb");
    seen.clear();
    rows.scan_back("x", "y", first_two);
    EXPECT_EQ(seen, "xcxb");
  }).value();
}

TEST_P(AnyStore, AnEmptyStoreHasNothing) {
  testing::read(*store_, [&](const Reader& rows) {
    EXPECT_FALSE(rows.get("x"));
    EXPECT_THAT(keys(rows, "x", "y"), IsEmpty());
    EXPECT_THAT(keys_back(rows, "x", "y"), IsEmpty());
  }).value();
}

TEST_P(AnyStore, AWriteSeesItsOwnRows) {
  put("xa", "old");
  put("xb", "old");

  testing::write(*store_, [&](Transaction& rows) {
    rows.put("xa", "new");
    rows.put("xc", "new");
    rows.erase("xb");
    rows.erase("never there");

    EXPECT_EQ(rows.get("xa"), "new");
    EXPECT_FALSE(rows.get("xb"));
    EXPECT_THAT(keys(rows, "x", "y"), ElementsAre("xa", "xc"));
    EXPECT_THAT(keys_back(rows, "x", "y"), ElementsAre("xc", "xa"));
    EXPECT_THAT(keys(rows, "xa", "xc"), ElementsAre("xa"));
    EXPECT_THAT(keys_back(rows, "xa", "xc"), ElementsAre("xa"));
  }).value();

  EXPECT_EQ(get("xa"), "new");
  EXPECT_EQ(get("xb"), std::nullopt);
  EXPECT_EQ(get("xc"), "new");
}

TEST_P(AnyStore, AValueMayBeEmptyOrLargeOrAnyOctets) {
  std::string octets(1 << 20, '\0');
  for (std::size_t i = 0; i < octets.size(); ++i) octets[i] = static_cast<char>(i % 251);
  put("x", octets);
  put("y", "");

  EXPECT_EQ(get("x"), octets);
  EXPECT_EQ(get("y"), "");
}

TEST_P(AnyStore, AKeyThatIsEmptyOrTooLongIsRefused) {
  put(std::string(limits::store_key_bytes_max, 'x'), "fits");

  EXPECT_THROW(put(std::string(limits::store_key_bytes_max + 1, 'x'), ""), std::length_error);
  EXPECT_THROW(put("", ""), std::length_error);
  EXPECT_EQ(get(std::string(limits::store_key_bytes_max + 1, 'x')), std::nullopt);
}

TEST_P(AnyStore, AWriteThatThrowsLeavesNoTraceAndHurtsNobody) {
  EXPECT_THROW(testing::write(*store_,
                              [](Transaction& rows) {
                                rows.put("x", "half");
                                throw std::domain_error{"refused"};
                              }),
               std::domain_error);

  EXPECT_EQ(get("x"), std::nullopt);
  put("x", "whole");
  EXPECT_EQ(get("x"), "whole");
}

TEST_P(AnyStore, WhatALookThrowsComesOut) {
  EXPECT_THROW(testing::read(*store_, [](const Reader&) { throw std::domain_error{"no"}; }),
               std::domain_error);
}

TEST_P(AnyStore, ASnapshotStaysAsItIsWhileOthersWrite) {
  put("x", "before");
  std::promise<void> decided;
  std::thread writer;

  testing::read(*store_, [&](const Reader& rows) {
    writer = std::thread{[&] {
      testing::write(*store_, [&](Transaction& changed) {
        changed.put("x", "after");
        decided.set_value();
      }).value();
    }};
    decided.get_future().wait();
    EXPECT_EQ(rows.get("x"), "before");
  }).value();

  writer.join();
  EXPECT_EQ(get("x"), "after");
}

TEST_P(AnyStore, CommittedIsCalledOnceAfterTheCommitAndNotAfterARefusal) {
  int calls = 0;
  testing::wait_for(
      store_->write(Write{[](Transaction& rows) { rows.put("x", "1"); }, [&] { ++calls; }}))
      .value();
  EXPECT_EQ(calls, 1);

  EXPECT_ANY_THROW(testing::wait_for(store_->write(
      Write{[](Transaction&) { throw std::domain_error{"refused"}; }, [&] { ++calls; }})));
  EXPECT_EQ(calls, 1);
}

// The oracle is a std::map. Keys are few, so that rows are overwritten and erased often.
TEST_P(AnyStore, AgreesWithAMapAfterAnyWrites) {
  std::mt19937 random{20211004};
  std::map<std::string, std::string> expected;
  const auto any_key = [&] { return std::string{"x"} + static_cast<char>('a' + random() % 20); };

  for (int round = 0; round < 60; ++round) {
    auto next = expected;
    const bool refused = round % 5 == 4;
    const auto decide = [&](Transaction& rows) {
      for (auto changes = random() % 8; changes > 0; --changes) {
        const auto key = any_key();
        if (random() % 3 == 0) {
          rows.erase(key);
          next.erase(key);
        } else {
          rows.put(key, std::to_string(round));
          next[key] = std::to_string(round);
        }
      }
      std::vector<std::string> next_keys;
      for (const auto& [key, value] : next) next_keys.push_back(key);
      ASSERT_EQ(keys(rows, "x", "y"), next_keys);
      std::reverse(next_keys.begin(), next_keys.end());
      ASSERT_EQ(keys_back(rows, "x", "y"), next_keys);
      if (refused) throw std::domain_error{"refused"};
    };
    if (refused) {
      EXPECT_THROW(testing::write(*store_, decide), std::domain_error);
    } else {
      testing::write(*store_, decide).value();
      expected = next;
    }
    for (char last = 'a'; last < 'u'; ++last) {
      const auto key = std::string{"x"} + last;
      const auto row = expected.find(key);
      ASSERT_EQ(get(key), row == expected.end() ? std::nullopt : std::optional{row->second});
    }
  }
}

/// Many coroutines on several threads that append to a few inboxes, and one that follows the first.
class ManyWriters {
 public:
  static constexpr std::size_t writers = 8;
  static constexpr std::size_t appends = 500;
  static constexpr std::size_t inboxes = 10;
  static constexpr auto all = writers * appends;

  explicit ManyWriters(Store& store) : store_{store} {}

  void run() {
    asio::io_context context;
    const auto rethrow = [](std::exception_ptr thrown) {
      if (thrown) std::rethrow_exception(thrown);
    };
    for (std::size_t writer = 0; writer < writers; ++writer)
      asio::co_spawn(context, write(writer), rethrow);
    asio::co_spawn(context, follow(), rethrow);
    std::vector<std::jthread> threads;
    for (int i = 0; i < 4; ++i) threads.emplace_back([&] { context.run(); });
  }

  static UserId user(std::size_t inbox) {
    Uuid::Octets octets{};
    octets[15] = static_cast<std::uint8_t>(inbox);
    return UserId{Uuid{octets}};
  }

  std::vector<std::pair<std::size_t, TimeUuid>> in_commit_order;  ///< Inbox and id.
  std::vector<TimeUuid> followed;  ///< What one reader saw, in order.

 private:
  asio::awaitable<void> write(std::size_t writer) {
    for (std::size_t i = 0; i < appends; ++i) {
      const auto inbox = (writer + i) % inboxes;
      // Each writer has a clock of its own, and it goes back and forth.
      const auto now = TimeUuid::earliest + Ticks{1'000'000 * writer + i * 7919 % 5000};
      std::optional<TimeUuid> id;
      const auto written = co_await store_.write(
          Write{[&](Transaction& rows) {
                  id = append(rows, {.now = now, .origin = {}},
                              {.user = user(inbox), .event = std::to_string(writer * appends + i)})
                           .id;
                },
                [&] { in_commit_order.emplace_back(inbox, *id); }});
      written.value();
    }
  }

  asio::awaitable<void> follow() {
    while (followed.size() < all / inboxes) {
      const auto pointer = followed.empty() ? std::nullopt : std::optional{followed.back()};
      const auto read = co_await store_.read([&](const Reader& rows) {
        visit_after(rows, user(0), pointer, TimeUuid::earliest, [&](const NotificationView& n) {
          followed.push_back(n.id);
          return true;
        });
      });
      read.value();
      co_await asio::post(asio::use_awaitable);
    }
  }

  Store& store_;
};

class Snd09 : public AnyStore {};
INSTANTIATE_TEST_SUITE_P(Every, Snd09, ::testing::ValuesIn(adapters), name_of_adapter);

// TID-05 is in it too: a reader that follows its pointer while they write sees every id.
TEST_P(Snd09, ConcurrentWritesAreEachStoredOnceInTheOrderOfTheirCommits) {
  ManyWriters many{*store_};
  many.run();

  std::array<std::vector<TimeUuid>, ManyWriters::inboxes> committed;
  for (const auto& [inbox, id] : many.in_commit_order) committed[inbox].push_back(id);
  std::vector<std::string> events;
  for (std::size_t inbox = 0; inbox < ManyWriters::inboxes; ++inbox) {
    std::vector<TimeUuid> stored;
    testing::read(*store_, [&](const Reader& rows) {
      visit_after(rows, ManyWriters::user(inbox), std::nullopt, TimeUuid::earliest,
                  [&](const NotificationView& notification) {
                    stored.push_back(notification.id);
                    events.emplace_back(notification.event);
                    return true;
                  });
    }).value();
    EXPECT_EQ(committed[inbox], stored) << "commit order is id order, inbox " << inbox;
  }
  EXPECT_EQ(many.followed, committed[0]);
  std::sort(events.begin(), events.end());
  EXPECT_EQ(events.size(), ManyWriters::all);
  EXPECT_EQ(std::adjacent_find(events.begin(), events.end()), events.end());
}

}  // namespace
}  // namespace twostep::store

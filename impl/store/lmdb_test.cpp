#include "impl/store/lmdb.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <cerrno>
#include <csignal>
#include <fstream>
#include <future>
#include <set>
#include <sstream>
#include <stdexcept>
#include <thread>

#include "impl/store/inbox.hpp"
#include "impl/store/key.hpp"
#include "impl/store/limits.hpp"
#include "impl/store/testing.hpp"

namespace {

std::atomic<bool> disk_fails = false;

}  // namespace

/// Stands before the C library's, so that a test can have a disk that fails to sync.
extern "C" int fdatasync(int file) {
  if (disk_fails) {
    errno = EIO;
    return -1;
  }
  return static_cast<int>(::syscall(SYS_fdatasync, file));
}

/// What only the embedded store has: files, a writer's thread, bounds, and ways to fail.
namespace twostep::store {
namespace {

namespace asio = boost::asio;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

class Lmdb : public ::testing::Test {
 protected:
  void SetUp() override { reopen(); }

  void reopen() {
    store_.reset();
    store_ = LmdbStore::open(options_).value();
  }

  StoreResult<void> put(const std::string& key, const std::string& value) {
    return testing::write(*store_, [&](Transaction& rows) { rows.put(key, value); });
  }

  std::optional<std::string> get(const std::string& key) {
    std::optional<std::string> value;
    testing::read(*store_, [&](const Reader& rows) { value = rows.get(key); }).value();
    return value;
  }

  testing::ScratchDirectory directory_;
  LmdbOptions options_{.directory = directory_.path() / "data", .map_bytes = 16 << 20};
  std::unique_ptr<LmdbStore> store_;
};

/// Keeps the writer's thread in one change, so that what comes meanwhile becomes one batch.
class BusyWriter {
 public:
  explicit BusyWriter(Store& store)
      : thread_{[this, &store] {
          testing::write(store, [this](Transaction&) {
            if (!std::exchange(started_once_, true)) started_.set_value();
            release_.get_future().wait();
          }).value();
        }} {
    started_.get_future().wait();
  }

  void release() {
    release_.set_value();
    thread_.join();
  }

 private:
  bool started_once_ = false;
  std::promise<void> started_;
  std::promise<void> release_;
  std::thread thread_;
};

/// Writes that were begun together, and what came of each: "ok", an error, or "threw".
class Together {
 public:
  explicit Together(Store& store) : store_{store} {}

  void begin(Write change) {
    outcomes_.emplace_back("none");
    asio::co_spawn(
        context_, store_.write(std::move(change)),
        [&outcome = outcomes_.back()](std::exception_ptr thrown, StoreResult<void> done) {
          outcome = thrown ? "threw" : done ? "ok" : name(done.error());
        });
    context_.poll();  // Now it waits in the queue, and has an answer if it was refused.
    context_.restart();
  }

  std::vector<std::string> finish() {
    context_.run();
    return {outcomes_.begin(), outcomes_.end()};
  }

 private:
  static std::string name(StoreError error) {
    std::ostringstream text;
    text << error;
    return text.str();
  }

  Store& store_;
  asio::io_context context_;
  std::deque<std::string> outcomes_;
};

TEST_F(Lmdb, EverythingIsThereAfterReopening) {
  put("x", "kept").value();
  put("gone", "").value();
  testing::write(*store_, [](Transaction& rows) { rows.erase("gone"); }).value();

  reopen();

  EXPECT_EQ(get("x"), "kept");
  EXPECT_EQ(get("gone"), std::nullopt);
}

TEST_F(Lmdb, WritesThatWaitAreFinishedBeforeItCloses) {
  BusyWriter writer{*store_};
  Together together{*store_};
  for (const auto* key : {"xa", "xb", "xc"})
    together.begin(Write{[key](Transaction& rows) { rows.put(key, "kept"); }});
  writer.release();

  reopen();

  EXPECT_THAT(together.finish(), ElementsAre("ok", "ok", "ok"));
  EXPECT_EQ(get("xc"), "kept");
}

TEST_F(Lmdb, ADirectoryInUseIsRefused) {
  const auto second = LmdbStore::open(options_);

  ASSERT_FALSE(second);
  EXPECT_THAT(second.error().reason, HasSubstr("in use"));
}

TEST_F(Lmdb, AnotherLayoutIsRefused) {
  put(Key{Table::backend}.add(std::string_view{"schema"}).bytes(), "2").value();
  store_.reset();

  const auto opened = LmdbStore::open(options_);

  ASSERT_FALSE(opened);
  EXPECT_THAT(opened.error().reason, HasSubstr("layout 2"));
}

/// The child: once the pipe is closed, succeeds if it can read what its parent wrote, and cannot write.
[[noreturn]] void look_and_exit(LmdbOptions options, int pipe) noexcept {
  char none = 0;
  if (::read(pipe, &none, 1) != 0) ::_exit(2);
  options.read_only = true;
  const auto store = LmdbStore::open(options).value();
  std::string seen;
  const auto looked =
      testing::read(*store, [&](const Reader& rows) { seen = rows.get("x").value_or("none"); });
  const auto written = testing::write(*store, [](Transaction& rows) { rows.put("x", "new"); });
  ::_exit(looked && seen == "kept" && written == StoreError::busy ? 0 : 1);
}

TEST_F(Lmdb, AStoreInUseCanBeLookedAtByAnotherProcessThatCannotWrite) {
  store_.reset();  // The child of a process with threads could not count on its own.
  int ends[2];
  ASSERT_EQ(::pipe(ends), 0);
  const auto child = ::fork();
  if (child == 0) {
    ::close(ends[1]);
    look_and_exit(options_, ends[0]);
  }
  ::close(ends[0]);
  reopen();
  put("x", "kept").value();
  ::close(ends[1]);
  int status = 0;
  ::waitpid(child, &status, 0);

  EXPECT_TRUE(WIFEXITED(status));
  EXPECT_EQ(WEXITSTATUS(status), 0);
  EXPECT_EQ(get("x"), "kept");
}

TEST_F(Lmdb, ADirectoryThatCannotBeMadeIsRefused) {
  EXPECT_FALSE(LmdbStore::open({.directory = "/proc/no/such"}));
  EXPECT_FALSE(LmdbStore::open({.directory = directory_.path() / "none", .read_only = true}));
}

TEST_F(Lmdb, AReaderNeitherWaitsForAWriterNorHoldsItUp) {
  put("x", "before").value();

  testing::read(*store_, [&](const Reader& rows) {
    std::thread{[&] { put("x", "after").value(); }}.join();
    EXPECT_EQ(rows.get("x"), "before");
    EXPECT_EQ(get("x"), "after");
  }).value();
}

TEST_F(Lmdb, AChangeThatThrowsHurtsNoneOfItsBatch) {
  std::vector<std::string> committed;
  BusyWriter writer{*store_};
  Together together{*store_};
  for (const std::string key : {"xa", "poison", "xb", "poison", "xc"}) {
    together.begin(Write{[key](Transaction& rows) {
                           rows.put(key, "kept");
                           if (key == "poison") throw std::domain_error{"poison"};
                         },
                         [&committed, key] { committed.push_back(key); }});
  }
  writer.release();

  EXPECT_THAT(together.finish(), ElementsAre("ok", "threw", "ok", "threw", "ok"));
  EXPECT_THAT(committed, ElementsAre("xa", "xb", "xc"));
  EXPECT_EQ(get("xb"), "kept");
  EXPECT_EQ(get("poison"), std::nullopt);
}

TEST_F(Lmdb, ACommitTakesSoManyChangesAndNoMore) {
  std::size_t decided = 0;
  std::set<std::size_t> shared;  // How many were decided when one was committed.
  BusyWriter writer{*store_};
  Together together{*store_};
  for (std::size_t i = 0; i < limits::writes_per_commit_max + 2; ++i)
    together.begin(Write{[&](Transaction&) { ++decided; }, [&] { shared.insert(decided); }});
  writer.release();
  together.finish();
  EXPECT_THAT(shared,
              ElementsAre(limits::writes_per_commit_max, limits::writes_per_commit_max + 2));
}

TEST_F(Lmdb, NobodyElseMayReadItsFiles) {
  for (const auto& file : std::filesystem::directory_iterator{options_.directory}) {
    const auto others = std::filesystem::perms::group_all | std::filesystem::perms::others_all;
    EXPECT_EQ(file.status().permissions() & others, std::filesystem::perms::none) << file.path();
  }
}

TEST_F(Lmdb, AQueueThatIsFullSaysBusyAtOnce) {
  options_.writes_waiting_max = 2;
  reopen();
  BusyWriter writer{*store_};
  Together together{*store_};
  for (const auto* key : {"xa", "xb", "too many"})
    together.begin(Write{[key](Transaction& rows) { rows.put(key, ""); }});
  writer.release();

  EXPECT_THAT(together.finish(), ElementsAre("ok", "ok", "busy"));
  EXPECT_EQ(get("too many"), std::nullopt);
  EXPECT_TRUE(put("too many", "came again"));
}

TEST_F(Lmdb, AChangeTooLargeForTheMapDoesNotMakeOthersFail) {
  BusyWriter writer{*store_};
  Together together{*store_};
  const std::string too_large(options_.map_bytes, 'x');
  together.begin(Write{[](Transaction& rows) { rows.put("xa", "kept"); }});
  together.begin(Write{[&](Transaction& rows) {
    try {
      rows.put("too large", too_large);
    } catch (const std::exception&) {  // Must not make it a success.
    }
  }});
  together.begin(Write{[](Transaction& rows) { rows.put("xb", "kept"); }});
  writer.release();

  EXPECT_THAT(together.finish(), ElementsAre("ok", "full", "ok"));
  EXPECT_EQ(get("xa"), "kept");
  EXPECT_EQ(get("too large"), std::nullopt);
}

TEST_F(Lmdb, AFullStoreReadsAndErasesAndTakesWritesAgain) {
  options_.map_bytes = 1 << 20;
  reopen();
  const std::string value(500, 'v');
  std::size_t rows_stored = 0;
  const auto key = [](std::size_t i) { return "x" + std::to_string(1'000'000 + i); };
  while (put(key(rows_stored), value)) ++rows_stored;
  ASSERT_GT(rows_stored, 500u);
  EXPECT_EQ(put("one more", value), StoreError::full);
  EXPECT_EQ(get(key(0)), value);
  EXPECT_EQ(get("one more"), std::nullopt);
  reopen();
  EXPECT_EQ(put("one more", value), StoreError::full);

  for (std::size_t i = 0; i < rows_stored; ++i)
    ASSERT_TRUE(testing::write(*store_, [&](Transaction& rows) { rows.erase(key(i)); })) << i;

  EXPECT_TRUE(put("one more", value));
  EXPECT_TRUE(store_->takes_writes());
}

TEST_F(Lmdb, AMapThatBecameTooSmallCanBeRaisedAtTheNextStart) {
  options_.map_bytes = 1 << 20;
  reopen();
  const std::string large(2 << 20, 'v');
  EXPECT_EQ(put("large", large), StoreError::full);

  options_.map_bytes = 8 << 20;
  reopen();

  EXPECT_TRUE(put("large", large));
}

TEST_F(Lmdb, AfterAFailedSyncNothingIsAcknowledged) {
  put("x", "before").value();
  std::atomic<int> committed = 0;
  disk_fails = true;
  EXPECT_EQ(testing::wait_for(store_->write(
                Write{[](Transaction& rows) { rows.put("x", "?"); }, [&] { ++committed; }})),
            StoreError::outcome_unknown);
  disk_fails = false;

  EXPECT_EQ(put("y", "later"), StoreError::busy);
  EXPECT_EQ(committed, 0);
  EXPECT_FALSE(store_->takes_writes());
  EXPECT_EQ(get("x"), "before");

  reopen();
  EXPECT_TRUE(put("y", "later"));
}

TEST_F(Lmdb, ADraftThatACrashLeftBehindIsNoObstacle) {
  const auto directory = directory_.path() / "begun";
  std::filesystem::create_directory(directory);
  std::ofstream{directory / "data.new"} << "half a head";
  std::ofstream{directory / "data.mdb"};

  EXPECT_TRUE(LmdbStore::open({.directory = directory, .map_bytes = 1 << 20}));
}

TEST_F(Lmdb, NothingIsReadBeforeItIsOnTheDisk) {
  put("x", "kept").value();
  store_.reset();

  disk_fails = true;
  EXPECT_FALSE(LmdbStore::open(options_));
  disk_fails = false;

  reopen();
  EXPECT_EQ(get("x"), "kept");
}

const auto bob = *UserId::parse("0b0b0b0b-0000-4000-8000-000000000001");

/// The child: appends two rows per change from several coroutines, and says through the pipe which
/// numbers were acknowledged, until it is killed.
[[noreturn]] void write_until_killed(const LmdbOptions& options, int acknowledged,
                                     int first) noexcept {
  {
    const auto store = LmdbStore::open(options).value();
    asio::io_context context;
    int next = first;
    const auto write = [&]() -> asio::awaitable<void> {
      for (;;) {
        const int number = next++;
        const auto written = co_await store->write(Write{[number](Transaction& rows) {
          const auto text = std::to_string(number);
          append(rows, {.now = Instant{}, .origin = {}}, {.user = bob, .event = text});
          rows.put("x" + text, text);
        }});
        if (!written || ::write(acknowledged, &number, sizeof number) != sizeof number) ::_exit(1);
      }
    };
    for (int i = 0; i < 4; ++i) asio::co_spawn(context, write(), asio::detached);
    context.run();
  }
  ::_exit(2);
}

class Snd03 : public Lmdb {
 protected:
  /// Lets a child write until `count` numbers were acknowledged, kills it, and returns these and
  /// all that were acknowledged before the end.
  std::set<int> acknowledged_until_killed(int first, std::size_t count) {
    int ends[2];
    if (::pipe(ends) != 0) throw std::runtime_error{"no pipe"};
    const auto child = ::fork();
    if (child == 0) {
      ::close(ends[0]);
      write_until_killed(options_, ends[1], first);
    }
    ::close(ends[1]);
    std::set<int> acknowledged;
    int number = 0;
    while (::read(ends[0], &number, sizeof number) == sizeof number) {
      acknowledged.insert(number);
      if (acknowledged.size() == count) ::kill(child, SIGKILL);
    }
    ::close(ends[0]);
    int status = 0;
    ::waitpid(child, &status, 0);
    EXPECT_TRUE(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
    return acknowledged;
  }

  /// The numbers in bob's inbox. Each is there once, and its other row is there as well.
  std::set<int> stored() {
    std::set<int> numbers;
    testing::read(*store_, [&](const Reader& rows) {
      std::size_t others = 0;
      rows.scan("x", "y", [&](std::string_view, std::string_view) { return ++others, true; });
      visit_after(rows, bob, std::nullopt, TimeUuid::earliest, [&](const NotificationView& n) {
        EXPECT_TRUE(rows.get("x" + std::string{n.event}));
        EXPECT_TRUE(numbers.insert(std::stoi(std::string{n.event})).second);
        return true;
      });
      EXPECT_EQ(others, numbers.size());
    }).value();
    return numbers;
  }
};

// SND-06 is in it too: each change has two rows, and no kill may leave one of them.
TEST_F(Snd03, WhatWasAcknowledgedIsThereAfterKill9AndNothingIsThereByHalf) {
  std::set<int> acknowledged;
  for (int round = 0; round < 10; ++round) {
    store_.reset();
    acknowledged.merge(
        acknowledged_until_killed(round * 1'000'000, 1 + static_cast<std::size_t>(round) * 23));
    store_ = LmdbStore::open(options_).value();

    const auto kept = stored();
    for (const int number : acknowledged) ASSERT_TRUE(kept.count(number)) << number;
  }
}

}  // namespace
}  // namespace twostep::store

#include <benchmark/benchmark.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>

#include "bench/micro/samples.hpp"
#include "impl/store/inbox.hpp"
#include "impl/store/key.hpp"
#include "impl/store/lmdb.hpp"
#include "impl/store/memory.hpp"
#include "impl/store/testing.hpp"
#include "impl/wire/page.hpp"

namespace twostep::bench {
namespace {

using store::IdSource;
using store::NewNotification;
using store::testing::ScratchDirectory;

/// A store of each kind, empty, for as long as one benchmark runs.
struct OfMemory {
  store::MemoryStore store;
};

struct OfLmdb {
  ScratchDirectory folder;
  std::unique_ptr<store::LmdbStore> opened = *store::LmdbStore::open({.directory = folder.path()});
  store::LmdbStore& store = *opened;
};

void append_one(store::Transaction& transaction, std::uint64_t tick, const UserId& to,
                const std::string& what) {
  const IdSource ids{.now = time_uuid(tick).instant(), .origin = {}};
  store::append(transaction, ids, {.user = to, .targets = {client(1)}, .event = what});
}

// What    Making an id and storing a notification in an inbox that holds others: `rows` inboxes in one
//         durable transaction. That is one send to so many recipients without anybody else around, so
//         with LMDB it shows the disk.
// Unit    Rows per second.
template <class Of>
void append_rows(benchmark::State& state) {
  Of of;
  const auto rows = static_cast<std::uint64_t>(state.range(0));
  const auto what = event();
  std::uint64_t tick = 0;
  for (auto _ : state) {
    ++tick;
    const auto done = store::testing::write(of.store, [&](store::Transaction& transaction) {
      for (std::uint64_t i = 0; i < rows; ++i) append_one(transaction, tick, user(i), what);
    });
    if (!done) state.SkipWithError("the store refuses");
  }
  state.SetItemsProcessed(state.iterations() * state.range(0));
}
BENCHMARK(append_rows<OfMemory>)->Arg(1)->Arg(40);
BENCHMARK(append_rows<OfLmdb>)->Arg(1)->Arg(40)->Arg(200)->UseRealTime();

// What    Reading one page into the bytes that are sent, from an inbox of 20,000 among others.
// Unit    Notifications per second; the page size is the argument.
template <class Of>
void read_page(benchmark::State& state) {
  constexpr std::uint64_t kept = 20'000;
  Of of;
  const auto what = event();
  const auto filled = store::testing::write(of.store, [&](store::Transaction& transaction) {
    for (std::uint64_t i = 0; i < kept; ++i) append_one(transaction, 10 * i, user(i % 2), what);
  });
  if (!filled) state.SkipWithError("the store refuses");
  const auto size = static_cast<std::size_t>(state.range(0));
  const Instant oldest = time_uuid(0).instant();
  for (auto _ : state) {
    std::string text;
    const auto done = store::testing::read(of.store, [&](const store::Reader& reader) {
      wire::PageWriter page;
      store::visit_after(reader, user(0), std::nullopt, oldest,
                         [&](const store::NotificationView& row) {
                           page.add(row.id, row.event);
                           return page.count() < size;
                         });
      text = std::move(page).finish(true, oldest);
    });
    if (!done) state.SkipWithError("the store refuses");
    benchmark::DoNotOptimize(text.data());
  }
  state.SetItemsProcessed(state.iterations() * state.range(0));
}
BENCHMARK(read_page<OfMemory>)->Arg(100)->Arg(1'000);
BENCHMARK(read_page<OfLmdb>)->Arg(100)->Arg(1'000);

boost::asio::awaitable<void> insert_raw(store::Store& store, std::uint64_t number,
                                        std::uint64_t rows, const std::string& what) {
  co_await store.write(store::Write{[&](store::Transaction& transaction) {
    for (std::uint64_t i = 0; i < rows; ++i) {
      const auto key = store::Key{store::Table::notification}.add(user(i)).add(number).add(i);
      transaction.put(key.bytes(), what);
    }
  }});
}

// What    Durable inserts of plain rows, as many at once as the first argument says, each of as many
//         rows as the second: what sending cannot beat. Those that wait together share a commit.
// Unit    Inserts per second.
void raw_durable_inserts(benchmark::State& state) {
  OfLmdb of;
  const auto what = event();
  std::uint64_t number = 0;
  for (auto _ : state) {
    boost::asio::io_context context{1};
    for (std::int64_t i = 0; i < state.range(0); ++i) {
      boost::asio::co_spawn(
          context, insert_raw(of.store, ++number, static_cast<std::uint64_t>(state.range(1)), what),
          boost::asio::detached);
    }
    context.run();
  }
  state.SetItemsProcessed(state.iterations() * state.range(0));
}
BENCHMARK(raw_durable_inserts)->ArgsProduct({{1, 16, 64, 256}, {1, 40}})->UseRealTime();

}  // namespace
}  // namespace twostep::bench

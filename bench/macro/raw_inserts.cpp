#include "bench/macro/raw_inserts.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <random>
#include <string>
#include <vector>

#include "bench/macro/jobs.hpp"
#include "impl/store/key.hpp"
#include "impl/store/lmdb.hpp"

namespace twostep::bench {
namespace {

namespace asio = boost::asio;

/// Inboxes that rows go to. As in a server, rows come at the end of one of many ranges.
constexpr std::size_t inboxes = 64;

std::unique_ptr<store::LmdbStore> opened(const std::filesystem::path& folder) {
  auto store = store::LmdbStore::open({.directory = folder});
  if (!store) throw TrafficError{store.error().reason};
  return std::move(*store);
}

std::vector<store::Key> make_inbox_keys() {
  std::mt19937_64 random{1};
  std::vector<store::Key> keys;
  for (std::size_t i = 0; i < inboxes; ++i) {
    Uuid::Octets octets;
    for (auto& octet : octets) octet = static_cast<std::uint8_t>(random());
    keys.push_back(store::Key{store::Table::notification}.add(Uuid::random(octets)));
  }
  return keys;
}

}  // namespace

struct RawInserts::State {
  std::unique_ptr<store::LmdbStore> store;
  std::vector<store::Key> inbox_keys = make_inbox_keys();
  std::uint64_t next_row = 0;

  /// One transaction; its rows go to different inboxes. The keys are decided on once, whether or not
  /// the transaction has to be repeated.
  asio::awaitable<void> insert(std::size_t rows, const std::string& value) {
    const auto first = next_row;
    next_row += rows;
    const auto done = co_await store->write(store::Write{[&](store::Transaction& transaction) {
      for (auto row = first; row < first + rows; ++row) {
        auto key = inbox_keys[row % inboxes];
        transaction.put(key.add(std::uint64_t{0}).add(row).bytes(), value);
      }
    }});
    if (!done) throw TrafficError{"the store refuses an insert"};
  }

  asio::awaitable<void> keep_inserting(const Pace& pace, std::size_t rows, const std::string& value,
                                       Load& load) {
    const auto from = Clock::now() + std::chrono::duration_cast<Clock::duration>(pace.warm_up);
    const auto until = from + std::chrono::duration_cast<Clock::duration>(pace.measured);
    for (auto begun = Clock::now(); begun < until;) {
      co_await insert(rows, value);
      const auto ended = Clock::now();
      if (ended >= from && ended <= until) {
        ++load.tasks;
        load.latency.add(
            static_cast<std::uint64_t>(std::chrono::nanoseconds{ended - begun}.count()));
      }
      begun = ended;
    }
  }
};

RawInserts::RawInserts(const std::filesystem::path& folder)
    : state_{std::make_unique<State>(State{.store = opened(folder)})} {}

RawInserts::~RawInserts() = default;

Load RawInserts::run(const Pace& pace, std::size_t rows, std::size_t row_bytes) {
  const std::string value(row_bytes, '.');
  Load load;
  asio::io_context context{1};
  std::exception_ptr failure;
  for (std::size_t i = 0; i < pace.connections; ++i) {
    asio::co_spawn(context, state_->keep_inserting(pace, rows, value, load),
                   [&](const std::exception_ptr& thrown) {
                     if (thrown) failure = thrown;
                   });
  }
  context.run();
  if (failure) std::rethrow_exception(failure);
  load.elapsed = pace.measured;
  return load;
}

Findings raw_inserts_job(const Options& options) {
  RawInserts inserts{options.data};
  const auto load = inserts.run(options.pace, options.recipients, options.bytes);
  Row row = {{"inserts", load.tasks},
             {"rows each", options.recipients},
             {"at once", options.pace.connections},
             {"per second", static_cast<std::int64_t>(load.per_second())}};
  add_latency(row, load);
  return {.rows = {row}};
}

}  // namespace twostep::bench

#include "property-tests/stores/subject.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <deque>
#include <exception>
#include <future>
#include <thread>
#include <utility>

#include "impl/store/lmdb.hpp"
#include "impl/store/memory.hpp"
#include "impl/store/testing.hpp"
#include "property-tests/stores/perform.hpp"
#include "property-tests/world/database.hpp"
#include "property-tests/world/scheduler.hpp"
#include "property-tests/world/trace.hpp"

namespace twostep::properties::stores {
namespace {

using store::Store;
using store::StoreResult;
using store::Write;

/// Large enough for every history.
constexpr std::size_t map_bytes = std::size_t{64} << 20;

Outcome outcome_of(const std::exception_ptr& thrown, const StoreResult<void>& result) {
  if (thrown) return {.threw = true};
  return result ? Outcome{} : Outcome{.error = result.error()};
}

/// Holds a store's thread in one change that writes nothing, so that what comes meanwhile is decided
/// together.
class Hold {
 public:
  Hold(Store& store, boost::asio::io_context& context) {
    Write change{[&](store::Transaction&) {
      if (std::exchange(decided_, true)) return;
      boost::asio::post(context, [this] { begun_ = true; });
      over_.get_future().wait();
    }};
    boost::asio::co_spawn(
        context, store.write(std::move(change)),
        [this](const std::exception_ptr&, StoreResult<void>) { begun_ = true; });  // Or refused.
    while (!begun_) context.run_one();
  }
  void release() { over_.set_value(); }

 private:
  bool decided_ = false;  ///< Of the store's thread.
  bool begun_ = false;    ///< Of the thread that runs the context.
  std::promise<void> over_;
};

class Driven final : public Subject {
 public:
  Driven(OpenStore open, Kind kind, std::size_t threads)
      : open_{std::move(open)}, kind_{kind}, threads_{threads}, store_{open_()} {}

  StoreResult<void> read(std::function<void(const store::Reader&)> look) override {
    return store::testing::wait_for(store_->read(std::move(look)));
  }

  std::vector<Outcome> write(std::vector<Write> changes) override {
    boost::asio::io_context context;
    std::optional<Hold> hold;
    const bool alone = threads_ == 1;
    if (alone && kind_ == Kind::with_a_writer) hold.emplace(*store_, context);
    std::vector<Outcome> outcomes(changes.size());
    for (std::size_t n = 0; n < changes.size(); ++n) {
      const auto note = [&outcome = outcomes[n]](const std::exception_ptr& thrown,
                                                 StoreResult<void> result) {
        outcome = outcome_of(thrown, result);
      };
      boost::asio::co_spawn(context, store_->write(std::move(changes[n])), note);
    }
    context.restart();
    if (alone) context.poll();  // Now all of them wait in the store.
    if (hold) hold->release();
    context.restart();
    std::vector<std::jthread> others;
    for (std::size_t n = 1; n < threads_; ++n) others.emplace_back([&] { context.run(); });
    context.run();
    others.clear();
    return outcomes;
  }

  StoreResult<std::size_t> forget(Instant oldest) override {
    return store::testing::wait_for(stores::forget(*store_, oldest));
  }

  bool writes_beside_readers() const override { return kind_ == Kind::with_a_writer; }

  void reopen() override {
    if (kind_ == Kind::in_memory) return;
    store_.reset();
    store_ = open_();
  }

 private:
  OpenStore open_;
  Kind kind_;
  std::size_t threads_;
  std::unique_ptr<Store> store_;
};

/// The simulated database, with every freedom that the port leaves but that of not knowing.
class Simulated final : public Subject {
 public:
  explicit Simulated(std::uint64_t seed)
      : choices_{Choices::drawn_from(seed)}, scheduler_{choices_, 8, trace_} {
    database_.behave({.embedded = true,
                      .gather_max = Ticks{50},
                      .commit_max = Ticks{50},
                      .read_max = Ticks{50},
                      .busy = 20,
                      .full = 100},
                     Plant::none);
  }

  StoreResult<void> read(std::function<void(const store::Reader&)> look) override {
    StoreResult<void> outcome;
    run(session_.read(std::move(look)), [&](StoreResult<void> result) { outcome = result; });
    play();
    return outcome;
  }

  std::vector<Outcome> write(std::vector<Write> changes) override {
    std::vector<Outcome> outcomes(changes.size());
    for (std::size_t n = 0; n < changes.size(); ++n) {
      const auto note = [&outcome = outcomes[n]](const std::exception_ptr& thrown,
                                                 StoreResult<void> result) {
        outcome = outcome_of(thrown, result);
      };
      boost::asio::co_spawn(node_.executor(), session_.write(std::move(changes[n])), note);
    }
    play();
    return outcomes;
  }

  StoreResult<std::size_t> forget(Instant oldest) override {
    StoreResult<std::size_t> outcome;
    run(stores::forget(session_, oldest),
        [&](StoreResult<std::size_t> result) { outcome = result; });
    play();
    return outcome;
  }

  bool writes_beside_readers() const override { return false; }

  void reopen() override {
    database_.crash();
    database_.restart();
  }

 private:
  template <class T, class Note>
  void run(boost::asio::awaitable<T> work, Note note) {
    boost::asio::co_spawn(node_.executor(), std::move(work),
                          [this, note](std::exception_ptr thrown, T result) {
                            thrown_ = thrown;
                            note(std::move(result));
                          });
  }

  void play() {
    scheduler_.run_all(Ticks::max(), 1'000'000);
    if (thrown_) std::rethrow_exception(std::exchange(thrown_, nullptr));
  }

  Choices choices_;
  Trace trace_{false};
  Scheduler scheduler_;
  Process node_{scheduler_};
  Database database_{scheduler_, choices_, true};
  Database::Session session_{database_, node_};
  std::exception_ptr thrown_;
};

std::unique_ptr<Subject> open_memory(const std::filesystem::path&, std::uint64_t) {
  return driven(open_memory_store, Kind::in_memory);
}

std::unique_ptr<Subject> open_lmdb(const std::filesystem::path& directory, std::uint64_t) {
  return driven([directory] { return open_lmdb_store(directory); }, Kind::with_a_writer);
}

std::unique_ptr<Subject> open_simulated(const std::filesystem::path&, std::uint64_t seed) {
  return std::make_unique<Simulated>(seed);
}

}  // namespace

std::unique_ptr<Subject> driven(OpenStore open, Kind kind, std::size_t threads) {
  return std::make_unique<Driven>(std::move(open), kind, threads);
}

std::unique_ptr<Store> open_memory_store() { return std::make_unique<store::MemoryStore>(); }

std::unique_ptr<Store> open_lmdb_store(const std::filesystem::path& directory) {
  return store::LmdbStore::open({.directory = directory, .map_bytes = map_bytes}).value();
}

const std::vector<Adapter>& adapters() {
  static const std::vector<Adapter> all = {
      {.name = "memory", .open = open_memory},
      {.name = "lmdb", .open = open_lmdb},
      {.name = "simulated", .open = open_simulated},
  };
  return all;
}

}  // namespace twostep::properties::stores

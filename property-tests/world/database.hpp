#pragma once

#include <boost/asio/awaitable.hpp>
#include <cstdint>
#include <deque>
#include <exception>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "impl/store/memory.hpp"
#include "impl/store/store.hpp"
#include "property-tests/world/at_once.hpp"
#include "property-tests/world/choices.hpp"
#include "property-tests/world/plant.hpp"
#include "property-tests/world/scheduler.hpp"

/// A simulated database: what it has committed is in a `MemoryStore`, everything else is lost by a crash.
///
/// It keeps the promises of the store's port and uses every freedom that the port leaves: changes wait,
/// are decided together, decided again, refused, committed late; a commit may succeed or fail without
/// anybody learning which; a crash falls before or after it.
///
/// Shape      One per backend. A node of the backend uses it through a `Session`. As an embedded database
///            it dies with its node, and after an unknown outcome takes no writes until it is started
///            again; as a server it outlives its nodes.
/// Threads    One.
/// Source     impl/store/store.hpp
namespace twostep::properties {

/// How it behaves. Rates are so many in a thousand.
struct DatabaseHabits {
  bool embedded = true;
  Ticks gather_max{0};  ///< How long changes may wait for company.
  Ticks commit_max{0};  ///< How long a commit may take.
  Ticks read_max{0};    ///< How long a reader may wait for its snapshot.
  std::uint32_t together_max = 256;
  std::uint32_t busy = 0;
  std::uint32_t full = 0;
  std::uint32_t unknown = 0;
  std::uint32_t unreadable = 0;
};

/// What it did, for whoever counts the interesting situations.
struct DatabaseCounts {
  std::uint64_t commits = 0;
  std::uint64_t shared = 0;  ///< Commits of more than one change.
  std::uint64_t busy = 0;
  std::uint64_t full = 0;
  std::uint64_t again = 0;  ///< Changes decided again.
  std::uint64_t unknown_kept = 0;
  std::uint64_t unknown_lost = 0;
  std::uint64_t crashes_before_commit = 0;
  std::uint64_t crashes_after_commit = 0;
  std::uint64_t unreadable = 0;
  std::uint64_t fail_overs = 0;
};

class Database {
 public:
  class Session;

  /// At first it does what it is asked, at once.
  Database(Scheduler& scheduler, Choices& choices, bool embedded);
  ~Database();

  /// Everything that is not committed is gone. A commit under way is, or is not.
  void crash();
  void restart();  ///< Requires a crash before it.

  /// A server that was restarted: nodes learn nothing of what they had asked for.
  void fail_over();

  /// What a server that several nodes share does when something was committed of which no node knows: its own
  /// channel rings for it.
  void rings(std::function<void()> channel) { channel_ = std::move(channel); }

  /// From now on.
  void behave(const DatabaseHabits& habits, Plant plant);

  const DatabaseCounts& counts() const { return counts_; }

  /// How often something became of a read or a change that its node could not learn.
  std::uint64_t mishaps() const {
    return counts_.unknown_kept + counts_.unknown_lost + counts_.unreadable + counts_.fail_overs;
  }
  bool takes_writes() const { return !closed_; }
  store::MemoryStore& committed() { return committed_; }
  AtOnce& at_once() { return at_once_; }

 private:
  struct Change;
  using Changes = std::vector<std::shared_ptr<Change>>;

  /// One row written; no value: erased.
  struct Row {
    std::string key;
    std::optional<std::string> value;
  };
  using Rows = std::vector<Row>;
  class Recorder;

  boost::asio::awaitable<void> serve();
  boost::asio::awaitable<void> settle(Changes changes);
  Rows decide(Changes& changes);
  boost::asio::awaitable<void> commit(const Changes& changes, Rows rows);
  void ring(const Changes& changes);
  void ring_by_itself();
  void write(const std::function<void(store::Transaction&)>& rows);
  void keep(const Rows& rows);
  void forget_heads();
  void lose_rows();
  void finish(Change& change, store::StoreResult<void> result);
  void finish_all(const Changes& changes, store::StoreResult<void> result);
  void enqueue(std::shared_ptr<Change> change);
  void forget(const Session& session);
  void end_commit_by_chance();
  void start();

  Scheduler& scheduler_;
  Choices& choices_;
  DatabaseHabits habits_;
  Plant plant_ = Plant::none;
  DatabaseCounts counts_;

  AtOnce at_once_;
  store::MemoryStore committed_;
  std::deque<std::shared_ptr<Change>> waiting_;
  Changes in_commit_;              ///< Taken from the line, and perhaps answered already.
  std::optional<Rows> in_flight_;  ///< Decided, and on the way to the disk.
  std::optional<Rows>
      in_limbo_;  ///< Of an outcome nobody learned: the next start finds it, or not.
  bool closed_ = false;
  std::function<void()> channel_ = [] {};
  Task news_;
  std::unique_ptr<Process> process_;  ///< Last: its coroutine uses all of the above.
};

/// The port of one node.
class Database::Session final : public store::Store {
 public:
  Session(Database& database, Process& node) : database_{database}, node_{node} {}
  ~Session() override { leave(); }

  /// Its node is gone: nobody waits for what it asked for.
  void leave() { database_.forget(*this); }

  boost::asio::awaitable<store::StoreResult<void>> read(
      std::function<void(const store::Reader&)> look) override;
  boost::asio::awaitable<store::StoreResult<void>> write(store::Write change) override;

 private:
  Database& database_;
  Process& node_;
};

}  // namespace twostep::properties

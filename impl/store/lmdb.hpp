#pragma once

#include <atomic>
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <filesystem>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "impl/store/limits.hpp"
#include "impl/store/store.hpp"

/// The embedded store: nothing to install, nothing to start, and nothing to repair after a crash.
///
/// Shape      One LMDB database, in a directory that one process at a time may open. One thread
///            writes: it decides all changes that are waiting in one transaction, syncs it to the
///            disk, and answers them; meanwhile the next ones gather. Readers look at a snapshot in
///            memory, on their own threads, and never wait for it.
/// Errors     `full` when the map or the disk has no room. When a commit fails otherwise, those who
///            shared it learn `outcome_unknown`, and from then on every write is refused: what a
///            disk did that failed to sync cannot be asked, and asking again may be answered with a
///            success that is none. Reads go on, unless it was the last step that failed, which says what
///            counts: then they are `busy` too. Restart the process once the disk is well.
/// Threads    Safe from any. `decide` and `committed` run on the writer's thread; every coroutine
///            goes on where it was. Destroy the store before the contexts of those coroutines.
/// Source     docs/ARCHITECTURE.md, "Rows"; specs/01-send.md (SND: acknowledged means durable).
namespace twostep::store {

struct LmdbOptions {
  std::filesystem::path directory;  ///< Created if absent.

  /// The most the store can hold, in bytes. May be raised or lowered at every start.
  std::size_t map_bytes = limits::map_bytes_default;

  /// For looking at a store, also at one that a server is using: every write is refused as `busy`,
  /// and the directory is not locked.
  bool read_only = false;

  /// Beyond this many waiting changes `write` says `busy`.
  std::size_t writes_waiting_max = limits::writes_waiting_max;
};

/// Why a store could not be opened, for the person who starts the server.
struct OpenFailure {
  std::string reason;
};

[[noreturn]] void throw_exception_from_error(const OpenFailure& failure,
                                             const boost::source_location&);

class LmdbEnvironment;

class LmdbStore final : public Store {
 public:
  /// Errors     The directory cannot be used or is in use, or its rows have another layout.
  static boost::system::result<std::unique_ptr<LmdbStore>, OpenFailure> open(
      const LmdbOptions& options);

  /// Finishes the writes that are waiting.
  ~LmdbStore() override;

  boost::asio::awaitable<StoreResult<void>> read(std::function<void(const Reader&)> look) override;
  boost::asio::awaitable<StoreResult<void>> write(Write change) override;

  /// False if it was opened for reading, or has closed itself to writes.
  bool takes_writes() const { return takes_writes_; }

 private:
  class Answer;
  template <class Handler>
  class PostedAnswer;
  struct Waiting;
  struct Attempt;

  LmdbStore(std::unique_ptr<LmdbEnvironment> environment, const LmdbOptions& options);

  void enqueue(Waiting waiting);
  void write_until_closed();
  std::vector<Waiting> next_batch();
  void settle(std::vector<Waiting> batch);
  Attempt attempt(const std::vector<Waiting>& batch);
  StoreError failed_to_commit(int code);

  std::unique_ptr<LmdbEnvironment> environment_;
  const std::size_t writes_waiting_max_;
  std::atomic<bool> takes_writes_;

  std::mutex gate_;
  std::condition_variable news_;
  std::deque<Waiting> waiting_;  ///< Guarded by `gate_`.
  bool closing_ = false;         ///< Guarded by `gate_`.
  std::thread writer_;           ///< Last: it uses all of the above.
};

}  // namespace twostep::store

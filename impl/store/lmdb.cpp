#include "impl/store/lmdb.hpp"

#include <pthread.h>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/associated_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <cassert>
#include <cerrno>
#include <exception>
#include <iterator>
#include <stdexcept>
#include <utility>

#include "impl/store/lmdb_environment.hpp"

namespace twostep::store {
namespace {

namespace asio = boost::asio;

/// What `Store::write` ends with: an exception of `decide`, or else the result.
using WriteSignature = void(std::exception_ptr, StoreResult<void>);

/// Whether there was no room. LMDB writes where nobody looks yet, so this leaves no trace.
bool is_full(int code) {
  return code == MDB_MAP_FULL || code == MDB_TXN_FULL || code == ENOSPC || code == EDQUOT;
}

}  // namespace

void throw_exception_from_error(const OpenFailure& failure, const boost::source_location&) {
  throw std::runtime_error{failure.reason};
}

/// Resumes the coroutine that waits for a write. Called once.
class LmdbStore::Answer {
 public:
  virtual ~Answer() = default;
  virtual void operator()(std::exception_ptr thrown, StoreResult<void> result) = 0;
};

template <class Handler>
class LmdbStore::PostedAnswer final : public Answer {
 public:
  explicit PostedAnswer(Handler handler)
      : handler_{std::move(handler)}, work_{asio::get_associated_executor(handler_)} {}

  void operator()(std::exception_ptr thrown, StoreResult<void> result) override {
    asio::post(work_.get_executor(), [handler = std::move(handler_), thrown, result]() mutable {
      std::move(handler)(thrown, result);
    });
  }

 private:
  Handler handler_;
  asio::executor_work_guard<asio::associated_executor_t<Handler>> work_;
};

struct LmdbStore::Waiting {
  Write change;
  std::unique_ptr<Answer> answer;
};

/// What came of a transaction over a batch: it was committed, or failed as a whole, or one of its
/// changes threw and it was abandoned.
struct LmdbStore::Attempt {
  StoreResult<void> result = {};
  std::exception_ptr thrown = nullptr;
  std::size_t thrown_by = 0;
};

boost::system::result<std::unique_ptr<LmdbStore>, OpenFailure> LmdbStore::open(
    const LmdbOptions& options) {
  try {
    auto environment = std::make_unique<LmdbEnvironment>(options);
    return std::unique_ptr<LmdbStore>{new LmdbStore{std::move(environment), options}};
  } catch (const std::exception& failure) {
    return OpenFailure{failure.what()};
  }
}

LmdbStore::LmdbStore(std::unique_ptr<LmdbEnvironment> environment, const LmdbOptions& options)
    : environment_{std::move(environment)},
      writes_waiting_max_{options.writes_waiting_max},
      takes_writes_{!options.read_only},
      writer_{[this] { write_until_closed(); }} {
  pthread_setname_np(writer_.native_handle(), "store-writer");
}

LmdbStore::~LmdbStore() {
  {
    const std::lock_guard lock{gate_};
    closing_ = true;
  }
  news_.notify_one();
  writer_.join();
}

asio::awaitable<StoreResult<void>> LmdbStore::read(std::function<void(const Reader&)> look) {
  std::optional<LmdbSnapshot> snapshot;
  try {
    snapshot.emplace(*environment_);
  } catch (const LmdbError&) {
    co_return StoreError::busy;
  }
  look(*snapshot);
  co_return StoreResult<void>{};
}

asio::awaitable<StoreResult<void>> LmdbStore::write(Write change) {
  const auto initiate = [this](auto handler, Write to_write) {
    using Handler = decltype(handler);
    enqueue({std::move(to_write), std::make_unique<PostedAnswer<Handler>>(std::move(handler))});
  };
  return asio::async_initiate<const asio::use_awaitable_t<>, WriteSignature>(
      initiate, asio::use_awaitable, std::move(change));
}

void LmdbStore::enqueue(Waiting waiting) {
  {
    const std::lock_guard lock{gate_};
    assert(!closing_);
    if (waiting_.size() < writes_waiting_max_) {
      waiting_.push_back(std::move(waiting));
      news_.notify_one();
      return;
    }
  }
  (*waiting.answer)(nullptr, StoreError::busy);
}

void LmdbStore::write_until_closed() {
  for (auto batch = next_batch(); !batch.empty(); batch = next_batch()) settle(std::move(batch));
}

/// Everything that waits, up to the most one commit takes; empty only when closing.
std::vector<LmdbStore::Waiting> LmdbStore::next_batch() {
  std::unique_lock lock{gate_};
  news_.wait(lock, [this] { return closing_ || !waiting_.empty(); });
  const auto count = std::min(waiting_.size(), limits::writes_per_commit_max);
  const auto end = waiting_.begin() + static_cast<std::ptrdiff_t>(count);
  std::vector<Waiting> batch{std::make_move_iterator(waiting_.begin()),
                             std::make_move_iterator(end)};
  waiting_.erase(waiting_.begin(), end);
  return batch;
}

/// Answers every change of the batch. Nobody suffers from what another change brought: one that
/// throws is taken out, and if there is no room for all, each is tried alone.
void LmdbStore::settle(std::vector<Waiting> batch) {
  while (!batch.empty()) {
    const auto attempted = attempt(batch);
    if (attempted.thrown) {
      const auto culprit = batch.begin() + static_cast<std::ptrdiff_t>(attempted.thrown_by);
      (*culprit->answer)(attempted.thrown, {});
      batch.erase(culprit);
    } else if (attempted.result == StoreError::full && batch.size() > 1) {
      for (auto& waiting : batch) {
        std::vector<Waiting> alone;
        alone.push_back(std::move(waiting));
        settle(std::move(alone));
      }
      return;
    } else {
      if (attempted.result) {
        for (const auto& [change, answer] : batch) {
          if (change.committed) change.committed();
        }
      }
      for (const auto& [change, answer] : batch) (*answer)(nullptr, attempted.result);
      return;
    }
  }
}

LmdbStore::Attempt LmdbStore::attempt(const std::vector<Waiting>& batch) {
  if (!takes_writes_) return {.result = StoreError::busy};
  std::optional<LmdbTransaction> transaction;
  try {
    transaction.emplace(*environment_);
  } catch (const LmdbError&) {
    return {.result = StoreError::busy};
  }
  for (std::size_t i = 0; i < batch.size(); ++i) {
    try {
      batch[i].change.decide(*transaction);
      transaction->check_failure();
    } catch (...) {
      if (is_full(transaction->failure())) return {.result = StoreError::full};
      return {.thrown = std::current_exception(), .thrown_by = i};
    }
  }
  try {
    transaction->commit();
    return {};
  } catch (const LmdbError& failure) {
    return {.result = failed_to_commit(failure.code())};
  }
}

/// A commit without room is as if it had never begun, unless it failed in its last step, where the
/// disk learns which state counts: LMDB then refuses all further transactions. Any other failure is
/// the disk's, and after it no success of the same disk can be believed.
StoreError LmdbStore::failed_to_commit(int code) {
  if (is_full(code)) {
    try {
      LmdbTransaction{*environment_};
      return StoreError::full;
    } catch (const LmdbError&) {
    }
  }
  takes_writes_ = false;
  return StoreError::outcome_unknown;
}

}  // namespace twostep::store

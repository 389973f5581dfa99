#pragma once

#include <cstddef>
#include <optional>
#include <utility>

#include "impl/store/store.hpp"

/// A store that fails as a test tells it to, around one that does not. For tests only.
namespace twostep::service {

class FaultyStore final : public store::Store {
 public:
  explicit FaultyStore(store::Store& store) : store_{store} {}

  std::optional<store::StoreError> fail_reads_with;
  std::optional<store::StoreError> fail_writes_with;
  std::size_t reads_before_failing = 0;  ///< So many go well.

  /// A failing write is committed nevertheless: its outcome was not learned.
  bool commits_anyway = false;

  /// The first decision of every write comes to nothing, as when a commit that it shared failed.
  bool decide_twice = false;

  boost::asio::awaitable<store::StoreResult<void>> read(
      std::function<void(const store::Reader&)> look) override {
    if (fail_reads_with && reads_before_failing == 0) co_return *fail_reads_with;
    if (fail_reads_with) --reads_before_failing;
    co_return co_await store_.read(std::move(look));
  }

  boost::asio::awaitable<store::StoreResult<void>> write(store::Write change) override {
    if (decide_twice) co_await come_to_nothing(change);
    if (!fail_writes_with) co_return co_await store_.write(std::move(change));
    if (commits_anyway) {
      store::Write silent{std::move(change.decide)};
      co_await store_.write(std::move(silent));
    }
    co_return *fail_writes_with;
  }

 private:
  struct RolledBack {};

  boost::asio::awaitable<void> come_to_nothing(const store::Write& change) {
    store::Write abandoned{[&](store::Transaction& transaction) {
      change.decide(transaction);
      throw RolledBack{};
    }};
    try {
      co_await store_.write(std::move(abandoned));
    } catch (const RolledBack&) {
    }
  }

  store::Store& store_;
};

}  // namespace twostep::service

#pragma once

#include <map>
#include <mutex>
#include <optional>
#include <shared_mutex>
#include <string>

#include "impl/store/store.hpp"

/// A store that forgets everything with the process: for tests and for simulation.
///
/// Shape      Everything happens inside the call: neither `read` nor `write` ever suspends, so a
///            plain `io_context` on one thread runs them in one deterministic order.
/// Errors     None of its own.
/// Threads    Safe from any. Changes are decided one after another on the callers' threads, and
///            `committed` is called there; neither may call this store again.
namespace twostep::store {

class MemoryStore final : public Store {
 public:
  using Rows = std::map<std::string, std::string, std::less<>>;

  boost::asio::awaitable<StoreResult<void>> read(std::function<void(const Reader&)> look) override;
  boost::asio::awaitable<StoreResult<void>> write(Write change) override;

 private:
  std::mutex deciding_;               ///< Held by the one write being decided.
  mutable std::shared_mutex access_;  ///< Exclusive only while a decided write is applied.
  Rows rows_;                         ///< Changed with both locks held.
};

}  // namespace twostep::store

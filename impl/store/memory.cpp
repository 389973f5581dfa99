#include "impl/store/memory.hpp"

#include <stdexcept>
#include <utility>

#include "impl/store/limits.hpp"

namespace twostep::store {
namespace {

using Rows = MemoryStore::Rows;

class Snapshot final : public Reader {
 public:
  explicit Snapshot(const Rows& rows) : rows_{rows} {}

  std::optional<std::string_view> get(std::string_view key) const override {
    const auto row = rows_.find(key);
    return row == rows_.end() ? std::nullopt : std::optional<std::string_view>{row->second};
  }

  void scan(std::string_view from, std::string_view to, const Visitor& visit) const override {
    for (auto row = rows_.lower_bound(from); row != rows_.end() && row->first < to; ++row) {
      if (!visit(row->first, row->second)) return;
    }
  }

  void scan_back(std::string_view from, std::string_view to, const Visitor& visit) const override {
    for (auto row = rows_.lower_bound(to); row != rows_.begin();) {
      --row;
      if (row->first < from || !visit(row->first, row->second)) return;
    }
  }

 private:
  const Rows& rows_;
};

/// Rows changed by a write that is being decided; none: erased.
using Changes = std::map<std::string, std::optional<std::string>, std::less<>>;

class Overlay final : public Transaction {
 public:
  explicit Overlay(const Rows& rows) : rows_{rows}, below_{rows} {}

  std::optional<std::string_view> get(std::string_view key) const override {
    const auto change = changes_.find(key);
    if (change == changes_.end()) return below_.get(key);
    return change->second ? std::optional<std::string_view>{*change->second} : std::nullopt;
  }

  void scan(std::string_view from, std::string_view to, const Visitor& visit) const override {
    Snapshot{merged(from, to)}.scan(from, to, visit);
  }

  void scan_back(std::string_view from, std::string_view to, const Visitor& visit) const override {
    Snapshot{merged(from, to)}.scan_back(from, to, visit);
  }

  void put(std::string_view key, std::string_view value) override {
    if (key.empty() || key.size() > limits::store_key_bytes_max)
      throw std::length_error{"a row's key is empty or too long"};
    change(key) = std::string{value};
  }

  void erase(std::string_view key) override { change(key) = std::nullopt; }

  Changes take() { return std::move(changes_); }

 private:
  std::optional<std::string>& change(std::string_view key) {
    return changes_.try_emplace(std::string{key}).first->second;
  }

  // Copies the range: simpler than walking both maps at once, and scans inside of writes are short.
  Rows merged(std::string_view from, std::string_view to) const {
    if (!(from < to)) return {};
    Rows rows{rows_.lower_bound(from), rows_.lower_bound(to)};
    for (auto it = changes_.lower_bound(from); it != changes_.end() && it->first < to; ++it) {
      if (it->second) {
        rows.insert_or_assign(it->first, *it->second);
      } else {
        rows.erase(it->first);
      }
    }
    return rows;
  }

  const Rows& rows_;
  Snapshot below_;
  Changes changes_;
};

}  // namespace

boost::asio::awaitable<StoreResult<void>> MemoryStore::read(
    std::function<void(const Reader&)> look) {
  const std::shared_lock reading{access_};
  look(Snapshot{rows_});
  co_return StoreResult<void>{};
}

boost::asio::awaitable<StoreResult<void>> MemoryStore::write(Write change) {
  const std::lock_guard alone{deciding_};
  Overlay overlay{rows_};
  change.decide(overlay);
  auto changes = overlay.take();
  {
    const std::unique_lock applying{access_};
    for (auto& [key, value] : changes) {
      if (value) {
        rows_.insert_or_assign(key, std::move(*value));
      } else {
        rows_.erase(key);
      }
    }
  }
  if (change.committed) change.committed();
  co_return StoreResult<void>{};
}

}  // namespace twostep::store

#include "property-tests/stores/planted.hpp"

#include <exception>
#include <optional>
#include <string>
#include <vector>

#include "impl/store/key.hpp"
#include "impl/store/memory.hpp"

namespace twostep::properties::stores {
namespace {

using boost::asio::awaitable;
using store::Reader;
using store::StoreResult;
using store::Transaction;
using store::Visitor;
using store::Write;

struct Row {
  std::string key;
  std::optional<std::string> value;  ///< None: erased.
};
using Rows = std::vector<Row>;

bool is_of(store::Table table, std::string_view key) {
  return !key.empty() && key.front() == static_cast<char>(table);
}

void put(Transaction& to, const Rows& rows) {
  for (const auto& row : rows) {
    if (row.value) {
      to.put(row.key, *row.value);
    } else {
      to.erase(row.key);
    }
  }
}

/// A snapshot that keeps the last notification of every scan to itself.
class Short final : public Reader {
 public:
  explicit Short(const Reader& reader) : reader_{reader} {}

  std::optional<std::string_view> get(std::string_view key) const override {
    return reader_.get(key);
  }
  void scan(std::string_view from, std::string_view to, const Visitor& visit) const override {
    std::optional<Row> held;
    bool more = true;
    reader_.scan(from, to, [&](std::string_view key, std::string_view value) {
      if (held) more = visit(held->key, *held->value);
      held = Row{std::string{key}, std::string{value}};
      return more;
    });
    if (more && held && !is_of(store::Table::notification, from)) visit(held->key, *held->value);
  }
  void scan_back(std::string_view from, std::string_view to, const Visitor& visit) const override {
    reader_.scan_back(from, to, visit);
  }

 private:
  const Reader& reader_;
};

/// A transaction that writes down what it wrote, and leaves out what the fault leaves out.
class Wrong final : public Transaction {
 public:
  Wrong(Transaction& rows, Fault fault) : rows_{rows}, fault_{fault} {}

  std::optional<std::string_view> get(std::string_view key) const override {
    return rows_.get(key);
  }
  void scan(std::string_view from, std::string_view to, const Visitor& visit) const override {
    rows_.scan(from, to, visit);
  }
  void scan_back(std::string_view from, std::string_view to, const Visitor& visit) const override {
    rows_.scan_back(from, to, visit);
  }
  void put(std::string_view key, std::string_view value) override {
    if (fault_ == Fault::forgets_heads && is_of(store::Table::inbox_head, key)) return;
    rows_.put(key, value);
    written_.push_back({std::string{key}, std::string{value}});
  }
  void erase(std::string_view key) override {
    if (fault_ == Fault::erases_nothing) return;
    rows_.erase(key);
    written_.push_back({std::string{key}, std::nullopt});
  }

  /// Takes back the last row, if it is not the only one.
  Rows take_back_last() {
    if (written_.size() < 2 || !written_.back().value) return {};
    rows_.erase(written_.back().key);
    return {written_.back()};
  }

  Rows written() && { return std::move(written_); }

 private:
  Transaction& rows_;
  Fault fault_;
  Rows written_;
};

class Planted final : public store::Store {
 public:
  Planted(std::unique_ptr<store::Store> store, Fault fault)
      : store_{std::move(store)}, fault_{fault} {}

  awaitable<StoreResult<void>> read(std::function<void(const Reader&)> look) override {
    if (fault_ == Fault::shows_the_past) return past_.read(std::move(look));
    if (fault_ != Fault::page_without_its_last) return store_->read(std::move(look));
    return store_->read([look](const Reader& rows) { look(Short{rows}); });
  }

  awaitable<StoreResult<void>> write(Write change) override {
    if (fault_ == Fault::shows_the_past) co_await catch_up();
    std::exception_ptr refused;
    Rows torn;
    Write worse{[&](Transaction& rows) {
      refused = nullptr;
      Wrong wrong{rows, fault_};
      try {
        change.decide(wrong);
      } catch (...) {
        if (fault_ != Fault::keeps_refused) throw;
        refused = std::current_exception();
      }
      if (fault_ == Fault::rings_before_commit && change.committed) change.committed();
      if (fault_ == Fault::loses_last_row || fault_ == Fault::tears_commit)
        torn = wrong.take_back_last();
      missed_ = std::move(wrong).written();
    }};
    if (fault_ != Fault::rings_before_commit && fault_ != Fault::tears_commit)
      worse.committed = change.committed;
    const auto done = co_await store_->write(std::move(worse));
    if (refused) std::rethrow_exception(refused);
    if (!done || fault_ != Fault::tears_commit) co_return done;
    Write rest{[&](Transaction& rows) { put(rows, torn); }, change.committed};
    co_return co_await store_->write(std::move(rest));
  }

 private:
  awaitable<void> catch_up() {
    Write last{[this](Transaction& rows) { put(rows, missed_); }};
    const auto kept = co_await past_.write(std::move(last));
    kept.value();
  }

  std::unique_ptr<store::Store> store_;
  Fault fault_;
  store::MemoryStore past_;
  Rows missed_;
};

}  // namespace

std::unique_ptr<store::Store> planted(std::unique_ptr<store::Store> store, Fault fault) {
  return std::make_unique<Planted>(std::move(store), fault);
}

}  // namespace twostep::properties::stores

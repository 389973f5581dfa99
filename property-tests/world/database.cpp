#include "property-tests/world/database.hpp"

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <utility>

#include "impl/store/key.hpp"

namespace twostep::properties {

using boost::asio::awaitable;
using store::StoreError;
using store::StoreResult;

/// A change that a node asked for. Without `session`, nobody waits for it any more.
struct Database::Change {
  Session* session;
  store::Write write;
  Task resume = {};
  StoreResult<void> result = {};
  std::exception_ptr thrown = nullptr;
  bool decided = false;
};

/// A transaction that also writes down what it wrote.
class Database::Recorder final : public store::Transaction {
 public:
  Recorder(store::Transaction& transaction, Rows& rows) : transaction_{transaction}, rows_{rows} {}

  std::optional<std::string_view> get(std::string_view key) const override {
    return transaction_.get(key);
  }
  void scan(std::string_view from, std::string_view to,
            const store::Visitor& visit) const override {
    transaction_.scan(from, to, visit);
  }
  void scan_back(std::string_view from, std::string_view to,
                 const store::Visitor& visit) const override {
    transaction_.scan_back(from, to, visit);
  }
  void put(std::string_view key, std::string_view value) override {
    transaction_.put(key, value);
    rows_.push_back({std::string{key}, std::string{value}});
  }
  void erase(std::string_view key) override {
    transaction_.erase(key);
    rows_.push_back({std::string{key}, std::nullopt});
  }

 private:
  store::Transaction& transaction_;
  Rows& rows_;
};

namespace {

/// Ends a transaction that was only to be looked at.
struct Undecided {};

}  // namespace

Database::Database(Scheduler& scheduler, Choices& choices, bool embedded)
    : scheduler_{scheduler}, choices_{choices}, habits_{.embedded = embedded} {
  start();
}

Database::~Database() { process_->kill(); }

void Database::start() {
  process_ = std::make_unique<Process>(scheduler_);
  boost::asio::co_spawn(process_->executor(), serve(), boost::asio::detached);
}

void Database::crash() {
  process_->kill();
  end_commit_by_chance();
  in_commit_.clear();
  waiting_.clear();
  news_ = {};
  closed_ = true;
}

// What a crash leaves of a commit under way is all of it or nothing; the disk decides which.
void Database::end_commit_by_chance() {
  if (!in_flight_) return;
  auto rows = *std::exchange(in_flight_, std::nullopt);
  const bool kept = choices_.chance(500);
  ++(kept ? counts_.crashes_after_commit : counts_.crashes_before_commit);
  if (plant_ == Plant::tears_commit && rows.size() > 1) {
    rows.resize(rows.size() / 2);
    keep(rows);
  } else if (kept) {
    keep(rows);
    ring_by_itself();
  }
}

void Database::restart() {
  if (auto rows = std::exchange(in_limbo_, std::nullopt); rows && choices_.chance(500)) keep(*rows);
  if (plant_ == Plant::forgets_heads) forget_heads();
  if (plant_ == Plant::restart_loses_rows) lose_rows();
  closed_ = false;
  start();
}

void Database::forget_heads() {
  const auto table = store::Key{store::Table::inbox_head};
  write([&](store::Transaction& rows) {
    std::vector<std::string> heads;
    rows.scan(table.bytes(), table.end(), [&](std::string_view key, std::string_view) {
      heads.emplace_back(key);
      return true;
    });
    for (const auto& head : heads) rows.erase(head);
  });
}

void Database::lose_rows() {
  for (const auto lost :
       {store::Table::notification, store::Table::client, store::Table::conversation}) {
    const auto table = store::Key{lost};
    write([&](store::Transaction& rows) {
      std::string last;
      rows.scan_back(table.bytes(), table.end(), [&](std::string_view key, std::string_view) {
        last = key;
        return false;
      });
      if (!last.empty()) rows.erase(last);
    });
  }
}

void Database::fail_over() {
  ++counts_.fail_overs;
  process_->kill();
  end_commit_by_chance();
  finish_all(std::exchange(in_commit_, {}), StoreError::outcome_unknown);
  for (const auto& change : std::exchange(waiting_, {}))
    finish(*change, StoreError::outcome_unknown);
  news_ = {};
  start();
}

void Database::behave(const DatabaseHabits& habits, Plant plant) {
  habits_ = habits;
  plant_ = plant;
}

awaitable<void> Database::serve() {
  for (;;) {
    if (waiting_.empty()) {
      const auto keep_it = [this](Task resume) { news_ = std::move(resume); };
      co_await suspended(*process_, keep_it);
      continue;
    }
    if (habits_.gather_max > Ticks{0}) {
      const Ticks company{choices_.below(static_cast<std::uint32_t>(habits_.gather_max.count()))};
      co_await pause(*process_, company);
    }
    const auto count = std::min<std::size_t>(waiting_.size(), habits_.together_max);
    const auto end = waiting_.begin() + static_cast<std::ptrdiff_t>(count);
    Changes changes{waiting_.begin(), end};
    waiting_.erase(waiting_.begin(), end);
    in_commit_ = changes;
    co_await settle(std::move(changes));
    in_commit_.clear();
  }
}

// As every adapter does it: whoever throws is taken out, and if there is no room for all, each is tried
// alone, so that the decisions are taken once more.
awaitable<void> Database::settle(Changes changes) {
  std::erase_if(changes, [](const auto& change) { return change->session == nullptr; });
  if (changes.empty()) co_return;
  if (closed_) {
    finish_all(changes, StoreError::busy);
    co_return;
  }
  auto rows = decide(changes);
  if (choices_.chance(habits_.full)) {
    ++counts_.full;
    if (changes.size() == 1) {
      finish(*changes.front(), StoreError::full);
      co_return;
    }
    counts_.again += changes.size();
    for (auto& change : changes) {
      Changes alone{change};
      co_await settle(std::move(alone));
    }
    co_return;
  }
  if (plant_ == Plant::answers_before_commit) {
    ring(changes);
    finish_all(changes, {});
    for (const auto& change : changes) change->session = nullptr;
  }
  co_await commit(changes, std::move(rows));
}

/// What the changes write, one after the other. Takes out those that throw.
Database::Rows Database::decide(Changes& changes) {
  for (;;) {
    Rows rows;
    std::shared_ptr<Change> deciding;
    try {
      write([&](store::Transaction& transaction) {
        Recorder recorder{transaction, rows};
        for (const auto& change : changes) {
          deciding = change;
          change->write.decide(recorder);
        }
        throw Undecided{};
      });
    } catch (const Undecided&) {
      return rows;
    } catch (...) {
      deciding->thrown = std::current_exception();
      finish(*deciding, {});
      std::erase(changes, deciding);
    }
  }
}

awaitable<void> Database::commit(const Changes& changes, Rows rows) {
  in_flight_ = std::move(rows);
  const auto slowest = static_cast<std::uint32_t>(habits_.commit_max.count());
  if (slowest > 0) {
    const Ticks time{choices_.below(slowest)};
    co_await pause(*process_, time);
  }
  auto decided = *std::exchange(in_flight_, std::nullopt);
  if (choices_.chance(habits_.unknown)) {
    const auto fate = choices_.below(habits_.embedded ? 3 : 2);
    ++(fate == 1 ? counts_.unknown_kept : counts_.unknown_lost);
    if (fate == 1) {
      keep(decided);
      ring_by_itself();
    }
    if (fate == 2) in_limbo_ = std::move(decided);
    closed_ = habits_.embedded;
    finish_all(changes, StoreError::outcome_unknown);
    co_return;
  }
  if (plant_ == Plant::loses_last_row && decided.size() > 1) decided.pop_back();
  keep(decided);
  ++counts_.commits;
  if (changes.size() > 1) ++counts_.shared;
  ring(changes);
  finish_all(changes, {});
}

void Database::ring(const Changes& changes) {
  if (plant_ == Plant::never_rings) return;
  bool unheard = false;
  for (const auto& change : changes) {
    if (!change->session) {
      unheard = true;
    } else if (change->write.committed) {
      change->write.committed();
    }
  }
  if (unheard) ring_by_itself();
}

void Database::ring_by_itself() {
  if (!habits_.embedded && plant_ != Plant::never_rings) channel_();
}

void Database::write(const std::function<void(store::Transaction&)>& rows) {
  at_once_(committed_.write(store::Write{rows})).value();
}

void Database::keep(const Rows& rows) {
  write([&](store::Transaction& to) {
    for (const auto& row : rows) {
      if (row.value) {
        to.put(row.key, *row.value);
      } else {
        to.erase(row.key);
      }
    }
  });
}

void Database::finish(Change& change, StoreResult<void> result) {
  if (change.session == nullptr || !change.resume) return;
  change.result = result;
  change.resume();
}

void Database::finish_all(const Changes& changes, StoreResult<void> result) {
  for (const auto& change : changes) finish(*change, result);
}

void Database::enqueue(std::shared_ptr<Change> change) {
  if (closed_ || choices_.chance(habits_.busy)) {
    ++counts_.busy;
    if (plant_ == Plant::keeps_refused && !closed_) write(change->write.decide);
    finish(*change, StoreError::busy);
    return;
  }
  waiting_.push_back(std::move(change));
  if (news_) news_();
}

void Database::forget(const Session& session) {
  const auto leave = [&](Change& change) {
    if (change.session == &session) change.session = nullptr;
  };
  for (const auto& change : waiting_) leave(*change);
  for (const auto& change : in_commit_) leave(*change);
}

awaitable<StoreResult<void>> Database::Session::read(
    std::function<void(const store::Reader&)> look) {
  auto& choices = database_.choices_;
  const auto slowest = static_cast<std::uint32_t>(database_.habits_.read_max.count());
  if (slowest > 0) {
    const Ticks time{choices.below(slowest)};
    co_await pause(node_, time);
  }
  if (choices.chance(database_.habits_.unreadable)) {
    ++database_.counts_.unreadable;
    co_return StoreError::busy;
  }
  co_return co_await database_.committed_.read(std::move(look));
}

awaitable<StoreResult<void>> Database::Session::write(store::Write change) {
  auto asked = std::make_shared<Change>(Change{this, std::move(change)});
  const auto keep = [&](Task resume) {
    asked->resume = std::move(resume);
    database_.enqueue(asked);
  };
  co_await suspended(node_, keep);
  if (asked->thrown) std::rethrow_exception(asked->thrown);
  co_return asked->result;
}

}  // namespace twostep::properties

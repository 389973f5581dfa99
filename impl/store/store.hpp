#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/system/result.hpp>
#include <functional>
#include <iosfwd>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

/// The port to a database: an ordered map of bytes to bytes, read in snapshots, written in
/// transactions that are serialised against each other.
///
/// That is all step one needs of a database, so it is all an adapter has to offer. What the rows
/// mean is said once, by the tables beside this file, and not again by every adapter.
///
/// Shape      Keys are ordered as octets and at most `limits::store_key_bytes_max` long.
/// Errors     `StoreError`, and each says whether it is definite. An adapter lets no exception out
///            but those thrown by the functions given to it, or inside of them by a database that
///            is damaged.
/// Threads    Every member of `Store` may be called from any thread. Readers never wait for writers.
/// Source     specs/01-send.md (SND: acknowledged means durable), specs/08-robustness.md (ROB).
namespace twostep::store {

/// A visitor of a scan returns false to stop. The views are valid during the call only.
using Visitor = std::function<bool(std::string_view key, std::string_view value)>;

/// One consistent state of the map.
class Reader {
 public:
  virtual ~Reader() = default;

  /// The view is valid until the reader ends, or the transaction writes.
  virtual std::optional<std::string_view> get(std::string_view key) const = 0;

  /// Rows with `from <= key < to`, ascending.
  virtual void scan(std::string_view from, std::string_view to, const Visitor& visit) const = 0;

  /// The same rows, descending.
  virtual void scan_back(std::string_view from, std::string_view to,
                         const Visitor& visit) const = 0;
};

/// A reader that sees its own writes. Do not write inside a scan: collect first.
class Transaction : public Reader {
 public:
  /// Throws std::length_error for a key that is empty or too long.
  virtual void put(std::string_view key, std::string_view value) = 0;
  virtual void erase(std::string_view key) = 0;  ///< Absent keys are no error.
};

enum class StoreError {
  /// Not now: too much is waiting, or the store has closed itself to writes since an earlier
  /// outcome was unknown. Definite; the same call may succeed later.
  busy = 1,

  /// No room is left for a commit. Definite; reads go on.
  full,

  /// The commit was begun and its outcome was never learned. Indefinite.
  outcome_unknown,
};

template <class T>
using StoreResult = boost::system::result<T, StoreError>;

/// Its name, as above: for logs and for the messages of tests.
std::ostream& operator<<(std::ostream& out, StoreError error);

[[noreturn]] void throw_exception_from_error(StoreError error, const boost::source_location&);

/// One atomic change.
///
/// It has a constructor because GCC 12 destroys a braced temporary without one twice when it stands
/// in a `co_await`.
struct Write {
  explicit Write(std::function<void(Transaction&)> to_decide,
                 std::function<void()> when_committed = {})
      : decide{std::move(to_decide)}, committed{std::move(when_committed)} {}

  /// Reads, decides, and writes, in one transaction. May run more than once (when a commit that it
  /// shared with others failed), so it sets everything it captured afresh. Throwing abandons this
  /// change and no other; the exception comes out of `Store::write`.
  std::function<void(Transaction&)> decide;

  /// Called once, after the commit is on disk and before `Store::write` returns, in the order of
  /// the commits, on the adapter's thread. It must not wait or throw. Empty: nothing to do.
  std::function<void()> committed;
};

class Store {
 public:
  virtual ~Store() = default;

  /// Runs `look` on a snapshot. Whatever `look` keeps, it copies.
  virtual boost::asio::awaitable<StoreResult<void>> read(
      std::function<void(const Reader&)> look) = 0;

  /// Returns once the change is durable: it survives the loss of this process, and of the machine's
  /// power as far as the disk keeps its word. Writes that arrive together share one commit.
  virtual boost::asio::awaitable<StoreResult<void>> write(Write change) = 0;
};

}  // namespace twostep::store

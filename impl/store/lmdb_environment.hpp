#pragma once

#include <lmdb.h>

#include <memory>
#include <mutex>
#include <optional>
#include <stdexcept>
#include <utility>
#include <vector>

#include "impl/store/lmdb.hpp"
#include "impl/store/store.hpp"

/// LMDB in our words: what is open, a snapshot, a transaction. Inside of the adapter only.
namespace twostep::store {

/// A call to LMDB that failed.
class LmdbError : public std::runtime_error {
 public:
  LmdbError(const char* what, int code);
  int code() const { return code_; }

 private:
  int code_;
};

struct CloseEnvironment {
  void operator()(MDB_env* environment) const { mdb_env_close(environment); }
};

struct AbortTransaction {
  void operator()(MDB_txn* transaction) const { mdb_txn_abort(transaction); }
};
using TransactionHandle = std::unique_ptr<MDB_txn, AbortTransaction>;

/// What an LMDB transaction of either kind shows. `Interface` is what it is to its users.
template <class Interface>
class LmdbRows : public Interface {
 public:
  std::optional<std::string_view> get(std::string_view key) const override;
  void scan(std::string_view from, std::string_view to, const Visitor& visit) const override;
  void scan_back(std::string_view from, std::string_view to, const Visitor& visit) const override;

 protected:
  LmdbRows(TransactionHandle transaction, MDB_dbi rows)
      : transaction_{std::move(transaction)}, rows_{rows} {}

  TransactionHandle transaction_;
  MDB_dbi rows_;
};

class LmdbEnvironment;

/// A snapshot. Its slot in LMDB's table of readers goes back to the environment at the end.
class LmdbSnapshot final : public LmdbRows<Reader> {
 public:
  /// Throws LmdbError; with MDB_READERS_FULL when `limits::snapshots_max` are open.
  explicit LmdbSnapshot(LmdbEnvironment& environment);
  ~LmdbSnapshot() override;

 private:
  LmdbEnvironment& environment_;
};

/// The one write transaction. Abandoned unless committed.
class LmdbTransaction final : public LmdbRows<Transaction> {
 public:
  explicit LmdbTransaction(LmdbEnvironment& environment);  ///< Throws LmdbError.

  /// Both throw LmdbError; then this transaction can no longer be committed. Only `put` respects
  /// the reserve of the map.
  void put(std::string_view key, std::string_view value) override;
  void erase(std::string_view key) override;

  /// LMDB's code of the `put` or `erase` that failed. Zero: none did.
  int failure() const { return failure_; }
  void check_failure() const;  ///< Throws again what somebody may have caught.

  void commit();  ///< Syncs. Throws LmdbError.

 private:
  void note(const char* what, int code);

  bool takes_rows_;
  int failure_ = MDB_SUCCESS;
};

/// The open database. Owns the directory's lock.
class LmdbEnvironment {
 public:
  /// Throws LmdbError or std::runtime_error.
  explicit LmdbEnvironment(const LmdbOptions& options);

 private:
  friend class LmdbSnapshot;
  friend class LmdbTransaction;

  /// A file that this process alone has locked, until it ends, however it ends.
  class DirectoryLock {
   public:
    explicit DirectoryLock(const std::filesystem::path& directory);
    ~DirectoryLock();
    DirectoryLock(const DirectoryLock&) = delete;
    DirectoryLock& operator=(const DirectoryLock&) = delete;

   private:
    int file_;
  };

  void check_schema(bool read_only);
  bool has_room();  ///< Whether the map's reserve is untouched.
  TransactionHandle borrow_snapshot();
  void give_back(TransactionHandle snapshot);

  std::optional<DirectoryLock> lock_;  ///< None for looking only.
  std::unique_ptr<MDB_env, CloseEnvironment> environment_;
  std::size_t reserve_bytes_;
  MDB_dbi rows_ = 0;
  std::mutex gate_;
  std::vector<TransactionHandle> idle_snapshots_;  ///< Reset, with a slot each; under `gate_`.
};

}  // namespace twostep::store

#include "impl/store/lmdb_environment.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <system_error>

#include "impl/store/key.hpp"
#include "impl/store/limits.hpp"

namespace twostep::store {
namespace {

/// The layout of the rows. A change of any row's meaning counts it up and brings a migration.
constexpr std::string_view schema_version = "1";

void check(const char* what, int code) {
  if (code != MDB_SUCCESS) throw LmdbError{what, code};
}

/// Names can make a key that no row has: longer than any. Nothing is there, and nothing begins so.
bool fits(std::string_view key) { return key.size() <= limits::store_key_bytes_max; }

MDB_val value_of(std::string_view bytes) {
  return {.mv_size = bytes.size(), .mv_data = const_cast<char*>(bytes.data())};
}

std::string_view view_of(const MDB_val& value) {
  return {static_cast<const char*>(value.mv_data), value.mv_size};
}

/// A position in the rows that is either on a row or past either end.
class Cursor {
 public:
  Cursor(MDB_txn* transaction, MDB_dbi rows) {
    MDB_cursor* cursor = nullptr;
    check("open a cursor", mdb_cursor_open(transaction, rows, &cursor));
    cursor_.reset(cursor);
  }

  /// To the first row that is not before `key`.
  bool seek(std::string_view key) {
    key_ = value_of(key);
    return move(key.empty() ? MDB_FIRST : MDB_SET_RANGE);
  }

  bool move(MDB_cursor_op operation) {
    const int code = mdb_cursor_get(cursor_.get(), &key_, &value_, operation);
    if (code != MDB_NOTFOUND) check("read a row", code);
    return code != MDB_NOTFOUND;
  }

  std::string_view key() const { return view_of(key_); }
  std::string_view value() const { return view_of(value_); }

 private:
  struct CloseCursor {
    void operator()(MDB_cursor* cursor) const { mdb_cursor_close(cursor); }
  };

  std::unique_ptr<MDB_cursor, CloseCursor> cursor_;
  MDB_val key_{};
  MDB_val value_{};
};

TransactionHandle begin(MDB_env* environment, unsigned flags) {
  MDB_txn* transaction = nullptr;
  check("begin a transaction", mdb_txn_begin(environment, nullptr, flags, &transaction));
  return TransactionHandle{transaction};
}

/// A new file is only durable once the directory that names it is.
void sync_directory(const std::filesystem::path& directory) {
  const int file = ::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (file < 0) throw std::system_error{errno, std::generic_category(), directory};
  const int failed = ::fsync(file) == 0 ? 0 : errno;
  ::close(file);
  if (failed) throw std::system_error{failed, std::generic_category(), directory};
}

const std::filesystem::path& created(const std::filesystem::path& directory) {
  if (std::filesystem::create_directories(directory))
    sync_directory(std::filesystem::absolute(directory).parent_path());
  return directory;
}

using EnvironmentHandle = std::unique_ptr<MDB_env, CloseEnvironment>;

EnvironmentHandle new_environment() {
  MDB_env* environment = nullptr;
  check("start LMDB", mdb_env_create(&environment));
  return EnvironmentHandle{environment};
}

/// LMDB writes the head of a new file in one go and does not sync it. The machine may end in the middle,
/// and half a head cannot be opened again. So an empty database is made under another name, and has its
/// own once it is on the disk. Requires that the directory is locked.
void make_database(const std::filesystem::path& directory) {
  const auto place = directory / "data.mdb";
  std::error_code absent;
  if (const auto size = std::filesystem::file_size(place, absent); !absent && size > 0) return;
  const auto draft = directory / "data.new";
  std::filesystem::remove(draft);
  {
    const auto environment = new_environment();
    check("make the database",
          mdb_env_open(environment.get(), draft.c_str(), MDB_NOSUBDIR | MDB_NOLOCK, 0600));
    check("make the database", mdb_env_sync(environment.get(), 1));
  }
  std::filesystem::rename(draft, place);
}

}  // namespace

LmdbError::LmdbError(const char* what, int code)
    : std::runtime_error{std::string{"cannot "} + what + ": " + mdb_strerror(code)}, code_{code} {}

template <class Interface>
std::optional<std::string_view> LmdbRows<Interface>::get(std::string_view key) const {
  if (!fits(key)) return std::nullopt;
  auto name = value_of(key);
  MDB_val value{};
  const int code = mdb_get(transaction_.get(), rows_, &name, &value);
  if (code == MDB_NOTFOUND) return std::nullopt;
  check("read a row", code);
  return view_of(value);
}

template <class Interface>
void LmdbRows<Interface>::scan(std::string_view from, std::string_view to,
                               const Visitor& visit) const {
  if (!fits(from)) return;
  Cursor cursor{transaction_.get(), rows_};
  for (bool on_row = cursor.seek(from); on_row && cursor.key() < to;
       on_row = cursor.move(MDB_NEXT)) {
    if (!visit(cursor.key(), cursor.value())) return;
  }
}

template <class Interface>
void LmdbRows<Interface>::scan_back(std::string_view from, std::string_view to,
                                    const Visitor& visit) const {
  Cursor cursor{transaction_.get(), rows_};
  bool on_row = cursor.move(cursor.seek(to) ? MDB_PREV : MDB_LAST);
  for (; on_row && cursor.key() >= from; on_row = cursor.move(MDB_PREV)) {
    if (!visit(cursor.key(), cursor.value())) return;
  }
}

template class LmdbRows<Reader>;
template class LmdbRows<Transaction>;

LmdbSnapshot::LmdbSnapshot(LmdbEnvironment& environment)
    : LmdbRows{environment.borrow_snapshot(), environment.rows_}, environment_{environment} {}

LmdbSnapshot::~LmdbSnapshot() { environment_.give_back(std::move(transaction_)); }

LmdbTransaction::LmdbTransaction(LmdbEnvironment& environment)
    : LmdbRows{begin(environment.environment_.get(), 0), environment.rows_},
      takes_rows_{environment.has_room()} {}

void LmdbTransaction::put(std::string_view key, std::string_view value) {
  if (key.empty() || key.size() > limits::store_key_bytes_max)
    throw std::length_error{"a row's key is empty or too long"};
  auto name = value_of(key);
  auto content = value_of(value);
  note("write a row",
       takes_rows_ ? mdb_put(transaction_.get(), rows_, &name, &content, 0) : MDB_MAP_FULL);
}

void LmdbTransaction::erase(std::string_view key) {
  auto name = value_of(key);
  const int code = mdb_del(transaction_.get(), rows_, &name, nullptr);
  if (code != MDB_NOTFOUND) note("erase a row", code);
}

void LmdbTransaction::commit() { check("commit", mdb_txn_commit(transaction_.release())); }

void LmdbTransaction::check_failure() const { check("write", failure_); }

void LmdbTransaction::note(const char* what, int code) {
  if (code != MDB_SUCCESS) failure_ = code;
  check(what, code);
}

LmdbEnvironment::DirectoryLock::DirectoryLock(const std::filesystem::path& directory) {
  const auto path = directory / "in-use";
  file_ = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (file_ < 0) throw std::system_error{errno, std::generic_category(), path};
  if (::flock(file_, LOCK_EX | LOCK_NB) == 0) return;
  const int failed = errno;
  ::close(file_);
  if (failed == EWOULDBLOCK)
    throw std::runtime_error{directory.string() + " is in use by another process"};
  throw std::system_error{failed, std::generic_category(), path};
}

LmdbEnvironment::DirectoryLock::~DirectoryLock() { ::close(file_); }

LmdbEnvironment::LmdbEnvironment(const LmdbOptions& options)
    : reserve_bytes_{
          std::min(limits::map_reserve_bytes, options.map_bytes / limits::map_reserve_fraction)} {
  if (!options.read_only) {
    lock_.emplace(created(options.directory));
    make_database(options.directory);
  }
  environment_ = new_environment();
  auto* const environment = environment_.get();
  check("set the size of the map", mdb_env_set_mapsize(environment, options.map_bytes));
  check("set the number of snapshots", mdb_env_set_maxreaders(environment, limits::snapshots_max));
  // Without MDB_NOTLS a snapshot would belong to its thread, and idle ones could not be shared. No
  // flag that trades durability for speed.
  const unsigned access = options.read_only ? MDB_RDONLY : 0;
  check("open the database",
        mdb_env_open(environment, options.directory.c_str(), MDB_NOTLS | access, 0600));
  // A process that was killed may have left a commit that everybody sees and the disk does not have yet.
  // Who reads it relies on it; so before anybody reads, it is there to stay.
  if (!options.read_only) check("sync the database", mdb_env_sync(environment, 1));
  auto transaction = begin(environment, access);
  check("open the rows", mdb_dbi_open(transaction.get(), nullptr, 0, &rows_));
  check("open the rows", mdb_txn_commit(transaction.release()));
  check_schema(options.read_only);
  if (!options.read_only) sync_directory(options.directory);
}

void LmdbEnvironment::check_schema(bool read_only) {
  const auto key = Key{Table::backend}.add(std::string_view{"schema"}).bytes();
  bool empty = true;
  {
    const LmdbSnapshot rows{*this};
    const auto version = rows.get(key);
    if (version == schema_version) return;
    rows.scan("", "\xff", [&](std::string_view, std::string_view) { return empty = false; });
    if (read_only || !empty) {
      throw std::runtime_error{"the rows have layout " + std::string{version.value_or("unknown")} +
                               ", this program knows " + std::string{schema_version}};
    }
  }
  LmdbTransaction rows{*this};
  rows.put(key, schema_version);
  rows.commit();
}

bool LmdbEnvironment::has_room() {
  MDB_envinfo info{};
  MDB_stat stat{};
  check("ask for the size", mdb_env_info(environment_.get(), &info));
  check("ask for the size", mdb_env_stat(environment_.get(), &stat));
  const auto used_bytes = (info.me_last_pgno + 1) * stat.ms_psize;
  if (used_bytes + reserve_bytes_ <= info.me_mapsize) return true;

  // The file never shrinks: what was erased is free inside of it, and listed in database 0. Each of
  // its values begins with the number of pages it lists.
  const auto snapshot = begin(environment_.get(), MDB_RDONLY);
  Cursor free_lists{snapshot.get(), 0};
  std::size_t free_bytes = info.me_mapsize - std::min(used_bytes, info.me_mapsize);
  while (free_bytes < reserve_bytes_ && free_lists.move(MDB_NEXT)) {
    std::size_t pages = 0;
    std::memcpy(&pages, free_lists.value().data(), sizeof pages);
    free_bytes += pages * stat.ms_psize;
  }
  return free_bytes >= reserve_bytes_;
}

TransactionHandle LmdbEnvironment::borrow_snapshot() {
  TransactionHandle snapshot;
  {
    const std::lock_guard lock{gate_};
    if (!idle_snapshots_.empty()) {
      snapshot = std::move(idle_snapshots_.back());
      idle_snapshots_.pop_back();
    }
  }
  if (!snapshot) return begin(environment_.get(), MDB_RDONLY);
  check("renew a snapshot", mdb_txn_renew(snapshot.get()));
  return snapshot;
}

void LmdbEnvironment::give_back(TransactionHandle snapshot) {
  mdb_txn_reset(snapshot.get());
  const std::lock_guard lock{gate_};
  idle_snapshots_.push_back(std::move(snapshot));
}

}  // namespace twostep::store

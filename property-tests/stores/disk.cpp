#include "property-tests/stores/disk.hpp"

#include <fcntl.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cassert>
#include <cerrno>
#include <cstdarg>
#include <cstdio>
#include <mutex>
#include <string_view>
#include <utility>

namespace twostep::properties::stores {
namespace {

/// What an open file is to the disk that watches.
enum class Role : std::uint8_t { none, data, data_through, directory };

struct Watch {
  std::filesystem::path directory;
  std::vector<Operation> operations;
  Trouble trouble = Trouble::broken;
  std::size_t trouble_first = 0;
  std::size_t trouble_count = 0;
  std::size_t struck = 0;
};

// Whoever writes to another file pays for one look at `roles`.
std::array<std::atomic<Role>, 4'096> roles{};
std::mutex gate;
std::optional<Watch> watch;  ///< Guarded by `gate`.

std::atomic<Role>* role_of(int file) {
  const auto place = static_cast<std::size_t>(file);
  return file >= 0 && place < roles.size() ? &roles[place] : nullptr;
}

Role known_role(int file) {
  const auto* role = role_of(file);
  return role == nullptr ? Role::none : role->load(std::memory_order_relaxed);
}

void note_opened(int file, const char* path, int flags) {
  auto* role = role_of(file);
  if (role == nullptr) return;
  const std::lock_guard lock{gate};
  if (!watch) return;
  const std::filesystem::path opened{path};
  if (opened == watch->directory) *role = Role::directory;
  const bool draft = opened == watch->directory / "data.new";
  if (!draft && opened != watch->directory / "data.mdb") return;
  if ((flags & O_CREAT) != 0)
    watch->operations.push_back(
        {.kind = draft ? Operation::Kind::name_draft : Operation::Kind::name_data});
  *role = (flags & O_DSYNC) == O_DSYNC ? Role::data_through : Role::data;
}

void note_renamed(int done, const char* to) {
  const std::lock_guard lock{gate};
  if (done == 0 && watch && std::filesystem::path{to} == watch->directory / "data.mdb")
    watch->operations.push_back({.kind = Operation::Kind::name_data});
}

/// The trouble that the next operation meets, if any. Under `gate`.
std::optional<Trouble> next_trouble() {
  const auto place = watch->operations.size();
  if (place < watch->trouble_first || place >= watch->trouble_first + watch->trouble_count)
    return std::nullopt;
  return watch->trouble;
}

ssize_t fail(int code) {
  errno = code;
  return -1;
}

/// Everything that writes to the data file comes by here.
ssize_t write_at(int file, std::string bytes, off_t offset, Role role) {
  const auto really = [&] {
    return ::syscall(SYS_pwrite64, file, bytes.data(), bytes.size(), offset);
  };
  const std::lock_guard lock{gate};
  if (!watch) return really();
  Operation operation{.kind = Operation::Kind::write,
                      .offset = static_cast<std::uint64_t>(offset),
                      .through = role == Role::data_through};
  const auto trouble = next_trouble();
  const auto note = [&] {
    operation.bytes = bytes;
    watch->operations.push_back(operation);
  };
  if (!trouble) {
    const auto written = really();
    assert(written == static_cast<ssize_t>(bytes.size()));
    note();
    return written;
  }
  ++watch->struck;
  operation.failed = true;
  switch (*trouble) {
    case Trouble::no_room:
    case Trouble::interrupted:
      bytes.clear();
      note();
      return fail(*trouble == Trouble::no_room ? ENOSPC : EINTR);
    case Trouble::broken:
      // What was to go through is where all can see it, and the disk has it or has it not.
      if (!operation.through) bytes.clear();
      really();
      note();
      return fail(EIO);
    case Trouble::cut_short: {
      bytes.resize(bytes.size() / 2);
      const auto written = really();
      note();
      return written;
    }
    case Trouble::lie: {
      const auto written = really();
      operation.through = false;
      operation.failed = false;
      note();
      return written;
    }
  }
  return fail(EIO);
}

int sync_file(int file, long call, Role role) {
  const std::lock_guard lock{gate};
  if (!watch) return static_cast<int>(::syscall(call, file));
  if (role == Role::directory) {
    watch->operations.push_back({.kind = Operation::Kind::sync_directory});
    return static_cast<int>(::syscall(call, file));
  }
  const auto trouble = next_trouble();
  if (trouble) ++watch->struck;
  watch->operations.push_back({.kind = Operation::Kind::sync, .failed = trouble.has_value()});
  if (!trouble || *trouble == Trouble::lie) return 0;
  const int code = *trouble == Trouble::no_room       ? ENOSPC
                   : *trouble == Trouble::interrupted ? EINTR
                                                      : EIO;
  return static_cast<int>(fail(code));
}

}  // namespace

Disk::Disk(std::filesystem::path directory) {
  const std::lock_guard lock{gate};
  assert(!watch);
  watch.emplace().directory = std::move(directory);
}

Disk::~Disk() {
  const std::lock_guard lock{gate};
  watch.reset();
}

std::size_t Disk::position() const {
  const std::lock_guard lock{gate};
  return watch->operations.size();
}

const std::vector<Operation>& Disk::operations() const { return watch->operations; }

void Disk::trouble(Trouble trouble, std::size_t first, std::size_t count) {
  const std::lock_guard lock{gate};
  watch->trouble = trouble;
  watch->trouble_first = first;
  watch->trouble_count = count;
}

std::size_t Disk::struck() const {
  const std::lock_guard lock{gate};
  return watch->struck;
}

}  // namespace twostep::properties::stores

using twostep::properties::stores::known_role;
using twostep::properties::stores::Role;

// These stand before the C library's, for this program and for the libraries that it uses.
extern "C" {

int open(const char* path, int flags, ...) {
  mode_t mode = 0;
  if ((flags & (O_CREAT | O_TMPFILE)) != 0) {
    std::va_list more;
    va_start(more, flags);
    mode = va_arg(more, mode_t);
    va_end(more);
  }
  const auto file = static_cast<int>(::syscall(SYS_openat, AT_FDCWD, path, flags, mode));
  twostep::properties::stores::note_opened(file, path, flags);
  return file;
}

int close(int file) {
  if (auto* role = twostep::properties::stores::role_of(file)) *role = Role::none;
  return static_cast<int>(::syscall(SYS_close, file));
}

ssize_t pwrite(int file, const void* bytes, size_t size, off_t offset) {
  const auto role = known_role(file);
  if (role == Role::none) return ::syscall(SYS_pwrite64, file, bytes, size, offset);
  return twostep::properties::stores::write_at(
      file, std::string{static_cast<const char*>(bytes), size}, offset, role);
}

ssize_t writev(int file, const struct iovec* parts, int count) {
  const auto role = known_role(file);
  if (role == Role::none) return ::syscall(SYS_writev, file, parts, count);
  std::string bytes;
  for (int n = 0; n < count; ++n)
    bytes.append(static_cast<const char*>(parts[n].iov_base), parts[n].iov_len);
  const auto offset = ::lseek(file, 0, SEEK_CUR);
  const auto written = twostep::properties::stores::write_at(file, std::move(bytes), offset, role);
  if (written > 0) ::lseek(file, written, SEEK_CUR);
  return written;
}

int fdatasync(int file) {
  const auto role = known_role(file);
  if (role == Role::none) return static_cast<int>(::syscall(SYS_fdatasync, file));
  return twostep::properties::stores::sync_file(file, SYS_fdatasync, role);
}

int fsync(int file) {
  const auto role = known_role(file);
  if (role == Role::none) return static_cast<int>(::syscall(SYS_fsync, file));
  return twostep::properties::stores::sync_file(file, SYS_fsync, role);
}

int rename(const char* from, const char* to) noexcept {
  const auto done = static_cast<int>(::syscall(SYS_rename, from, to));
  twostep::properties::stores::note_renamed(done, to);
  return done;
}

}  // extern "C"

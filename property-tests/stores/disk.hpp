#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

/// The file operations below an embedded database, written down in their order, and made to fail.
///
/// The functions of the C library with which LMDB reaches its file are defined once more in this program, so
/// that they are called instead: they do what they always do, and note it while a `Disk` exists.
///
/// Shape      One `Disk` at a time watches one directory: its file `data.mdb`, also while that still has
///            the name `data.new`.
/// Threads    Safe from any.
/// Source     docs/decisions/0008; POSIX pwrite, fdatasync, O_DSYNC.
namespace twostep::properties::stores {

struct Operation {
  enum class Kind : std::uint8_t {
    write,
    sync,            ///< Of the file.
    name_draft,      ///< A new file has the name `data.new`,
    name_data,       ///< or `data.mdb`, which it may have had before.
    sync_directory,  ///< Its name is durable from here on.
  };
  Kind kind = Kind::write;
  std::uint64_t offset = 0;
  std::string bytes = {};
  bool through = false;  ///< A write that is durable when it returns.
  bool failed = false;   ///< The caller was told so. What it did to the disk is nobody's guess.
};

/// What becomes of an operation.
enum class Trouble : std::uint8_t {
  no_room,      ///< ENOSPC, and nothing is written.
  broken,       ///< EIO. A write through and a sync may have done anything.
  interrupted,  ///< EINTR, and nothing is done.
  cut_short,    ///< Half of a write is done.
  lie,          ///< Planted: nothing is made durable, and success is reported.
};

class Disk {
 public:
  explicit Disk(std::filesystem::path directory);
  ~Disk();
  Disk(const Disk&) = delete;
  Disk& operator=(const Disk&) = delete;

  /// How many there were.
  std::size_t position() const;

  /// Requires that nobody uses the disk any more.
  const std::vector<Operation>& operations() const;

  /// From the `first` write or sync on, `count` of them meet this.
  void trouble(Trouble trouble, std::size_t first, std::size_t count);

  /// How many met it.
  std::size_t struck() const;
};

}  // namespace twostep::properties::stores

#pragma once

#include <cstddef>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "property-tests/stores/disk.hpp"
#include "property-tests/world/choices.hpp"

/// What a machine that loses its power may find of a file afterwards.
///
/// A sector is written whole or not at all. What was written and not synced is there or is not, sector by
/// sector, in any of the versions that it had. A sync that failed has proved nothing about what was to be
/// synced, and no later one will: the system takes it for written.
///
/// Units      A sector has 512 octets.
/// Threads    A value.
/// Source     POSIX fdatasync; Rebello et al., "Can Applications Recover from fsync Failures?" (2020).
namespace twostep::properties::stores {

/// The files of a store; none: there is none of that name.
struct Files {
  std::optional<std::string> data;
  std::optional<std::string> draft;

  friend auto operator<=>(const Files&, const Files&) = default;
};

class Surviving {
 public:
  static constexpr std::size_t sector_bytes = 512;

  Surviving() = default;

  /// It was done, or failed.
  void apply(const Operation& operation);

  /// It is under way.
  void begin(const Operation& operation);

  /// What everybody sees as long as the machine has its power.
  Files seen() const;

  /// What may be left: nothing and all of what is unsure, each beginning of it, and `drawn` that only
  /// chance would make. Each once.
  std::vector<Files> images(Choices& choices, std::size_t drawn) const;

 private:
  struct Version {
    std::size_t written;  ///< By which write, counted from the first.
    std::string bytes;
  };
  struct Sector {
    std::vector<Version> versions;
    bool dirty = true;  ///< The next sync will write it.
  };
  enum class Name : std::uint8_t { none, draft, data };

  explicit Surviving(Name name) : name_{name} {}

  void keep(std::size_t sector);
  Files named(std::string bytes, Name name) const;
  template <class Which>
  std::string image(Which which) const;

  std::string durable_;
  std::string cached_;
  std::map<std::size_t, Sector> unsure_;
  std::size_t writes_ = 0;
  Name name_ = Name::none;
  Name durable_name_ = Name::none;
};

/// Makes the files in an empty or new directory.
void put_files(const Files& files, const std::filesystem::path& directory);

}  // namespace twostep::properties::stores

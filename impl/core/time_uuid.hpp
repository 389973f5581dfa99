#pragma once

#include <chrono>
#include <compare>
#include <cstdint>
#include <optional>
#include <ratio>
#include <string>
#include <string_view>

#include "impl/core/ids.hpp"

/// Time-UUIDs: the name of every notification, and the order of every inbox.
///
/// A client remembers one of these, its pointer, and asks for everything newer. So the order
/// declared here decides what catching up returns, and what it would silently skip.
///
/// Shape      16 octets: RFC 9562 version 1 layout, variant 0b10.
/// Units      Ticks are 100 ns; tick zero is 1582-10-15T00:00:00Z; 60 bits are kept.
/// Errors     Bad text is `nullopt`. A bad argument is a bug in the caller and is asserted.
/// Threads    Plain values. Nothing here is shared, waits, or reads a clock.
/// Source     specs/04-time-uuid.md (TID); RFC 9562 sections 5.1 and 6.11.
namespace twostep {

/// 100 ns: the resolution of a version 1 UUID, and so of every "newer than" in this system.
using Ticks = std::chrono::duration<std::int64_t, std::ratio<1, 10'000'000>>;

/// A moment on one server's wall clock. Two servers only roughly agree on it.
using Instant = std::chrono::sys_time<Ticks>;

/// The 62 bits that tell apart ids of one tick: 14 of clock sequence, 48 of node.
struct Origin {
  std::uint16_t sequence = 0;  ///< 14 bits.
  std::uint64_t node = 0;      ///< 48 bits.

  friend auto operator<=>(const Origin&, const Origin&) = default;
};

class TimeUuid {
 public:
  /// First and last moment a version 1 UUID can name, both inclusive.
  static constexpr Instant earliest =
      std::chrono::sys_days{std::chrono::year{1582} / std::chrono::October / 15};
  static constexpr Instant latest = earliest + Ticks{(std::int64_t{1} << 60) - 1};

  /// Requires   earliest <= at <= latest, and both origin fields within their bits.
  static TimeUuid at(Instant at, Origin origin);

  /// Errors     `nullopt` for any version but 1 and any variant but 0b10: a random UUID has no
  /// place
  ///            in a time order, and accepting one would make catching up lose messages.
  static std::optional<TimeUuid> from(const Uuid& uuid);

  /// Reads the 36-character text form, in either case. As `from(*Uuid::parse(text))`.
  static std::optional<TimeUuid> parse(std::string_view text);

  /// Reads what `sort_key` wrote.
  static std::optional<TimeUuid> from_sort_key(std::string_view key);

  /// The 36-character text form, lower case. `parse(u.text()) == u` for every u.
  std::string text() const { return uuid_.text(); }

  /// 16 octets whose byte order is the time order: ticks, then sequence and node, big endian.
  std::string sort_key() const;

  Instant instant() const;
  Origin origin() const;

  /// Oldest first: by instant, then by sequence and node, which only break ties. Not the order of
  /// the octets: version 1 puts the low bits of the time first.
  friend std::strong_ordering operator<=>(const TimeUuid& left, const TimeUuid& right);
  friend bool operator==(const TimeUuid&, const TimeUuid&) = default;

 private:
  explicit TimeUuid(const Uuid& uuid) : uuid_{uuid} {}

  Uuid uuid_;  ///< Always version 1, variant 0b10.
};

}  // namespace twostep

#include "impl/core/time_uuid.hpp"

#include <cassert>

namespace twostep {
namespace {

constexpr std::size_t sort_key_bytes = 16;

std::uint64_t big_endian(std::string_view bytes) {
  std::uint64_t value = 0;
  for (const char byte : bytes) value = value << 8 | static_cast<std::uint8_t>(byte);
  return value;
}

void append_big_endian(std::string& out, std::uint64_t value) {
  for (int shift = 56; shift >= 0; shift -= 8) out += static_cast<char>(value >> shift & 0xff);
}

std::uint64_t ticks_of(const Uuid::Octets& o) {
  const auto octet = [&](std::size_t i) { return std::uint64_t{o[i]}; };
  const auto low = octet(0) << 24 | octet(1) << 16 | octet(2) << 8 | octet(3);
  const auto mid = octet(4) << 8 | octet(5);
  const auto high = (octet(6) & 0x0f) << 8 | octet(7);
  return high << 48 | mid << 32 | low;
}

}  // namespace

TimeUuid TimeUuid::at(Instant at, Origin origin) {
  assert(at >= earliest && at <= latest);
  assert(origin.sequence < 1u << 14 && origin.node < std::uint64_t{1} << 48);
  const auto ticks = static_cast<std::uint64_t>((at - earliest).count());
  const auto octet = [](std::uint64_t value, int shift) {
    return static_cast<std::uint8_t>(value >> shift & 0xff);
  };
  Uuid::Octets o{octet(ticks, 24),         octet(ticks, 16), octet(ticks, 8),
                 octet(ticks, 0),          octet(ticks, 40), octet(ticks, 32),
                 octet(ticks, 56),         octet(ticks, 48), octet(origin.sequence, 8),
                 octet(origin.sequence, 0)};
  o[6] = static_cast<std::uint8_t>((o[6] & 0x0f) | 0x10);
  o[8] = static_cast<std::uint8_t>((o[8] & 0x3f) | 0x80);
  for (std::size_t i = 0; i < 6; ++i) o[10 + i] = octet(origin.node, 40 - 8 * static_cast<int>(i));
  return TimeUuid{Uuid{o}};
}

std::optional<TimeUuid> TimeUuid::from(const Uuid& uuid) {
  const bool is_time_uuid = uuid.version() == 1 && uuid.octets()[8] >> 6 == 0b10;
  return is_time_uuid ? std::optional{TimeUuid{uuid}} : std::nullopt;
}

std::optional<TimeUuid> TimeUuid::parse(std::string_view text) {
  const auto uuid = Uuid::parse(text);
  return uuid ? from(*uuid) : std::nullopt;
}

std::optional<TimeUuid> TimeUuid::from_sort_key(std::string_view key) {
  if (key.size() != sort_key_bytes) return std::nullopt;
  const auto ticks = big_endian(key.substr(0, 8));
  const auto tail = big_endian(key.substr(8));
  if (ticks >> 60 != 0 || tail >> 62 != 0) return std::nullopt;
  return at(earliest + Ticks{static_cast<std::int64_t>(ticks)},
            Origin{static_cast<std::uint16_t>(tail >> 48), tail & 0xffff'ffff'ffff});
}

std::string TimeUuid::sort_key() const {
  std::string key;
  key.reserve(sort_key_bytes);
  append_big_endian(key, ticks_of(uuid_.octets()));
  append_big_endian(key, std::uint64_t{origin().sequence} << 48 | origin().node);
  return key;
}

Instant TimeUuid::instant() const {
  return earliest + Ticks{static_cast<std::int64_t>(ticks_of(uuid_.octets()))};
}

Origin TimeUuid::origin() const {
  const auto& o = uuid_.octets();
  Origin origin{static_cast<std::uint16_t>((o[8] & 0x3f) << 8 | o[9]), 0};
  for (std::size_t i = 10; i < Uuid::size_bytes; ++i) origin.node = origin.node << 8 | o[i];
  return origin;
}

std::strong_ordering operator<=>(const TimeUuid& left, const TimeUuid& right) {
  const auto by_time = left.instant() <=> right.instant();
  return by_time != 0 ? by_time : left.origin() <=> right.origin();
}

}  // namespace twostep

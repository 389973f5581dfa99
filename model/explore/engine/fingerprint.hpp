#pragma once

#include <cstdint>
#include <cstring>
#include <string_view>

/// 64 bits that stand for a state.
///
/// Two different states with one fingerprint would be taken for one, and what lies behind the second
/// would not be explored. The report says how likely that was at worst; another seed gives other
/// fingerprints, so two runs that count alike have not both missed something. States of at most 8 bytes
/// cannot collide: every step below is a bijection.
///
/// Source     The mixing constants are those of splitmix64 (Steele, Lea, Flood 2014).
namespace twostep::model::explore {

using Fingerprint = std::uint64_t;

/// Never a fingerprint: an empty slot of the table.
inline constexpr Fingerprint no_fingerprint = 0;

namespace fingerprint_detail {

inline std::uint64_t mixed(std::uint64_t word) {
  word = (word ^ (word >> 30)) * 0xbf58476d1ce4e5b9;
  word = (word ^ (word >> 27)) * 0x94d049bb133111eb;
  return word ^ (word >> 31);
}

inline std::uint64_t word_at(const char* bytes, std::size_t count) {
  std::uint64_t word = 0;
  std::memcpy(&word, bytes, count);
  return word;
}

}  // namespace fingerprint_detail

inline Fingerprint fingerprint_of(std::string_view bytes, std::uint64_t seed) {
  using namespace fingerprint_detail;
  auto left = bytes.size();
  auto hash = mixed(seed + 0x9e3779b97f4a7c15 * (left + 1));
  const char* at = bytes.data();
  for (; left >= 8; at += 8, left -= 8) hash = mixed(hash ^ word_at(at, 8));
  if (left > 0) hash = mixed(hash ^ word_at(at, left));
  return hash == no_fingerprint ? 1 : hash;
}

}  // namespace twostep::model::explore

#include "bench/macro/histogram.hpp"

#include <algorithm>
#include <bit>
#include <cassert>
#include <cmath>

namespace twostep::bench {
namespace {

constexpr int part_bits = 7;
constexpr std::uint64_t parts = 1 << part_bits;

/// How far a value is shifted until it has `part_bits` behind its highest bit.
int shift_of(std::uint64_t value) {
  return std::max(0, static_cast<int>(std::bit_width(value)) - part_bits - 1);
}

std::size_t slot_of(std::uint64_t value) {
  const auto shift = shift_of(value);
  return static_cast<std::size_t>(shift) * parts + static_cast<std::size_t>(value >> shift);
}

/// The middle of all values that share a slot: never further than half a slot from any of them.
std::uint64_t middle_of(std::size_t slot) {
  if (slot < 2 * parts) return slot;
  const auto shift = slot / parts - 1;
  const auto lowest = (slot - shift * parts) << shift;
  return lowest + (std::uint64_t{1} << shift) / 2;
}

}  // namespace

Histogram::Histogram() : counts_(slot_of(~std::uint64_t{0}) + 1) {}

void Histogram::add(std::uint64_t value) {
  ++counts_[slot_of(value)];
  ++count_;
  max_ = std::max(max_, value);
}

void Histogram::add(const Histogram& other) {
  for (std::size_t slot = 0; slot < counts_.size(); ++slot) counts_[slot] += other.counts_[slot];
  count_ += other.count_;
  max_ = std::max(max_, other.max_);
}

std::uint64_t Histogram::at(double share) const {
  assert(share >= 0 && share <= 1);
  const auto wanted = static_cast<std::uint64_t>(std::ceil(share * static_cast<double>(count_)));
  if (wanted >= count_) return max_;
  std::uint64_t seen = 0;
  std::size_t slot = 0;
  while (seen + counts_[slot] < std::max<std::uint64_t>(wanted, 1)) seen += counts_[slot++];
  return std::min(middle_of(slot), max_);
}

}  // namespace twostep::bench

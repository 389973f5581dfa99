#include "model/explore/engine/table.hpp"

#include <algorithm>
#include <bit>
#include <cassert>
#include <cstdlib>
#include <new>
#include <type_traits>

#include "model/explore/engine/limits.hpp"

namespace twostep::model::explore {
namespace {

std::size_t share_of(std::size_t slots) { return slots / 8 * limits::table_eighths_max; }

}  // namespace

void StateTable::Free::operator()(Slot* slots) const { std::free(slots); }

// calloc, because a large zeroed allocation costs nothing until it is touched.
std::unique_ptr<StateTable::Slot[], StateTable::Free> StateTable::zeroed(std::size_t slots) {
  static_assert(std::is_trivially_destructible_v<Slot> &&
                std::atomic<Fingerprint>::is_always_lock_free);
  void* memory = std::calloc(slots, sizeof(Slot));
  if (memory == nullptr) throw std::bad_alloc{};
  return std::unique_ptr<Slot[], Free>{static_cast<Slot*>(memory)};
}

StateTable::StateTable(std::size_t slots)
    : mask_{std::bit_ceil(std::max(slots, limits::table_slots_min)) - 1},
      crowded_at_{share_of(mask_ + 1)},
      slots_{zeroed(mask_ + 1)} {}

void StateTable::offer(Slot& slot, std::uint64_t inverted_origin) {
  auto present = slot.inverted_origin.load(std::memory_order_relaxed);
  while (present < inverted_origin && !slot.inverted_origin.compare_exchange_weak(
                                          present, inverted_origin, std::memory_order_relaxed)) {
  }
}

// Relaxed throughout: threads only ever race for the two words of one slot, and whoever reads more
// than that has joined them first.
bool StateTable::insert_inverted(Fingerprint state, std::uint64_t inverted_origin) {
  for (auto at = state & mask_;; at = (at + 1) & mask_) {
    auto& slot = slots_[at];
    auto present = slot.state.load(std::memory_order_relaxed);
    if (present == no_fingerprint &&
        slot.state.compare_exchange_strong(present, state, std::memory_order_relaxed)) {
      offer(slot, inverted_origin);
      const auto before = size_.fetch_add(1, std::memory_order_relaxed);
      assert(before < mask_);
      (void)before;
      return true;
    }
    if (present == state) {
      offer(slot, inverted_origin);
      return false;
    }
  }
}

bool StateTable::insert(Fingerprint state, Origin origin) {
  assert(origin.depth <= limits::depth_max);
  return insert_inverted(
      state, ~(origin.depth << Origin::parent_bits | (origin.parent & Origin::parent_mask)));
}

void StateTable::grow() {
  const auto old = std::move(slots_);
  const auto old_slots = mask_ + 1;
  mask_ = 2 * old_slots - 1;
  crowded_at_ = share_of(mask_ + 1);
  slots_ = zeroed(mask_ + 1);
  size_ = 0;
  for (std::size_t at = 0; at < old_slots; ++at) {
    const auto state = old[at].state.load(std::memory_order_relaxed);
    if (state != no_fingerprint) {
      insert_inverted(state, old[at].inverted_origin.load(std::memory_order_relaxed));
    }
  }
}

std::optional<std::size_t> StateTable::slot_of(Fingerprint partial) const {
  assert(mask_ <= Origin::parent_mask);
  for (auto at = partial & mask_;; at = (at + 1) & mask_) {
    const auto present = state_at(at);
    if (present == no_fingerprint) return std::nullopt;
    if ((present & Origin::parent_mask) == (partial & Origin::parent_mask)) return at;
  }
}

Fingerprint StateTable::state_at(std::size_t slot) const {
  return slots_[slot].state.load(std::memory_order_relaxed);
}

Origin StateTable::origin_at(std::size_t slot) const {
  const auto origin = ~slots_[slot].inverted_origin.load(std::memory_order_relaxed);
  return {origin >> Origin::parent_bits, origin & Origin::parent_mask};
}

}  // namespace twostep::model::explore

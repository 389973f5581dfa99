#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>

#include "model/explore/engine/fingerprint.hpp"

/// Which states have been seen, and from where each was first reached.
///
/// Shape      Open addressing, linear probing, 16 bytes a slot: the fingerprint, and in one more word
///            the depth (12 bits) and the low 52 bits of the parent's fingerprint. Of all parents that
///            offer a state, the one at the least depth is kept, among those the one with the least
///            low bits: so the table's content does not depend on which thread came first.
/// Threads    `insert`, `prefetch`, `size` and `crowded` may be called concurrently. The others only
///            while nobody inserts.
namespace twostep::model::explore {

/// How a state was reached.
struct Origin {
  std::uint64_t depth = 0;  ///< Steps from an initial state; 0 is an initial state itself.
  Fingerprint parent = 0;   ///< Only the low 52 bits.

  static constexpr int parent_bits = 52;
  static constexpr Fingerprint parent_mask = (Fingerprint{1} << parent_bits) - 1;
};

class StateTable {
 public:
  explicit StateTable(std::size_t slots);  ///< Rounded up to a power of two.

  /// True if the state is new. Offers its origin in any case.
  /// Requires   A free slot; see `crowded`.
  bool insert(Fingerprint state, Origin origin);

  /// Brings the slot of a state near, so that a later `insert` need not wait for memory.
  void prefetch(Fingerprint state) const { __builtin_prefetch(&slots_[state & mask_], 1); }

  std::size_t size() const { return size_.load(std::memory_order_relaxed); }

  /// Filled beyond its share: finish what is under way, then `grow`.
  bool crowded() const { return size() > crowded_at_; }

  std::size_t bytes() const { return (mask_ + 1) * sizeof(Slot); }
  std::size_t bytes_to_grow() const { return 2 * bytes(); }  ///< Beside the present ones.
  void grow();

  /// Where a state lies; stable until the table grows. `partial` may be a parent as an origin has it.
  std::optional<std::size_t> slot_of(Fingerprint partial) const;
  std::size_t slots() const { return mask_ + 1; }
  Fingerprint state_at(std::size_t slot) const;  ///< `no_fingerprint` for an empty slot.
  Origin origin_at(std::size_t slot) const;

 private:
  /// Zero is an empty slot, so that a fresh table needs only zeroed memory. The origin is kept inverted:
  /// "least of all offered" becomes "greatest", which starts from zero.
  struct Slot {
    std::atomic<Fingerprint> state;
    std::atomic<std::uint64_t> inverted_origin;
  };
  struct Free {
    void operator()(Slot* slots) const;
  };

  static std::unique_ptr<Slot[], Free> zeroed(std::size_t slots);
  static void offer(Slot& slot, std::uint64_t inverted_origin);
  bool insert_inverted(Fingerprint state, std::uint64_t inverted_origin);

  std::size_t mask_;
  std::size_t crowded_at_;
  std::unique_ptr<Slot[], Free> slots_;
  /// On a cache line of its own: it changes all the time, what stands above hardly ever.
  alignas(64) std::atomic<std::size_t> size_ = 0;
};

}  // namespace twostep::model::explore

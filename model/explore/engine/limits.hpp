#pragma once

#include <cstddef>
#include <cstdint>

/// Every bound of the explorer, in one place, each with the reason for its value.
namespace twostep::model::explore::limits {

/// Slots of the smallest table: 2 MiB. Small worlds then never wait for it to grow.
inline constexpr std::size_t table_slots_min = std::size_t{1} << 17;

/// Share of its slots, in eighths, that a table may fill before it doubles. Beyond it linear probing
/// gets slow; the rest takes what is under way when the limit is seen.
inline constexpr std::size_t table_eighths_max = 5;

/// Transitions out of one state. All threads together must fit theirs into a table that has just
/// passed its share: 3/8 of the smallest one.
inline constexpr std::size_t transitions_of_a_state_max = 3'000;

/// Threads. More would not fit the bound above, and no machine of ours has them.
inline constexpr unsigned threads_max = 16;

static_assert(threads_max * transitions_of_a_state_max <=
              table_slots_min * (8 - table_eighths_max) / 8);

/// Length of a shortest history, in steps: the bits that a table's entry has for it.
inline constexpr std::uint64_t depth_max = (1 << 12) - 2;

/// Bytes of encoded states that a thread takes at a time: enough to make the taking cheap, and little
/// enough to share out a small level.
inline constexpr std::size_t block_bytes = 4'096;

/// What a run may take if it is not told otherwise: fits a developer's machine beside everything else.
inline constexpr std::size_t memory_default_mib = 2'048;

}  // namespace twostep::model::explore::limits

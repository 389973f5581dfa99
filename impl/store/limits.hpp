#pragma once

#include <chrono>
#include <cstddef>

/// Every bound of the stores, each with the reason for its value.
namespace twostep::store::limits {

/// Longest key, in octets: what LMDB can index as it is built by every distribution. The longest of
/// ours is a member's (two domains, two UUIDs), and a domain's length is bounded by it.
inline constexpr std::size_t store_key_bytes_max = 511;

/// Most clients one notification can be addressed to: the count has two octets in its row. A user
/// has a few dozen at most.
inline constexpr std::size_t notification_targets_max = 0xffff;

/// Most changes waiting for the writer. At the thousands per second that a disk syncs, the last of
/// them waits for less than a second; whoever comes later is better told at once to come again.
inline constexpr std::size_t writes_waiting_max = 4'096;

/// Most changes in one commit. Enough that the cost of a sync no longer shows; few enough that the
/// first of them does not wait for the work of thousands.
inline constexpr std::size_t writes_per_commit_max = 256;
static_assert(writes_per_commit_max <= writes_waiting_max);

/// Most snapshots open at once: one per thread that reads, and no server has as many.
inline constexpr unsigned snapshots_max = 1'024;

/// Address space for the embedded database, and so the most it can hold. It costs no memory and no
/// disk: the file grows with its rows. 28 days of 100 notifications of 500 bytes a day for 40,000
/// users fit. A store that reaches it refuses to grow, before the disk is full for everybody else.
inline constexpr std::size_t map_bytes_default = std::size_t{64} << 30;

/// One step of a sweep: looks at this many inboxes, and removes this many rows in one write. Some
/// milliseconds each, so that a sweep is not noticed by those who send meanwhile.
inline constexpr std::size_t sweep_inboxes_max = 1'000;
inline constexpr std::size_t sweep_rows_max = 500;

/// How far a clock may be corrected while the server runs, before retention distrusts it.
inline constexpr auto clock_correction_max = std::chrono::hours{1};

/// What stays free of a full map, so that rows can still be erased: erasing copies pages too, and
/// without room for that a full store would stay full. Enough for thousands of pages; of a small
/// map an eighth.
inline constexpr std::size_t map_reserve_bytes = std::size_t{16} << 20;
inline constexpr std::size_t map_reserve_fraction = 8;

}  // namespace twostep::store::limits

#pragma once

#include <cstddef>

/// Every bound of the stores, each with the reason for its value.
namespace twostep::store::limits {

/// Longest key, in octets: what LMDB can index as it is built by every distribution. The longest of
/// ours is a member's (two domains, two UUIDs); domains that long do not exist outside of attacks,
/// and a row that would need a longer key is refused by an exception.
inline constexpr std::size_t store_key_bytes_max = 511;

/// Most clients one notification can be addressed to: the count has two octets in its row. A user
/// has a few dozen at most.
inline constexpr std::size_t notification_targets_max = 0xffff;

}  // namespace twostep::store::limits

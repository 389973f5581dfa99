#pragma once

#include <chrono>
#include <cstddef>

/// Every bound of the process, each with the reason for its value.
namespace twostep::app::limits {

using namespace std::chrono_literals;

/// File descriptors that connections may not take: the store, the log, calls of the push gateway.
inline constexpr std::size_t files_kept_back = 128;

/// The same with other backends, on top: connections from them, and as many to them.
inline constexpr std::size_t files_for_peers = 8'192;

/// Between two sweeps. What has expired is not shown in the meantime either; this only bounds how
/// long it takes up room.
inline constexpr std::chrono::milliseconds sweep_pause = 1min;

/// Between two steps of one sweep, for those who send meanwhile.
inline constexpr std::chrono::milliseconds sweep_step_pause = 50ms;

}  // namespace twostep::app::limits

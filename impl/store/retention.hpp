#pragma once

#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <cstddef>
#include <optional>

#include "impl/core/ids.hpp"
#include "impl/core/time_uuid.hpp"
#include "impl/store/store.hpp"

/// Forgetting: what is older than the promise is removed, inbox by inbox, in small steps.
///
/// Source     specs/03-catch-up.md (CUP-23).
namespace twostep::store {

/// The time before which notifications have expired, for a server that keeps them for `keep`.
///
/// A wall clock that is set forward by a year must not empty every inbox. So it is believed only as
/// far as the time since the server started, which no one can set, has come along.
Instant oldest_kept(Instant now, Instant now_at_start, std::chrono::nanoseconds since_start,
                    Ticks keep);

/// What one step of a sweep did.
struct SweepStep {
  std::size_t removed = 0;
  std::optional<UserId> next;  ///< Where to go on; none: this was the last inbox.
};

/// Removes expired notifications from some inboxes, beginning with that of `from` (none: with the
/// first). Bounded by `limits::sweep_inboxes_max` and `limits::sweep_rows_max`; looks in a snapshot
/// and writes only if something has expired. Heads stay.
boost::asio::awaitable<StoreResult<SweepStep>> sweep(Store& store, std::optional<UserId> from,
                                                     Instant oldest);

}  // namespace twostep::store

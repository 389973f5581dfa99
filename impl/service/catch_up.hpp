#pragma once

#include <boost/asio/awaitable.hpp>
#include <cstddef>
#include <optional>
#include <string>

#include "impl/core/ids.hpp"
#include "impl/core/limits.hpp"
#include "impl/core/result.hpp"
#include "impl/core/time_uuid.hpp"
#include "impl/service/ports.hpp"

/// Catching up: everything newer than a pointer, oldest first, in pages.
///
/// The pointer is the client's business; nothing is kept of it here, and reading takes nothing
/// away. A page is made of one snapshot, as the bytes of its answer, so that the snapshot is over
/// before anything is written to a slow client.
///
/// Shape      Only what is visible to `client` counts, for `size` and for `has_more`. A page ends
///            early after the notification that reaches `page_bytes_max`, and says that it has more
///            exactly if it has: following the last id of each page yields everything, once.
/// Errors     `not_found`: a gap, or no such notification.
/// Threads    Any. Requires `backend` outlives what was started; see `catch_up`.
/// Source     specs/03-catch-up.md (CUP).
namespace twostep::service {

/// What to do when nothing in the inbox has the id `since`: the client missed something.
enum class Gap {
  refuse,  ///< `not_found`, and no list (CUP-17).
  tell,    ///< The list of what is newer, and `gap` is set: API versions before 3.
};

struct CatchUp {
  std::optional<TimeUuid> since = {};   ///< Exclusive; none: from the oldest.
  std::optional<ClientId> client = {};  ///< None: everything, whoever it is for.
  std::size_t size = twostep::limits::page_notifications_default;
  Gap gap = Gap::refuse;
};

struct Page {
  std::string body;  ///< `{"notifications":…}`
  bool gap = false;
};

/// Also notes that the client is in use, once a day, in a change that the answer does not wait for.
boost::asio::awaitable<Result<Page>> catch_up(Backend& backend, UserId user, CatchUp request);

/// The newest visible one, as `{"id":…,"payload":…}`.
boost::asio::awaitable<Result<std::string>> last_notification(Backend& backend, UserId user,
                                                              std::optional<ClientId> client);

/// This one, if it is visible.
boost::asio::awaitable<Result<std::string>> one_notification(Backend& backend, UserId user,
                                                             TimeUuid id,
                                                             std::optional<ClientId> client);

}  // namespace twostep::service

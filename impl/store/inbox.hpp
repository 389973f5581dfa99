#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "impl/core/ids.hpp"
#include "impl/core/time_uuid.hpp"
#include "impl/store/store.hpp"

/// Inboxes: the notifications kept for each user, in the order of their ids.
///
/// Shape      One row per notification: key (user, id), value (stored at, origin connection, target
///            clients, the event as the JSON bytes that will be sent). One head row per inbox holds
///            the last id, so that the next one is greater even after the inbox was trimmed.
/// Threads    Functions over a reader or a transaction; no state of their own.
/// Source     specs/03-catch-up.md (CUP), specs/04-time-uuid.md (TID).
namespace twostep::store {

/// How ids are chosen.
enum class IdPolicy {
  /// ticks = max(now, head + 1), inside the transaction: id order is commit order in every inbox.
  monotonic,

  /// ticks = this server's clock when the send began. Kept so that what the source admits, a loss
  /// when
  /// clocks disagree or a commit is slow, can be shown and measured.
  wall_clock,
};

/// What an id is made of besides the inbox's head.
struct IdSource {
  IdPolicy policy = IdPolicy::monotonic;
  Instant now;    ///< This server's clock; when the request began, for wall_clock.
  Origin origin;  ///< Random, drawn at every start (TID).
};

/// One event for one user, before it is stored.
struct NewNotification {
  UserId user;
  std::vector<ClientId> targets;  ///< Empty: every client of the user.
  ConnectionId origin;            ///< The connection not to be told; zero: none.
  std::string event;              ///< One JSON object.
};

/// What became of it.
struct StoredNotification {
  std::optional<TimeUuid>
      previous;  ///< The id before it in this inbox; none if it is the first ever.
  TimeUuid id;
};

/// One row, as a page or a websocket sees it. The views are valid during the visit only.
struct NotificationView {
  TimeUuid id;
  ConnectionId origin;
  std::string_view targets;  ///< As stored; ask `is_for`.
  std::string_view event;

  bool is_for(ClientId client) const;
};

StoredNotification append(Transaction& transaction, const IdSource& ids,
                          const NewNotification& notification);

/// The newest id ever given in this inbox, trimmed or not.
std::optional<TimeUuid> head(const Reader& reader, const UserId& user);

/// Exactly this notification, unless it has expired.
bool contains(const Reader& reader, const UserId& user, const TimeUuid& id, Instant oldest);

/// Notifications after `since` (exclusive; none: from the oldest kept), oldest first, expired ones
/// left out, until `visit` returns false.
void visit_after(const Reader& reader, const UserId& user, std::optional<TimeUuid> since,
                 Instant oldest, const std::function<bool(const NotificationView&)>& visit);

/// The same, newest first, from the newest.
void visit_newest_first(const Reader& reader, const UserId& user, Instant oldest,
                        const std::function<bool(const NotificationView&)>& visit);

/// Removes at most `rows_max` notifications stored before `oldest`; the head stays. Returns how
/// many.
std::size_t trim(Transaction& transaction, const UserId& user, Instant oldest,
                 std::size_t rows_max);

}  // namespace twostep::store

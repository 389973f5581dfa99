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
/// Shape      A notification's row: key (user, id as `TimeUuid::sort_key`); value, big endian: 8
///            octets origin connection, 2 octets number of targets, 8 octets per target, then the
///            event as the JSON bytes that will be sent. One head row per inbox: key (user), value
///            the sort key of the greatest id ever given, so that the next one is greater even
///            after the inbox was trimmed.
/// Units      A notification has expired when the time in its id is before `oldest`. Ids ascend, so
///            what has expired is always the beginning of the inbox: whoever's pointer is still
///            known misses nothing behind it, even if the clock was set back meanwhile.
/// Errors     `append` throws std::range_error if the clock, or the inbox after it, has left the
///            time that version 1 can name (1582 to 5236).
/// Threads    Functions over a reader or a transaction; no state of their own.
/// Source     specs/03-catch-up.md (CUP), specs/04-time-uuid.md (TID).
namespace twostep::store {

/// How ids are chosen.
enum class IdPolicy {
  /// ticks = max(now, head + 1), inside the transaction: id order is commit order in every inbox.
  monotonic,

  /// ticks = this server's clock when the send began, or the next that is free in this inbox. Such
  /// an id may be smaller than the head: then a client whose pointer has passed it never asks for
  /// it. Kept so that this loss, which the source admits, can be shown and measured.
  wall_clock,
};

/// What an id is made of besides the inbox's head. The origin is mixed with the user's id, so that
/// notifications of one tick in two inboxes have two ids (TID-02).
struct IdSource {
  IdPolicy policy = IdPolicy::monotonic;
  Instant now;    ///< This server's clock; when the request began, for wall_clock.
  Origin origin;  ///< Random, drawn at every start (TID).
};

/// One event for one user, before it is stored.
struct NewNotification {
  UserId user;
  std::vector<ClientId> targets = {};  ///< Empty: every client of the user.
  ConnectionId origin = {};            ///< The connection not to be told; zero: none.
  std::string event;                   ///< One JSON object.
};

/// What became of it.
struct StoredNotification {
  /// The greatest id given in this inbox before this one; none if it is the first ever. By the
  /// monotonic policy its predecessor: a socket that has sent everything up to `previous` may send
  /// this one without asking the store. By the wall clock it can be greater than `id`; such a
  /// socket then sends late what catching up would skip, and must not move its cursor back to `id`.
  std::optional<TimeUuid> previous;
  TimeUuid id;
};

/// One row, as a page or a websocket sees it. The views are valid during the visit only.
struct NotificationView {
  TimeUuid id;
  ConnectionId origin;
  std::string_view targets;  ///< As stored; ask `is_for`.
  std::string_view event;

  bool is_for(ClientId client) const;
  std::vector<ClientId> clients() const;  ///< Empty: every client of the user.
};

/// A row of `Table::notification`, for who reads the table itself.
NotificationView notification_at(std::string_view key, std::string_view value);

StoredNotification append(Transaction& transaction, const IdSource& ids,
                          const NewNotification& notification);

/// The greatest id ever given in this inbox, trimmed or not.
std::optional<TimeUuid> head(const Reader& reader, const UserId& user);

/// Whether there is something for `trim` to remove.
bool has_expired(const Reader& reader, const UserId& user, Instant oldest);

/// Exactly this notification, unless it has expired. The views are valid until the reader ends, or
/// the transaction writes.
std::optional<NotificationView> find_notification(const Reader& reader, const UserId& user,
                                                  const TimeUuid& id, Instant oldest);

bool contains(const Reader& reader, const UserId& user, const TimeUuid& id, Instant oldest);

/// Notifications after `since` (exclusive; none: from the oldest kept), oldest first, expired ones
/// left out, until `visit` returns false.
void visit_after(const Reader& reader, const UserId& user, std::optional<TimeUuid> since,
                 Instant oldest, const std::function<bool(const NotificationView&)>& visit);

/// The same, newest first, from the newest.
void visit_newest_first(const Reader& reader, const UserId& user, Instant oldest,
                        const std::function<bool(const NotificationView&)>& visit);

/// Removes the oldest of the expired notifications, at most `rows_max`; returns how many. The head
/// stays: an id is never given twice.
std::size_t trim(Transaction& transaction, const UserId& user, Instant oldest,
                 std::size_t rows_max);

}  // namespace twostep::store

#pragma once

#include <cstddef>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "impl/core/ids.hpp"
#include "impl/core/time_uuid.hpp"
#include "impl/service/ports.hpp"

/// Where one websocket stands in the inbox of its user.
///
/// A websocket is a cursor over the inbox, not a queue. Each commit rings with (previous id, id).
/// If the previous id is where the socket stands, the frame follows; else something was missed, and
/// it is read from the store. So frames come in id order, none twice and none skipped, however late
/// or seldom the doorbells come, and a reader that falls behind costs no more than its cursor.
///
/// Shape      `end_` is the last id that was taken, skipped or is waiting in `waiting_`; `newest_`
///            is the last one heard of. What lies between them is in the store only. Frames that
///            are stored nowhere (transient) wait in the same bounded line, and are dropped when it
///            is full.
///            Under the wall-clock policy ids do not rise with the commits. A late id, below the
///            one before it, is sent when it rings, out of order, unless the last page had it; one
///            that lands in the range of a read under way can be missed on this socket. That is
///            what such ids mean; a pointer can miss it just as well.
/// Threads    A plain value; its owner locks.
/// Source     specs/02-deliver.md (DLV-01, DLV-03, DLV-06, DLV-08 to DLV-10).
namespace twostep::service {

using Frame = std::shared_ptr<const std::string>;

class SocketCursor {
 public:
  /// Begins in the state of a read under way: the first `read` says where the inbox ends now.
  SocketCursor(std::optional<ClientId> client, ConnectionId connection);

  /// Whether this socket is to get something for these clients (empty: all) from this connection.
  bool wants(const std::vector<ClientId>& targets, ConnectionId origin) const;

  /// A notification was committed; `frame` is its message.
  void ring(const Doorbell& doorbell, const Frame& frame);

  void transient(Frame frame);  ///< Only if wanted.

  struct Nothing {};  ///< Until the next doorbell.
  struct Read {  ///< Read the inbox after this id (none: from its beginning), then call `read`.
    std::optional<TimeUuid> after;
  };
  using Next = std::variant<Nothing, Frame, Read>;

  /// Whether `take` would say `Nothing`.
  bool idle() const;

  /// What to do now. After `Read` there is nothing more to take but transient frames until `read`.
  Next take();

  /// What a read found.
  struct Row {
    TimeUuid id;
    Frame frame;
  };
  struct Page {
    std::vector<Row> rows;            ///< Those this socket wants, in id order.
    std::optional<TimeUuid> through;  ///< The last id looked at, wanted or not; if the page came to
                                      ///< the inbox's end, the head of the inbox.
  };

  /// Requires   a read under way: just after construction, or since `take` said so.
  void read(Page page);

 private:
  bool fits(const Frame& frame) const;
  void put(Frame frame);

  std::optional<ClientId> client_;
  ConnectionId connection_;
  std::optional<TimeUuid> end_;
  std::optional<TimeUuid> newest_;
  bool reading_ = true;
  std::deque<Frame> waiting_;
  std::size_t waiting_bytes_ = 0;
  std::vector<TimeUuid> last_page_;  ///< Ascending; only to know late ids again.
};

}  // namespace twostep::service

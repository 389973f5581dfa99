#include "impl/service/socket.hpp"

#include <algorithm>
#include <cassert>
#include <utility>

#include "impl/service/change.hpp"
#include "impl/service/limits.hpp"
#include "impl/store/inbox.hpp"
#include "impl/wire/frame.hpp"

namespace twostep::service {

Socket::Socket(UserId user, std::optional<ClientId> client, ConnectionId connection,
               std::function<void()> wake)
    : user_{user},
      client_{client},
      connection_{connection},
      wake_{std::move(wake)},
      cursor_{client, connection} {
  assert(connection != ConnectionId{});
}

std::optional<Socket::End> Socket::ended() const {
  const std::lock_guard lock{mutex_};
  return ended_;
}

void Socket::ring(const Doorbell& doorbell, const Frame& frame) {
  std::unique_lock lock{mutex_};
  cursor_.ring(doorbell, frame);
  wake_if_hungry(std::move(lock));
}

void Socket::transient(const std::vector<ClientId>& targets, ConnectionId origin,
                       const Frame& frame) {
  std::unique_lock lock{mutex_};
  if (!cursor_.wants(targets, origin)) return;
  cursor_.transient(frame);
  wake_if_hungry(std::move(lock));
}

void Socket::end(End why) {
  {
    const std::lock_guard lock{mutex_};
    if (ended_) return;
    ended_ = why;
  }
  wake_();
}

SocketCursor::Next Socket::take() {
  const std::lock_guard lock{mutex_};
  hungry_ = cursor_.idle();
  return cursor_.take();
}

void Socket::read(SocketCursor::Page page) {
  const std::lock_guard lock{mutex_};
  cursor_.read(std::move(page));
}

void Socket::wake_if_hungry(std::unique_lock<std::mutex> lock) {
  if (!hungry_ || cursor_.idle()) return;
  hungry_ = false;
  lock.unlock();
  wake_();
}

boost::asio::awaitable<Result<void>> begin_at_head(Backend& backend, Socket& socket) {
  const auto head = co_await look(backend, [&](const store::Reader& reader) {
    return Result<std::optional<TimeUuid>>{store::head(reader, socket.user())};
  });
  if (!head) co_return head.error();
  socket.read({.rows = {}, .through = *head});
  co_return Result<void>{};
}

namespace {

/// Rows after `after` for this socket, as many as may wait in memory, and one at least.
SocketCursor::Page page_after(const store::Reader& reader, const Socket& socket,
                              const std::optional<TimeUuid>& after, Instant oldest) {
  SocketCursor::Page page;
  std::size_t bytes = 0;
  std::size_t looked_at = 0;
  bool full = false;
  const auto visit = [&](const store::NotificationView& row) {
    full = looked_at++ >= limits::socket_page_rows_max;
    if (full) return false;
    const bool wanted =
        row.origin != socket.connection() && (!socket.client() || row.is_for(*socket.client()));
    if (wanted) {
      full = !page.rows.empty() && (page.rows.size() >= limits::socket_frames_max ||
                                    bytes + row.event.size() > limits::socket_bytes_max);
      if (full) return false;
      bytes += row.event.size();
      page.rows.push_back({row.id, std::make_shared<const std::string>(
                                       wire::notification_frame(row.id, row.event))});
    }
    page.through = row.id;
    return true;
  };
  store::visit_after(reader, socket.user(), after, oldest, visit);
  // At the end of the inbox its head counts, which is greater where the newest rows have expired.
  if (!full) page.through = std::max(page.through, store::head(reader, socket.user()));
  return page;
}

}  // namespace

boost::asio::awaitable<Result<std::optional<Frame>>> next_frame(Backend& backend, Socket& socket) {
  for (;;) {
    auto next = socket.take();
    if (auto* frame = std::get_if<Frame>(&next)) co_return std::optional{std::move(*frame)};
    const auto* read = std::get_if<SocketCursor::Read>(&next);
    if (!read) co_return std::optional<Frame>{};

    const Instant oldest = backend.clock.now() - backend.retention;
    auto page = co_await look(backend, [&](const store::Reader& reader) {
      return Result<SocketCursor::Page>{page_after(reader, socket, read->after, oldest)};
    });
    if (!page) co_return page.error();
    socket.read(std::move(*page));
  }
}

}  // namespace twostep::service

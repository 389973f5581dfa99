#include "impl/service/socket_cursor.hpp"

#include <algorithm>
#include <cassert>
#include <utility>

#include "impl/service/limits.hpp"

namespace twostep::service {

SocketCursor::SocketCursor(std::optional<ClientId> client, ConnectionId connection)
    : client_{client}, connection_{connection} {}

bool SocketCursor::wants(const std::vector<ClientId>& targets, ConnectionId origin) const {
  if (origin == connection_) return false;
  if (!client_ || targets.empty()) return true;
  return std::find(targets.begin(), targets.end(), *client_) != targets.end();
}

void SocketCursor::ring(const Doorbell& doorbell, const Frame& frame) {
  const bool wanted = wants(doorbell.targets, doorbell.origin);

  // `nullopt` is less than every id: an inbox without a past.
  if (doorbell.id <= end_) {
    const bool late = doorbell.previous > doorbell.id;
    const bool sent = std::binary_search(last_page_.begin(), last_page_.end(), doorbell.id);
    if (late && !sent && wanted && fits(frame)) put(frame);
    return;  // Else it was read from the store before it rang.
  }

  newest_ = std::max<std::optional<TimeUuid>>(newest_, doorbell.id);
  const bool follows = !reading_ && doorbell.previous == end_;
  if (!follows || (wanted && !fits(frame))) return;  // It is in the store.
  end_ = doorbell.id;
  if (wanted) put(frame);
}

void SocketCursor::transient(Frame frame) {
  if (fits(frame)) put(std::move(frame));
}

bool SocketCursor::idle() const { return waiting_.empty() && (reading_ || newest_ <= end_); }

SocketCursor::Next SocketCursor::take() {
  if (!waiting_.empty()) {
    Frame frame = std::move(waiting_.front());
    waiting_.pop_front();
    waiting_bytes_ -= frame->size();
    return frame;
  }
  if (idle()) return Nothing{};
  reading_ = true;
  return Read{end_};
}

void SocketCursor::read(Page page) {
  assert(reading_);
  reading_ = false;
  end_ = std::max(end_, page.through);
  last_page_.clear();
  for (auto& row : page.rows) {
    last_page_.push_back(row.id);
    put(std::move(row.frame));
  }
}

bool SocketCursor::fits(const Frame& frame) const {
  if (waiting_.empty()) return true;  // However large: a frame that never fitted would never come.
  return waiting_.size() < limits::socket_frames_max &&
         waiting_bytes_ + frame->size() <= limits::socket_bytes_max;
}

void SocketCursor::put(Frame frame) {
  waiting_bytes_ += frame->size();
  waiting_.push_back(std::move(frame));
}

}  // namespace twostep::service

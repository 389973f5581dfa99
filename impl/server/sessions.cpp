#include "impl/server/sessions.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <utility>

namespace twostep::server {

namespace net = boost::asio;

Sessions::Sessions(net::any_io_executor executor) : executor_{std::move(executor)} {}

Sessions::Seat::Seat(Sessions& sessions) : sessions_{sessions}, number_{sessions.numbers_++} {
  ++sessions_.size_;
}

Sessions::Seat::~Seat() {
  {
    const std::lock_guard lock{sessions_.mutex_};
    sessions_.leaves_.erase(number_);
  }
  --sessions_.size_;
  if (sessions_.waiting_count_ > 0) {
    net::post(sessions_.executor_, [&sessions = sessions_] { sessions.wake_who_waits(); });
  }
}

void Sessions::Seat::when_asked(std::function<void()> leave) {
  {
    const std::lock_guard lock{sessions_.mutex_};
    if (!sessions_.asked_) {
      sessions_.leaves_[number_] = std::move(leave);
      return;
    }
  }
  leave();
}

void Sessions::ask_all_to_end() {
  std::map<std::uint64_t, std::function<void()>> leaves;
  {
    const std::lock_guard lock{mutex_};
    asked_ = true;
    leaves.swap(leaves_);
  }
  for (const auto& [number, leave] : leaves) leave();
}

net::awaitable<bool> Sessions::until_at_most(std::size_t wanted,
                                             std::chrono::steady_clock::time_point deadline) {
  const auto timer = waiting_.emplace(waiting_.end(), executor_, deadline);
  // Counted before each look, so that whoever leaves after the look sees it and wakes us.
  ++waiting_count_;
  while (size_ > wanted && std::chrono::steady_clock::now() < deadline) {
    timer->expires_at(deadline);
    co_await timer->async_wait(net::as_tuple(net::use_awaitable));
  }
  --waiting_count_;
  waiting_.erase(timer);
  co_return size_ <= wanted;
}

void Sessions::wake_who_waits() {
  for (auto& timer : waiting_) timer.cancel();
}

}  // namespace twostep::server

#include "impl/server/sessions.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <utility>

namespace twostep::server {

namespace net = boost::asio;

Sessions::Sessions(net::any_io_executor executor)
    : executor_{std::move(executor)}, changed_{executor_} {}

Sessions::Seat::Seat(Sessions& sessions) : sessions_{sessions}, number_{sessions.numbers_++} {
  ++sessions_.size_;
}

Sessions::Seat::~Seat() {
  {
    const std::lock_guard lock{sessions_.mutex_};
    sessions_.leaves_.erase(number_);
  }
  --sessions_.size_;
  if (sessions_.waiting_) {
    net::post(sessions_.executor_, [&sessions = sessions_] { sessions.changed_.cancel(); });
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
  // Set before each look, so that whoever leaves after the look sees it and wakes us.
  waiting_ = true;
  while (size_ > wanted && std::chrono::steady_clock::now() < deadline) {
    changed_.expires_at(deadline);
    co_await changed_.async_wait(net::as_tuple(net::use_awaitable));
  }
  waiting_ = false;
  co_return size_ <= wanted;
}

}  // namespace twostep::server

#include "impl/federation/call_places.hpp"

#include <algorithm>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <utility>

namespace twostep::federation {

namespace net = boost::asio;

net::awaitable<std::optional<CallPlaces::Place>> CallPlaces::take(
    std::string kind, std::chrono::steady_clock::time_point deadline) {
  const auto self = std::make_shared<Waiting>(co_await net::this_coro::executor);
  {
    const std::lock_guard lock{mutex_};
    auto& places = kinds_[kind];
    if (places.taken < at_once_max_) {
      ++places.taken;
      co_return Place{*this, std::move(kind)};
    }
    if (places.waiting.size() >= waiting_max_) co_return std::nullopt;
    places.waiting.push_back(self);
  }
  // Nothing of this strand runs between here and the start of waiting, so no wake-up is missed.
  self->woken.expires_at(deadline);
  co_await self->woken.async_wait(net::as_tuple(net::use_awaitable));

  const std::lock_guard lock{mutex_};
  if (self->has_place) co_return Place{*this, std::move(kind)};
  std::erase(kinds_[kind].waiting, self);
  co_return std::nullopt;
}

void CallPlaces::give_back(const std::string& name) {
  std::shared_ptr<Waiting> next;
  {
    const std::lock_guard lock{mutex_};
    const auto kind = kinds_.find(name);
    auto& waiting = kind->second.waiting;
    if (waiting.empty()) {
      if (--kind->second.taken == 0) kinds_.erase(kind);
      return;
    }
    next = std::move(waiting.front());
    waiting.pop_front();
    next->has_place = true;
  }
  net::post(next->woken.get_executor(), [next] { next->woken.cancel(); });
}

}  // namespace twostep::federation

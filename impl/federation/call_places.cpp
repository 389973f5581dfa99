#include "impl/federation/call_places.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <deque>
#include <map>
#include <mutex>
#include <utility>

namespace twostep::federation {

namespace net = boost::asio;

namespace {

struct Waiting {
  explicit Waiting(const net::any_io_executor& strand) : woken{strand} {}

  net::steady_timer woken;  ///< Used on its strand only.
  bool has_place = false;   ///< Guarded by the mutex of the places.
};

enum class Asked { has_place, has_to_wait, is_refused };

}  // namespace

class CallPlaces::Implementation {
 public:
  Implementation(std::size_t at_once_max, std::size_t waiting_max)
      : at_once_max_{at_once_max}, waiting_max_{waiting_max} {}

  Asked ask(const std::string& name, const std::shared_ptr<Waiting>& who) {
    const std::lock_guard lock{mutex_};
    auto& kind = kinds_[name];
    if (kind.taken < at_once_max_) {
      ++kind.taken;
      return Asked::has_place;
    }
    if (kind.waiting.size() >= waiting_max_) return Asked::is_refused;
    kind.waiting.push_back(who);
    return Asked::has_to_wait;
  }

  /// Ends the wait; says whether it was not in vain.
  bool conclude(const std::string& name, const std::shared_ptr<Waiting>& who) {
    const std::lock_guard lock{mutex_};
    if (!who->has_place) std::erase(kinds_[name].waiting, who);
    return who->has_place;
  }

  void give_back(const std::string& name) {
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

 private:
  struct Kind {
    std::size_t taken = 0;
    std::deque<std::shared_ptr<Waiting>> waiting;
  };

  const std::size_t at_once_max_;
  const std::size_t waiting_max_;
  std::mutex mutex_;
  std::map<std::string, Kind> kinds_;  ///< Those of which some place is taken.
};

CallPlaces::Place::Place(std::shared_ptr<Implementation> places, std::string kind)
    : places_{std::move(places)}, kind_{std::move(kind)} {}

CallPlaces::Place::~Place() {
  if (places_) places_->give_back(kind_);
}

CallPlaces::CallPlaces(std::size_t at_once_max, std::size_t waiting_max)
    : implementation_{std::make_shared<Implementation>(at_once_max, waiting_max)} {}

net::awaitable<std::optional<CallPlaces::Place>> CallPlaces::take(
    std::string kind, std::chrono::steady_clock::time_point deadline) {
  const auto places = implementation_;
  const auto self = std::make_shared<Waiting>(co_await net::this_coro::executor);
  switch (places->ask(kind, self)) {
    case Asked::is_refused:
      co_return std::nullopt;
    case Asked::has_to_wait:
      // Nothing of this strand runs before the wait has begun, so no wake-up comes too early.
      self->woken.expires_at(deadline);
      co_await self->woken.async_wait(net::as_tuple(net::use_awaitable));
      if (!places->conclude(kind, self)) co_return std::nullopt;
      break;
    case Asked::has_place:
      break;
  }
  co_return Place{places, std::move(kind)};
}

}  // namespace twostep::federation

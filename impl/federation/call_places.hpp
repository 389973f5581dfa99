#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <cstddef>
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "impl/federation/limits.hpp"

/// How many calls of a kind may be under way at a time; who finds no place waits in turn.
///
/// Shape      A kind is a name: the peer's and the procedure's. Kinds know nothing of each other, so
///            a peer that never answers holds up nobody who calls another.
/// Threads    Any; each coroutine that waits is on a strand of its own.
/// Source     specs/09-federation.md (FED).
namespace twostep::federation {

class CallPlaces {
 public:
  /// One place, taken as long as this lives. Must not outlive the places.
  class Place {
   public:
    Place(CallPlaces& places, std::string kind) : places_{&places}, kind_{std::move(kind)} {}
    ~Place() {
      if (places_) places_->give_back(kind_);
    }
    Place(Place&& other) noexcept
        : places_{std::exchange(other.places_, nullptr)}, kind_{std::move(other.kind_)} {}
    Place& operator=(Place&&) = delete;

   private:
    CallPlaces* places_;
    std::string kind_;
  };

  explicit CallPlaces(std::size_t at_once = limits::calls_at_once_max,
                      std::size_t waiting = limits::calls_waiting_max)
      : at_once_max_{at_once}, waiting_max_{waiting} {}

  /// None: none became free in time, or too many wait already.
  boost::asio::awaitable<std::optional<Place>> take(std::string kind,
                                                    std::chrono::steady_clock::time_point deadline);

 private:
  struct Waiting {
    explicit Waiting(const boost::asio::any_io_executor& strand) : woken{strand} {}

    boost::asio::steady_timer woken;  ///< Used on its strand only.
    bool has_place = false;           ///< Guarded by the mutex.
  };
  struct Kind {
    std::size_t taken = 0;
    std::deque<std::shared_ptr<Waiting>> waiting;
  };

  void give_back(const std::string& kind);

  const std::size_t at_once_max_;
  const std::size_t waiting_max_;
  std::mutex mutex_;
  std::map<std::string, Kind> kinds_;  ///< Those of which some place is taken.
};

}  // namespace twostep::federation

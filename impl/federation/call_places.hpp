#pragma once

#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <cstddef>
#include <memory>
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
  class Implementation;

 public:
  /// One place, taken as long as this lives.
  class Place {
   public:
    Place(std::shared_ptr<Implementation> places, std::string kind);
    ~Place();
    Place(Place&&) noexcept = default;
    Place& operator=(Place&&) = delete;

   private:
    std::shared_ptr<Implementation> places_;
    std::string kind_;
  };

  explicit CallPlaces(std::size_t at_once_max = limits::calls_at_once_max,
                      std::size_t waiting_max = limits::calls_waiting_max);

  /// None: none became free in time, or too many wait already.
  boost::asio::awaitable<std::optional<Place>> take(std::string kind,
                                                    std::chrono::steady_clock::time_point deadline);

 private:
  std::shared_ptr<Implementation> implementation_;
};

}  // namespace twostep::federation

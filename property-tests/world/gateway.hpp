#pragma once

#include <vector>

#include "impl/service/ports.hpp"
#include "property-tests/world/choices.hpp"
#include "property-tests/world/scheduler.hpp"

/// A simulated push gateway: it answers late, refuses, and declares tokens dead.
namespace twostep::properties {

struct GatewayHabits {
  Ticks answer_max{0};
  std::uint32_t dead = 0;  ///< So many in a thousand.
  std::uint32_t failing = 0;
};

/// What all nodes of a backend told it.
struct Notices {
  GatewayHabits habits;
  std::vector<service::PushNotice> all;
  std::uint64_t dead = 0;
  std::uint64_t failed = 0;
};

/// As one node sees it.
class SimulatedGateway final : public service::PushGateway {
 public:
  SimulatedGateway(Process& node, Choices& choices, Notices& notices)
      : node_{node}, choices_{choices}, notices_{notices} {}

  boost::asio::awaitable<service::PushAnswer> notify(service::PushNotice notice) override {
    const auto habits = notices_.habits;
    if (habits.answer_max > Ticks{0}) {
      const Ticks time{choices_.below(static_cast<std::uint32_t>(habits.answer_max.count()))};
      co_await pause(node_, time);
    }
    if (choices_.chance(habits.failing)) {
      ++notices_.failed;
      co_return service::PushAnswer::failed;
    }
    notices_.all.push_back(std::move(notice));
    if (!choices_.chance(habits.dead)) co_return service::PushAnswer::accepted;
    ++notices_.dead;
    co_return service::PushAnswer::dead;
  }

 private:
  Process& node_;
  Choices& choices_;
  Notices& notices_;
};

}  // namespace twostep::properties

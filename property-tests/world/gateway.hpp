#pragma once

#include <map>
#include <string>
#include <vector>

#include "impl/service/ports.hpp"
#include "property-tests/world/choices.hpp"
#include "property-tests/world/plant.hpp"
#include "property-tests/world/scheduler.hpp"

/// A simulated push gateway: it answers late, refuses, and declares tokens dead.
namespace twostep::properties {

struct GatewayHabits {
  Ticks answer_max{0};
  std::uint32_t dead = 0;  ///< So many in a thousand.
  std::uint32_t failing = 0;
};

struct Site;

/// How often the database of a backend has refused something, or worse.
std::uint64_t refusals_of(const Site& site);

Plant plant_of(const Site& site);

/// What all nodes of a backend told it.
struct Notices {
  /// When a token was declared dead for the last time, and what had been refused until then.
  struct Death {
    Ticks when;
    std::uint64_t refusals;
  };

  GatewayHabits habits;
  std::vector<service::PushNotice> all;  ///< Also those that it failed to take.
  std::map<std::string, Death> dead_at;  ///< By token.
  std::uint64_t dead = 0;
  std::uint64_t failed = 0;
};

/// As one node sees it.
class SimulatedGateway final : public service::PushGateway {
 public:
  SimulatedGateway(Process& node, Choices& choices, Notices& notices, const Site& site)
      : node_{node}, choices_{choices}, notices_{notices}, site_{site} {}

  boost::asio::awaitable<service::PushAnswer> notify(service::PushNotice notice) override {
    const auto habits = notices_.habits;
    const auto token = notice.token;
    note(std::move(notice));
    if (habits.answer_max > Ticks{0}) {
      const Ticks time{choices_.below(static_cast<std::uint32_t>(habits.answer_max.count()))};
      co_await pause(node_, time);
    }
    if (choices_.chance(habits.failing)) {
      ++notices_.failed;
      co_return service::PushAnswer::failed;
    }
    if (!choices_.chance(habits.dead)) co_return service::PushAnswer::accepted;
    ++notices_.dead;
    notices_.dead_at.insert_or_assign(token,
                                      Notices::Death{node_.scheduler().now(), refusals_of(site_)});
    co_return plant_of(site_) == Plant::keeps_dead_tokens ? service::PushAnswer::accepted
                                                          : service::PushAnswer::dead;
  }

 private:
  void note(service::PushNotice notice) {
    const auto plant = plant_of(site_);
    if (plant == Plant::push_of_nothing) notice.id = TimeUuid::at(notice.id.instant(), {});
    if (plant == Plant::push_for_another) ++notice.client.value;
    if (plant == Plant::pushes_twice) notices_.all.push_back(notice);
    notices_.all.push_back(std::move(notice));
  }

  Process& node_;
  Choices& choices_;
  Notices& notices_;
  const Site& site_;
};

}  // namespace twostep::properties

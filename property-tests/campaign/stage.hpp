#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "property-tests/campaign/coverage.hpp"
#include "property-tests/campaign/decisions.hpp"
#include "property-tests/campaign/history.hpp"
#include "property-tests/campaign/mix.hpp"
#include "property-tests/world/node.hpp"

/// The world of one run: backends with their nodes, and everybody who uses them.
///
/// Threads    One.
namespace twostep::properties {

/// How a run is begun.
struct Start {
  std::uint64_t seed = 1;
  std::optional<Decisions> given = {};  ///< Repeat these instead of drawing from the seed.
  std::optional<Mix> mix = {};          ///< This one instead of a drawn one.
  std::uint32_t commands_max = 100;
  Plant plant = Plant::none;
  bool keeps_lines = false;
};

struct Stage {
  explicit Stage(const Start& start);
  ~Stage();

  Choices choices_for(const char* purpose, Choices::List Decisions::*list) const;
  Choices choices_for_command(std::size_t number) const;
  Decisions decisions() const;  ///< Those taken so far.

  /// Somebody does something alone.
  Moment tell(const std::string& who, const std::string& what) {
    return scheduler.tell({model::Line::Kind::note, who, {}, what});
  }
  /// A device asks its backend, is answered (or not), hears a frame.
  Moment asks(const Device& device, const std::string& what) {
    return scheduler.tell({model::Line::Kind::call, device.name, lane_of(device), what});
  }
  Moment answers(const Device& device, const std::string& what, bool arrived = true) {
    const auto kind = arrived ? model::Line::Kind::reply : model::Line::Kind::lost;
    return scheduler.tell({kind, lane_of(device), device.name, what});
  }
  Moment hears(const Device& device, const std::string& what) {
    return scheduler.tell({model::Line::Kind::frame, lane_of(device), device.name, what});
  }
  std::string lane_of(const Device& device) { return properties::lane_of(site_of(device).domain); }
  static std::string name_of_node(const Site& site, std::size_t node) {
    return properties::lane_of(site.domain) + std::to_string(node + 1);
  }

  Site& site_of(const Device& device) { return *sites[history.people[device.person].site]; }
  const Person& person_of(const Device& device) const { return history.people[device.person]; }
  service::Caller caller(const Device& device) const {
    return {.user = person_of(device).id, .connection = device.connection, .client = device.client};
  }
  /// Somebody at a browser: a login without a client, and without a socket.
  service::Caller at_a_browser(std::size_t person) const {
    return {.user = history.people[person].id, .connection = {~std::uint64_t{0}}, .client = {}};
  }
  QualifiedUser name_of(std::size_t person) const {
    return {sites[history.people[person].site]->domain, history.people[person].id};
  }

  /// Asks a node for something, over a network that may be slow or lose either half of it. None: whoever
  /// asked does not know what became of it. A node that is down refuses.
  template <class T>
  boost::asio::awaitable<std::optional<Result<T>>> call(
      Site& site, std::size_t node,
      std::function<boost::asio::awaitable<Result<T>>(service::Backend&)> ask);

  void crash_node(Site& site, std::size_t node);
  void start_node(Site& site, std::size_t node);

  /// What is still wrong is put right: nodes up, nothing lost, everything prompt.
  void heal();

  const Start& start;
  Trace trace;
  Choices schedule;
  Choices store;
  Choices network;
  Choices nodes;
  Choices mix_choices;
  std::deque<Choices> commands;
  Mix mix;
  Scheduler scheduler;
  History history;
  Coverage coverage;
  std::vector<std::unique_ptr<Site>> sites;
  std::unique_ptr<Network> between;  ///< None: the backends do not know each other.
  std::unique_ptr<Process> devices;  ///< Everybody who uses the backends.
  Inboxes swept;                     ///< What had expired before it was removed.
  std::uint64_t starts = 0;          ///< Of nodes.

 private:
  template <class T>
  struct Reply;

  bool trip_is_lost() { return network.chance(mix.trips_lost); }
  Ticks trip() {
    const auto slowest = static_cast<std::uint32_t>(mix.trip_max.count());
    return Ticks{slowest > 0 ? network.below(slowest) : 0};
  }
  void add_sites();
  void ring_for_heads(Site& site);
};

/// The way back from a node. It is taken when the request ends, however it ends.
template <class T>
struct Stage::Reply {
  Reply(Stage& of, Task resume_caller) : stage{of}, resume{std::move(resume_caller)} {}
  ~Reply() {
    const bool lost = !answer || stage.trip_is_lost();
    if (lost && answer) {
      stage.coverage.saw(Situation::answer_lost);
      answer.reset();
    }
    *outcome = std::move(answer);
    stage.scheduler.post_at(*stage.devices, stage.scheduler.now() + stage.trip(),
                            std::move(resume));
  }

  Stage& stage;
  Task resume;
  std::optional<Result<T>> answer;
  std::shared_ptr<std::optional<Result<T>>> outcome = std::make_shared<std::optional<Result<T>>>();
};

template <class T>
boost::asio::awaitable<std::optional<Result<T>>> Stage::call(
    Site& site, std::size_t node,
    std::function<boost::asio::awaitable<Result<T>>(service::Backend&)> ask) {
  std::shared_ptr<std::optional<Result<T>>> outcome;
  const auto serve = [](Stage& stage, boost::asio::awaitable<Result<T>> work,
                        std::shared_ptr<Reply<T>> reply) -> boost::asio::awaitable<void> {
    try {
      if (stage.start.plant == Plant::throws) throw std::runtime_error{"planted"};
      reply->answer = co_await std::move(work);
      stage.history.judge(Rule::no_exception, true, [] { return std::string{}; });
    } catch (const std::exception& thrown) {
      stage.history.violated(Rule::no_exception, thrown.what());
    }
  };
  const auto begin = [&](Task resume) {
    auto reply = std::make_shared<Reply<T>>(*this, std::move(resume));
    outcome = reply->outcome;
    if (trip_is_lost()) return;
    scheduler.post_at(
        *devices, scheduler.now() + trip(), Task{[this, &site, node, ask, serve, reply] {
          if (!site.nodes[node]) {
            reply->answer = Refusal{Reason::internal, "connection refused"};
            return;
          }
          auto& backend = site.nodes[node]->backend();
          boost::asio::co_spawn(site.nodes[node]->process().executor(),
                                serve(*this, ask(backend), reply), boost::asio::detached);
        }});
  };
  co_await suspended(*devices, begin);
  co_return std::move(*outcome);
}

}  // namespace twostep::properties

#include "property-tests/campaign/acts.hpp"

#include <algorithm>

#include "impl/store/retention.hpp"
#include "property-tests/campaign/judge.hpp"

namespace twostep::properties {
namespace {

using boost::asio::awaitable;

template <class T>
std::size_t one_of(Choices& choices, const T& all) {
  return choices.below(static_cast<std::uint32_t>(all.size()));
}

void set_clock(Stage& stage, Site& site, std::size_t node, Choices& choices) {
  const auto widest = static_cast<std::uint32_t>(stage.mix.skew_max.count() / 10'000);  // In ms.
  if (widest == 0) return;
  const auto before = site.skews[node];
  const Ticks by{std::int64_t{choices.below(widest)} * 10'000};
  site.skews[node] = choices.chance(500) ? -by : by;
  const bool back = site.skews[node] < before;
  stage.coverage.saw(back ? Situation::clock_set_back : Situation::clock_set_forward);
  const auto skew =
      site.skews[node] < Ticks{0} ? "-" + text_of(-site.skews[node]) : text_of(site.skews[node]);
  stage.tell(Stage::name_of_node(site, node), "has its clock set to " + skew);
}

void crash_node(Stage& stage, Site& site, std::size_t node) {
  if (!site.nodes[node]) return;
  for (auto& device : stage.history.devices)
    for (const auto& log : device.sockets)
      if (!log.closed && log.opened && log.node == node && &stage.site_of(device) == &site)
        stage.coverage.saw(Situation::socket_lost_with_node);
  stage.tell(Stage::name_of_node(site, node), "is killed");
  const auto before = site.database.counts();
  stage.crash_node(site, node);
  const auto& now = site.database.counts();
  if (now.crashes_after_commit + now.crashes_before_commit ==
      before.crashes_after_commit + before.crashes_before_commit)
    stage.coverage.saw(Situation::crash_idle);
}

void start_node(Stage& stage, Site& site, std::size_t node) {
  // An operator also starts again what takes no writes any more.
  const bool stuck = stage.mix.nodes == 1 && site.nodes[node] && !site.database.takes_writes();
  if (stuck) stage.crash_node(site, node);
  if (site.nodes[node]) return;
  stage.coverage.saw(Situation::restart);
  stage.tell(Stage::name_of_node(site, node), "is started");
  stage.start_node(site, node);
}

awaitable<Result<std::size_t>> sweep_all(service::Backend& backend) {
  std::size_t removed = 0;
  std::optional<UserId> from;
  do {
    const auto oldest = backend.clock.now() - backend.retention;
    const auto step = co_await store::sweep(backend.store, from, oldest);
    if (!step) co_return Refusal{Reason::internal};
    removed += step->removed;
    from = step->next;
  } while (from);
  co_return removed;
}

/// A node removes what has expired. What that may be by now is kept for the judgement.
awaitable<void> sweep(Stage& stage, Site& site, std::size_t node) {
  const std::function<awaitable<Result<std::size_t>>(service::Backend&)> ask =
      [&stage, &site](service::Backend& backend) {
        stage.swept.resize(stage.history.people.size());
        const auto oldest = backend.clock.now() - backend.retention;
        for (std::size_t person = 0; person < stage.swept.size(); ++person)
          if (stage.sites[stage.history.people[person].site].get() == &site)
            read_rows(stage, person, oldest, stage.swept[person]);
        return sweep_all(backend);
      };
  const auto answer = co_await stage.call(site, node, ask);
  const auto removed = answer && *answer ? **answer : 0;
  if (removed > 0) stage.coverage.saw(Situation::swept);
  stage.tell(Stage::name_of_node(site, node),
             "removes what has expired: " + std::to_string(removed));
}

void cut_network(Stage& stage, Choices& choices) {
  if (!stage.between) return;
  const auto one = choices.below(stage.mix.backends);
  const auto other = choices.below(stage.mix.backends);
  stage.tell("network", "is cut, or is mended");
  stage.between->cut(one, other);
}

/// Mostly somebody who can send there: beginning with this device, the first that may.
std::size_t sender_near(const Stage& stage, std::size_t device, const Talk& talk,
                        Choices& choices) {
  if (choices.below(5) == 4) return device;
  const auto& devices = stage.history.devices;
  for (std::size_t i = 0; i < devices.size(); ++i) {
    const auto candidate = (device + i) % devices.size();
    const auto member = talk.members.find(devices[candidate].person);
    if (devices[candidate].registered.holds && member != talk.members.end() && member->second.holds)
      return candidate;
  }
  return device;
}

awaitable<void> send_act(Stage& stage, std::size_t device, std::size_t node, Choices& choices) {
  std::vector<std::size_t> talks;
  for (std::size_t i = 0; i < stage.history.talks.size(); ++i)
    if (stage.history.talks[i].members.contains(stage.history.devices[device].person))
      talks.push_back(i);
  if (talks.empty()) co_return;
  const auto talk = talks[one_of(choices, talks)];
  const auto sender = sender_near(stage, device, stage.history.talks[talk], choices);
  co_await send(stage, sender, talk, node, choices);
}

awaitable<void> read_act(Stage& stage, Act act, std::size_t device, std::size_t node,
                         Choices& choices) {
  if (act == Act::catch_up) {
    const std::size_t sizes[] = {100, 1, 2, 5};
    const auto size = sizes[choices.below(4)];
    const auto pages = choices.below(4) == 3 ? 1 : 1'000;
    const auto under_way = [](const Message& message) {
      return message.outcome == Outcome::pending;
    };
    const auto& messages = stage.history.messages;
    if (std::any_of(messages.rbegin(),
                    messages.rbegin() +
                        static_cast<std::ptrdiff_t>(std::min<std::size_t>(messages.size(), 20)),
                    under_way))
      stage.coverage.saw(Situation::walk_during_sends);
    co_await walk(stage, device, node, size, pages);
  } else if (act == Act::connect) {
    const auto slowest = static_cast<std::uint32_t>(stage.mix.frame_max.count());
    const Ticks slowness{slowest > 0 && choices.chance(500) ? slowest : 0};
    co_await connect(stage, device, node, slowness, choices.below(3) != 2);
  } else {
    const auto& sockets = stage.history.devices[device].sockets;
    if (!sockets.empty()) hang_up(stage, device, sockets.size() - 1);
  }
}

}  // namespace

awaitable<void> perform(Stage& stage, Choices& choices) {
  const auto act = draw_act(choices, stage.mix);
  const auto device = one_of(choices, stage.history.devices);
  const auto node = choices.below(stage.mix.nodes);
  auto& site = stage.site_of(stage.history.devices[device]);
  switch (act) {
    case Act::send:
      co_await send_act(stage, device, node, choices);
      break;
    case Act::catch_up:
    case Act::connect:
    case Act::hang_up:
      co_await read_act(stage, act, device, node, choices);
      break;
    case Act::add_client:
    case Act::remove_client:
    case Act::add_member:
    case Act::remove_member:
    case Act::add_push_token:
    case Act::rename:
    case Act::add_talk:
    case Act::meet:
      co_await change(stage, act, device, node, choices);
      break;
    case Act::sweep:
      co_await sweep(stage, site, node);
      break;
    case Act::crash_node:
      crash_node(stage, site, node);
      break;
    case Act::start_node:
      start_node(stage, site, node);
      break;
    case Act::fail_over:
      if (stage.mix.nodes == 1) break;
      stage.tell(lane_of(site.domain), "fails over to another database");
      stage.coverage.saw(Situation::fail_over);
      site.database.fail_over();
      break;
    case Act::set_clock:
      set_clock(stage, site, node, choices);
      break;
    case Act::cut_network:
      cut_network(stage, choices);
      break;
    case Act::count_:
      break;
  }
}

}  // namespace twostep::properties

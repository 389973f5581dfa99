#include "property-tests/campaign/acts.hpp"

#include <algorithm>

#include "impl/service/clients.hpp"
#include "impl/service/members.hpp"
#include "impl/service/push_tokens.hpp"

namespace twostep::properties {
namespace {

using boost::asio::awaitable;

template <class T>
std::size_t one_of(Choices& choices, const T& all) {
  return choices.below(static_cast<std::uint32_t>(all.size()));
}

/// A fact that somebody asks to change. What is known of it follows from the answer.
class Changing {
 public:
  explicit Changing(Fact& fact) : fact_{fact} {
    if (fact_.changing++ > 0) fact_.unsure = true;  // Two at once: either may come last.
    ++fact_.version;
  }

  template <class T>
  void end(const std::optional<Result<T>>& answer, bool now) {
    --fact_.changing;
    ++fact_.version;
    const bool unknown = !answer || (!*answer && answer->error().reason == Reason::outcome_unknown);
    if (unknown) {
      fact_.unsure = true;
    } else if (*answer) {
      fact_.holds = now;
    }
  }

 private:
  Fact& fact_;
};

template <class T>
std::string outcome_of(const std::optional<Result<T>>& answer) {
  return !answer ? " (no answer)" : *answer ? " (done)" : " (refused)";
}

awaitable<void> add_client(Stage& stage, Device& device, std::size_t node) {
  NewClient wanted;
  wanted.last_resort_key = device.last_resort_key;
  Changing changing{device.registered};
  const std::function<awaitable<Result<Client>>(service::Backend&)> ask =
      [caller = stage.caller(device), wanted](service::Backend& backend) {
        return service::add_client(backend, caller, wanted);
      };
  const auto answer = co_await stage.call(stage.site_of(device), node, ask);
  changing.end(answer, true);
  stage.tell(device.name, "registers" + outcome_of(answer));
}

awaitable<void> remove_client(Stage& stage, Device& device, std::size_t node) {
  Changing changing{device.registered};
  const std::function<awaitable<Result<void>>(service::Backend&)> ask =
      [caller = stage.caller(device), client = device.client](service::Backend& backend) {
        return service::remove_client(backend, caller, client, {});
      };
  const auto answer = co_await stage.call(stage.site_of(device), node, ask);
  changing.end(answer, false);
  device.has_token = false;
  stage.tell(device.name, "is removed" + outcome_of(answer));
}

awaitable<void> change_member(Stage& stage, Talk& talk, std::size_t person, bool joins,
                              std::size_t node) {
  const auto caller = stage.at_a_browser(talk.creator);
  const std::function<awaitable<Result<service::Happened>>(service::Backend&)> ask =
      [caller, id = talk.id, user = stage.name_of(person), joins](service::Backend& backend) {
        if (!joins) return service::remove_member(backend, caller, id, user);
        wire::NewMembers wanted;
        wanted.users.push_back(user);
        return service::add_members(backend, caller, id, wanted);
      };
  Changing changing{talk.members[person]};
  const auto answer = co_await stage.call(*stage.sites[talk.site], node, ask);
  changing.end(answer, joins);
  stage.tell(stage.history.people[person].name,
             (joins ? "joins " : "leaves ") + talk.name + outcome_of(answer));
}

awaitable<void> add_token(Stage& stage, Device& device, std::size_t node) {
  PushToken token{.transport = "GCM",
                  .app = "app",
                  .token = "token of " + device.name,
                  .client = device.client,
                  .registered_on = {}};
  const std::function<awaitable<Result<void>>(service::Backend&)> ask =
      [caller = stage.caller(device), token](service::Backend& backend) {
        return service::add_push_token(backend, caller, token);
      };
  const auto answer = co_await stage.call(stage.site_of(device), node, ask);
  device.has_token = answer && *answer;
  stage.tell(device.name, "has a push token" + outcome_of(answer));
}

void set_clock(Stage& stage, Site& site, std::size_t node, Choices& choices) {
  const auto widest = static_cast<std::uint32_t>(stage.mix.skew_max.count() / 10'000);  // In ms.
  if (widest == 0) return;
  const auto before = site.skews[node];
  const Ticks by{std::int64_t{choices.below(widest)} * 10'000};
  site.skews[node] = choices.chance(500) ? -by : by;
  const bool back = site.skews[node] < before;
  stage.coverage.saw(back ? Situation::clock_set_back : Situation::clock_set_forward);
  stage.tell(site.domain.text(), "sets clock " + std::to_string(node + 1) + " to " +
                                     (site.skews[node] < Ticks{0} ? "-" + text_of(-site.skews[node])
                                                                  : text_of(site.skews[node])));
}

void crash_node(Stage& stage, Site& site, std::size_t node) {
  if (!site.nodes[node]) return;
  for (auto& device : stage.history.devices)
    for (const auto& log : device.sockets)
      if (!log.closed && log.opened && log.node == node && &stage.site_of(device) == &site)
        stage.coverage.saw(Situation::socket_lost_with_node);
  stage.tell(site.domain.text(), "node " + std::to_string(node + 1) + " is killed");
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
  stage.tell(site.domain.text(), "node " + std::to_string(node + 1) + " is started");
  stage.start_node(site, node);
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

/// The first client of who made the conversations stays: somebody has to be there in the end.
bool has_to_stay(const Stage& stage, std::size_t number) {
  const auto& device = stage.history.devices[number];
  return number == 0 || stage.history.devices[number - 1].person != device.person;
}

awaitable<void> change_act(Stage& stage, Act act, std::size_t number, std::size_t node,
                           Choices& choices) {
  auto& device = stage.history.devices[number];
  if (act == Act::add_client) {
    co_await add_client(stage, device, node);
  } else if (act == Act::remove_client) {
    if (!has_to_stay(stage, number)) co_await remove_client(stage, device, node);
  } else if (act == Act::add_push_token) {
    co_await add_token(stage, device, node);
  } else {
    auto& talk = stage.history.talks[one_of(choices, stage.history.talks)];
    auto member =
        std::next(talk.members.begin(), static_cast<std::ptrdiff_t>(one_of(choices, talk.members)));
    if (member->first == talk.creator) co_return;  // Whoever made it stays in it.
    co_await change_member(stage, talk, member->first, act == Act::add_member, node);
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
      co_await change_act(stage, act, device, node, choices);
      break;
    case Act::crash_node:
      crash_node(stage, site, node);
      break;
    case Act::start_node:
      start_node(stage, site, node);
      break;
    case Act::fail_over:
      if (stage.mix.nodes == 1) break;
      stage.tell(site.domain.text(), "the database fails over");
      stage.coverage.saw(Situation::fail_over);
      site.database.fail_over();
      break;
    case Act::set_clock:
      set_clock(stage, site, node, choices);
      break;
    case Act::cut_network:
      if (!stage.between) break;
      stage.tell("network", "is cut, or is mended");
      stage.between->cut(choices.below(stage.mix.backends), choices.below(stage.mix.backends));
      break;
    case Act::count_:
      break;
  }
}

}  // namespace twostep::properties

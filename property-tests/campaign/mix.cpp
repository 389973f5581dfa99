#include "property-tests/campaign/mix.hpp"

namespace twostep::properties {
namespace {

using std::chrono::duration_cast;
using namespace std::chrono_literals;

// One of these, the first being the plainest.
template <class T, std::size_t n>
T one_of(Choices& choices, const std::array<T, n>& values) {
  return values[choices.below(n)];
}

Ticks one_of_times(Choices& choices, const std::array<std::chrono::microseconds, 4>& times) {
  return duration_cast<Ticks>(one_of(choices, times));
}

DatabaseHabits draw_database(Choices& choices, bool embedded) {
  DatabaseHabits habits;
  habits.embedded = embedded;
  habits.gather_max = one_of_times(choices, {0us, 0us, 500us, 5ms});
  habits.commit_max = one_of_times(choices, {0us, 200us, 5ms, 2s});
  habits.read_max = one_of_times(choices, {0us, 0us, 1ms, 200ms});
  habits.together_max = one_of<std::uint32_t>(choices, std::array{256u, 256u, 3u, 1u});
  habits.busy = one_of<std::uint32_t>(choices, std::array{0u, 0u, 20u, 200u});
  habits.full = one_of<std::uint32_t>(choices, std::array{0u, 0u, 20u, 200u});
  habits.unknown = one_of<std::uint32_t>(choices, std::array{0u, 0u, 10u, 50u});
  habits.unreadable = one_of<std::uint32_t>(choices, std::array{0u, 0u, 10u, 50u});
  return habits;
}

constexpr std::array<std::string_view, acts> names = {
    "send",       "catch up",      "connect",    "hang up",    "add client", "remove client",
    "add member", "remove member", "push token", "crash node", "start node", "fail over",
    "set clock",  "cut network",   "rename",     "add talk",   "sweep",      "meet",
};

/// How much there is of each act in a run that has it.
constexpr std::array<std::uint32_t, acts> usual = {40, 20, 10, 5, 4, 4, 5, 5, 8,
                                                   6,  9,  3,  8, 4, 4, 3, 6, 4};

/// Kept runs know of no more than these where they were drawn; the others are drawn at the end.
constexpr std::size_t acts_drawn_first = 14;

void draw_weights(Choices& choices, Mix& mix, std::size_t from, std::size_t to) {
  for (std::size_t act = from; act < to; ++act)
    mix.weights[act] = act == 0 || choices.chance(600) ? usual[act] : 0;
}

/// How long a run goes on, and how long notifications are kept in it. Where they expire, clocks are right:
/// what has expired is a matter of whose clock one asks.
void draw_times(Choices& choices, Mix& mix) {
  const auto span = choices.below(8);
  if (span < 6) return;
  mix.skew_max = {};
  mix.weights[static_cast<std::size_t>(Act::sweep)] = usual[static_cast<std::size_t>(Act::sweep)];
  if (span == 6) {
    mix.gap_max = std::chrono::hours{24};
  } else {
    mix.retention = std::chrono::minutes{10};
    mix.gap_max = std::chrono::minutes{1};
  }
}

}  // namespace

Mix draw_mix(Choices& choices, std::uint32_t commands_max) {
  Mix mix;
  mix.backends = choices.between(1, 3);
  mix.nodes = choices.between(1, 3);
  mix.users = choices.between(2, 4);
  mix.clients = choices.between(1, 3);
  mix.talks = choices.between(1, 2);
  mix.database = draw_database(choices, mix.nodes == 1);
  mix.gateway.answer_max = one_of_times(choices, {0us, 10ms, 500ms, 10s});
  mix.gateway.dead = one_of<std::uint32_t>(choices, std::array{0u, 50u, 300u, 800u});
  mix.gateway.failing = one_of<std::uint32_t>(choices, std::array{0u, 0u, 100u, 1000u});
  mix.bells_max = one_of_times(choices, {0us, 1ms, 50ms, 3s});
  mix.trip_max = one_of_times(choices, {0us, 1ms, 80ms, 2s});
  mix.trips_lost = one_of<std::uint32_t>(choices, std::array{0u, 0u, 20u, 100u});
  mix.frame_max = one_of_times(choices, {0us, 0us, 20ms, 5s});
  mix.skew_max = duration_cast<Ticks>(one_of<std::chrono::milliseconds>(
      choices, std::array<std::chrono::milliseconds, 4>{0ms, 50ms, 30s, std::chrono::hours{48}}));
  mix.width = one_of<std::uint32_t>(choices, std::array{1u, 3u, 16u});
  mix.gap_max = one_of_times(choices, {0us, 1ms, 200ms, 60s});
  draw_weights(choices, mix, 0, acts_drawn_first);
  mix.commands = choices.between(1, commands_max);
  mix.federated = mix.backends > 1 && choices.chance(700);
  mix.network.trip_max = one_of_times(choices, {0us, 1ms, 80ms, 2s});
  mix.network.requests_lost = one_of<std::uint32_t>(choices, std::array{0u, 0u, 20u, 100u});
  mix.network.replies_lost = one_of<std::uint32_t>(choices, std::array{0u, 0u, 20u, 100u});
  mix.network.resets = one_of<std::uint32_t>(choices, std::array{0u, 0u, 20u, 100u});
  draw_weights(choices, mix, acts_drawn_first, acts);
  draw_times(choices, mix);
  mix.strangers = choices.chance(300);
  return mix;
}

Mix busy_mix(std::uint32_t commands) {
  Mix mix;
  mix.backends = 3;
  mix.federated = true;
  mix.network = {
      .trip_max = duration_cast<Ticks>(80ms), .requests_lost = 5, .replies_lost = 5, .resets = 5};
  mix.users = 5;
  mix.clients = 2;
  mix.talks = 2;
  mix.database.gather_max = duration_cast<Ticks>(500us);
  mix.database.commit_max = duration_cast<Ticks>(5ms);
  mix.database.busy = 5;
  mix.trip_max = duration_cast<Ticks>(80ms);
  mix.trips_lost = 5;
  mix.skew_max = duration_cast<Ticks>(1s);
  mix.width = 3;
  mix.gap_max = duration_cast<Ticks>(2s);
  mix.weights = usual;
  mix.weights[0] = 400;
  mix.commands = commands;
  return mix;
}

std::string_view name_of(Act act) { return names[static_cast<std::size_t>(act)]; }

Act draw_act(Choices& choices, const Mix& mix) {
  std::uint32_t total = 0;
  for (const auto weight : mix.weights) total += weight;
  auto place = choices.below(total);
  for (std::size_t act = 0; act < acts; ++act) {
    if (place < mix.weights[act]) return static_cast<Act>(act);
    place -= mix.weights[act];
  }
  return Act::send;
}

}  // namespace twostep::properties

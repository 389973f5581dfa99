#include "property-tests/oracle/draw.hpp"

#include <algorithm>
#include <numeric>

namespace twostep::properties::oracle {
namespace {

using What = Command::What;

template <class T>
std::size_t one_of(Choices& choices, const T& all) {
  return choices.below(static_cast<std::uint32_t>(all.size()));
}

What draw_what(Choices& choices, const Habits& habits) {
  const auto& weights = habits.weights;
  auto left = choices.below(std::accumulate(weights.begin(), weights.end(), 1u));
  for (std::size_t what = 0; what < weights.size(); ++what) {
    if (left < weights[what]) return static_cast<What>(what);
    left -= weights[what];
  }
  return What::send;
}

/// Those that the sender should address, if it knew everything.
std::vector<std::size_t> expected_devices(const Cast& cast, const Expected& now,
                                          const Command& command) {
  std::vector<std::size_t> devices;
  for (std::size_t device = 0; device < cast.devices.size(); ++device)
    if (device != command.device && now.is_registered(device) &&
        now.is_member(command.talk, cast.devices[device].person))
      devices.push_back(device);
  return devices;
}

void mistake_recipients(Choices& choices, const Cast& cast, std::size_t sender,
                        std::vector<std::size_t>& devices) {
  const auto add = [&](std::size_t device) {
    if (std::find(devices.begin(), devices.end(), device) == devices.end())
      devices.push_back(device);
  };
  for (auto mistakes = choices.below(3); mistakes > 0; --mistakes) {
    switch (choices.below(8)) {
      case 0:
      case 1:
      case 2:
        if (!devices.empty())
          devices.erase(devices.begin() + static_cast<std::ptrdiff_t>(one_of(choices, devices)));
        break;
      case 3:
      case 4:
      case 5:
        add(one_of(choices, cast.devices));
        break;
      case 6:
        add(sender);
        break;
      case 7:
        devices.clear();
        break;
    }
  }
}

model::Strategy draw_strategy(Choices& choices, const Cast& cast) {
  using Kind = model::Strategy::Kind;
  constexpr Kind kinds[] = {Kind::report_all, Kind::report_all, Kind::ignore_all, Kind::report_only,
                            Kind::ignore_only};
  model::Strategy strategy{.kind = kinds[choices.below(5)], .users = {}};
  if (strategy.kind == Kind::report_only || strategy.kind == Kind::ignore_only)
    for (const auto& person : cast.people)
      if (choices.chance(400)) strategy.users.push_back(person.user);
  return strategy;
}

void draw_message(Choices& choices, const Cast& cast, const Expected& now, std::size_t number,
                  Command& command) {
  command.number = number;
  command.talk = one_of(choices, cast.talks);
  auto devices = expected_devices(cast, now, command);
  if (choices.chance(400)) mistake_recipients(choices, cast, command.device, devices);
  std::sort(devices.begin(), devices.end());
  auto& message = command.message;
  message.conversation = cast.talks[command.talk].id;
  message.sender = cast.devices[command.device].client;
  for (const auto device : devices)
    message.recipients.push_back({cast.devices[device].client, model::payload_of(number, device)});
  message.strategy = draw_strategy(choices, cast);
  if (choices.chance(300)) message.shared = {static_cast<std::uint32_t>(number + 1)};
  message.transient = choices.chance(100);
  message.native_push = !choices.chance(200);
}

std::size_t first_device_of(const Cast& cast, std::size_t person) {
  return person * (cast.clients + 1);
}

void draw_mishap(Choices& choices, const Cast& cast, Command& command) {
  using Kind = model::Call::Kind;
  if (cast.backends == 1 || !choices.chance(150)) return;
  constexpr Kind kinds[] = {Kind::tell, Kind::ask, Kind::forward};
  const auto kind = kinds[choices.below(3)];
  const auto owner = command.message.conversation.owner;
  const model::BackendId other{static_cast<std::uint16_t>(one_of(choices, cast.talks))};
  const auto from = kind == Kind::forward ? command.message.sender.user.home : owner;
  const auto to = kind == Kind::forward ? owner : other;
  if (from != to) command.mishap = {from, to, kind, choices.chance(500)};
}

void draw_catch_up(Choices& choices, const Cast& cast, const Expected& now, Command& command) {
  constexpr std::size_t sizes[] = {100, 1, 2, 5, 1'000};
  command.size = sizes[choices.below(5)];
  command.whole_inbox = choices.chance(150);
  const auto here = now.inbox_size(cast.devices[command.device].person);
  const auto place = choices.below(static_cast<std::uint32_t>(here + 2));
  if (place == 1) command.since = place_of_nothing;
  if (place > 1) command.since = here + 1 - place;
}

}  // namespace

Habits draw_habits(Choices& choices, std::uint32_t commands_max) {
  Habits habits;
  habits.commands = choices.between(1, commands_max);
  constexpr std::array<std::uint32_t, 11> usual = {20, 8, 4, 2, 3, 3, 3, 3, 2, 1, 8};
  for (std::size_t what = 0; what < habits.weights.size(); ++what)
    habits.weights[what] = choices.chance(300) && what > 1 ? 0 : usual[what];
  return habits;
}

Habits overlapping(Habits habits, const Cast& cast) {
  const auto leave_out = [&](What what) { habits.weights[static_cast<std::size_t>(what)] = 0; };
  leave_out(What::connect);
  leave_out(What::hang_up);
  leave_out(What::add_push_token);
  habits.weights[static_cast<std::size_t>(What::crash)] =
      8;  // What is under way is what it is for.
  if (cast.backends > 1) {
    leave_out(What::add_member);
    leave_out(What::remove_member);
  }
  return habits;
}

Command draw_command(Choices& choices, const Cast& cast, const Habits& habits, const Expected& now,
                     std::size_t number) {
  Command command{.what = draw_what(choices, habits)};
  command.device = one_of(choices, cast.devices);
  switch (command.what) {
    case What::send:
      draw_message(choices, cast, now, number, command);
      draw_mishap(choices, cast, command);
      break;
    case What::catch_up:
      draw_catch_up(choices, cast, now, command);
      break;
    case What::add_member:
    case What::remove_member:
      command.talk = one_of(choices, cast.talks);
      command.person = one_of(choices, cast.people);
      if (command.person == cast.talks[command.talk].creator) {  // Who stays in it.
        command.what = What::catch_up;
        draw_catch_up(choices, cast, now, command);
      } else {
        command.device = first_device_of(cast, cast.talks[command.talk].creator);
      }
      break;
    case What::crash:
    case What::start:
      command.site = one_of(choices, cast.talks);
      break;
    case What::connect:
      command.whole_inbox = choices.chance(150);
      break;
    case What::hang_up:
    case What::add_client:
    case What::remove_client:
    case What::add_push_token:
      break;
  }
  return command;
}

}  // namespace twostep::properties::oracle

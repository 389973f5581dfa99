// Several commands at the same time, in a world that takes its time.

#include <algorithm>
#include <memory>

#include "property-tests/oracle/actual.hpp"

namespace twostep::properties::oracle {
namespace {

constexpr Ticks longest = std::chrono::milliseconds{4};  ///< For one thing that takes time.

}  // namespace

Overlap Actual::overlap(const std::vector<Command>& commands,
                        std::optional<Command::Mishap> mishap) {
  calls_.clear();
  mishap_ = mishap;
  for (auto& each : sites_)
    each->database.behave({.gather_max = longest, .commit_max = longest, .read_max = longest},
                          plant_);
  if (between_) between_->behave({.trip_max = longest});

  Overlap seen;
  seen.answers.resize(commands.size());
  for (std::size_t number = 0; number < commands.size(); ++number) {
    const auto latest = static_cast<std::uint32_t>(2 * longest.count());
    const Ticks when{number == 0 ? 0 : chance_.network.below(latest)};
    scheduler_.post_at(*devices_, scheduler_.now() + when, Task{[this, &commands, number, &seen] {
      begin_one(commands[number], number, seen);
    }});
  }
  rest();
  read_inboxes();
  for (const auto& rows : rows_) {
    auto& inbox = seen.inboxes.emplace_back();
    for (const auto& row : rows) inbox.push_back(row.content);
  }
  seen.frames.resize(cast_.devices.size());
  for (const auto& [device, socket] : sockets_)
    look_at_socket(device, *socket, seen.frames[device], seen.passing);
  look_at_pushes(seen.passing);
  std::sort(seen.passing.begin(), seen.passing.end());
  return seen;
}

void Actual::begin_one(const Command& command, std::size_t number, Overlap& seen) {
  seen.moments.push_back({number, false});
  const auto hear = [number, &seen](std::string text) {
    seen.answers[number] = std::move(text);
    seen.moments.push_back({number, true});
  };
  const auto home = cast_.site_of(cast_.devices[command.device]);
  const bool at_once = command.what == Command::What::crash || command.what == Command::What::start;
  if (at_once || !site(home).nodes[0]) {
    hear(carry_out(command));
  } else {
    ask(command, hear);
  }
}

}  // namespace twostep::properties::oracle

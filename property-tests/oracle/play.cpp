#include "property-tests/oracle/play.hpp"

#include <algorithm>
#include <sstream>

#include "property-tests/campaign/shrink.hpp"
#include "property-tests/oracle/actual.hpp"
#include "property-tests/oracle/draw.hpp"
#include "property-tests/oracle/explain.hpp"

namespace twostep::properties::oracle {
namespace {

/// Enough for a small history in some seconds.
constexpr std::size_t attempts_max = 2'000;

Choices choices_for(const Start& start, const char* purpose, Choices::List Decisions::*list) {
  if (start.given) return Choices::repeating((*start.given).*list);
  return Choices::drawn_from(stream_seed(start.seed, purpose));
}

Choices choices_for_command(const Start& start, std::size_t number) {
  if (start.given) return Choices::repeating(start.given->commands.at(number));
  return Choices::drawn_from(stream_seed(start.seed, "oracle command", number));
}

std::string lines(const char* who, const Seen& seen) {
  std::string text;
  for (const auto& line : seen) text += std::string{"      "} + who + line + '\n';
  return text;
}

/// One history, as it goes on.
class History {
 public:
  explicit History(const Start& start)
      : start_{start},
        mix_{choices_for(start, "oracle mix", &Decisions::mix)},
        cast_{draw_cast(mix_)},
        habits_{draw_habits(mix_, start.commands_max)},
        at_once_{start.overlaps ? 2 + mix_.below(3) : 0},
        chance_{.schedule = choices_for(start, "oracle schedule", &Decisions::schedule),
                .store = choices_for(start, "oracle store", &Decisions::store),
                .network = choices_for(start, "oracle network", &Decisions::network),
                .width = 1 + mix_.below(4),
                .seed = start.seed},
        actual_{cast_, chance_, start.plant},
        expected_{cast_, actual_.begin(), start.bug} {
    if (start.given) habits_.commands = static_cast<std::uint32_t>(start.given->commands.size());
    at_once_ = std::min(at_once_, habits_.commands);
  }

  Played play() && {
    const auto in_turn = habits_.commands - at_once_;
    for (std::uint32_t number = 0; number < in_turn && !played_.difference; ++number) {
      const auto command = draw(habits_, number);
      compare(command, expected_.perform(command), actual_.perform(command));
    }
    if (at_once_ > 0 && !played_.difference) explain_rest(in_turn);
    played_.commands = habits_.commands;
    played_.hash = actual_.hash();
    played_.decisions.seed = start_.seed;
    played_.decisions.mix = mix_.taken();
    played_.decisions.schedule = chance_.schedule.taken();
    played_.decisions.store = chance_.store.taken();
    played_.decisions.network = chance_.network.taken();
    return std::move(played_);
  }

 private:
  Command draw(const Habits& habits, std::uint32_t number) {
    auto choices = choices_for_command(start_, number);
    auto command = draw_command(choices, cast_, habits, expected_, number);
    played_.decisions.commands.push_back(choices.taken());
    return command;
  }

  void compare(const Command& command, const Seen& said, const Seen& done) {
    const auto asked = "  " + text_of(cast_, command) + '\n';
    if (said == done) {
      played_.told.push_back(asked + lines("", done));
    } else {
      played_.difference =
          asked + "    the model says\n" + lines("", said) + "    impl does\n" + lines("", done);
    }
  }

  void explain_rest(std::uint32_t first) {
    const auto habits = overlapping(habits_, cast_);
    std::vector<Command> commands;
    std::optional<Command::Mishap> mishap;
    bool delivers_at_once = true;
    for (auto number = first; number < habits_.commands; ++number) {
      const auto& command = commands.emplace_back(draw(habits, number));
      if (command.mishap && !mishap) mishap = command.mishap;
      if (command.what == Command::What::crash || command.what == Command::What::remove_client)
        delivers_at_once = false;
    }
    const auto seen = actual_.overlap(commands, mishap);
    auto before = expected_;
    before.hold(mishap, delivers_at_once);
    const auto verdict = explain(before, commands, seen);
    played_.undecided = verdict == Verdict::undecided;
    if (verdict == Verdict::impossible) {
      played_.difference = told(commands, seen) + "    which the model cannot do\n";
    } else {
      played_.told.push_back(told(commands, seen));
    }
  }

  std::string told(const std::vector<Command>& commands, const Overlap& seen) const {
    std::string text = "  at the same time\n";
    for (const auto& [number, is_end] : seen.moments) {
      const auto name = "    (" + std::to_string(number + 1) + ") ";
      text += is_end ? name + *seen.answers[number] + '\n'
                     : name + text_of(cast_, commands[number]) + '\n';
    }
    for (std::size_t person = 0; person < cast_.people.size(); ++person)
      for (auto place = expected_.inbox_size(person); place < seen.inboxes[person].size(); ++place)
        text +=
            "      " +
            stored_line(place_of(cast_.people[person].name, place), seen.inboxes[person][place]) +
            '\n';
    for (const auto& frames : seen.frames) text += lines("", frames);
    return text + lines("", seen.passing);
  }

  const Start& start_;
  Choices mix_;
  const Cast cast_;
  Habits habits_;
  std::uint32_t at_once_;
  Chance chance_;
  Actual actual_;
  Expected expected_;
  Played played_;
};

}  // namespace

Played play(const Start& start) { return History{start}.play(); }

std::string tell_smallest(const Start& start, const Played& failed) {
  auto again = start;
  const auto fails = [&](const Decisions& decisions) {
    again.given = decisions;
    again.seed = decisions.seed;
    return play(again).difference.has_value();
  };
  again.given = shrink(failed.decisions, fails, attempts_max);
  const auto smallest = play(again);
  std::ostringstream out;
  for (const auto& told : smallest.told) out << told;
  out << smallest.difference.value_or("  nothing differs any more\n");
  out << "Again:\n";
  write(out, *again.given);
  return out.str();
}

}  // namespace twostep::properties::oracle

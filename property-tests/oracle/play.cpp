#include "property-tests/oracle/play.hpp"

#include <sstream>

#include "property-tests/campaign/shrink.hpp"
#include "property-tests/oracle/actual.hpp"
#include "property-tests/oracle/draw.hpp"

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

}  // namespace

Played play(const Start& start) {
  auto mix = choices_for(start, "oracle mix", &Decisions::mix);
  const auto cast = draw_cast(mix);
  auto habits = draw_habits(mix, start.commands_max);
  if (start.given) habits.commands = static_cast<std::uint32_t>(start.given->commands.size());
  Chance chance{.schedule = choices_for(start, "oracle schedule", &Decisions::schedule),
                .store = choices_for(start, "oracle store", &Decisions::store),
                .network = choices_for(start, "oracle network", &Decisions::network),
                .width = 1 + mix.below(4),
                .seed = start.seed};
  Actual actual{cast, chance, start.plant};
  Expected expected{cast, actual.begin(), start.bug};

  Played played;
  for (std::uint32_t number = 0; number < habits.commands && !played.difference; ++number) {
    auto choices = choices_for_command(start, number);
    const auto command = draw_command(choices, cast, habits, expected, number);
    const auto said = expected.perform(command);
    const auto done = actual.perform(command);
    played.decisions.commands.push_back(choices.taken());
    played.told.push_back("  " + text_of(cast, command) + '\n' + lines("", done));
    if (said == done) continue;
    played.told.pop_back();
    played.difference = "  " + text_of(cast, command) + "\n    the model says\n" + lines("", said) +
                        "    impl does\n" + lines("", done);
  }
  played.commands = habits.commands;
  played.hash = actual.hash();
  played.decisions.seed = start.seed;
  played.decisions.mix = mix.taken();
  played.decisions.schedule = chance.schedule.taken();
  played.decisions.store = chance.store.taken();
  played.decisions.network = chance.network.taken();
  return played;
}

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

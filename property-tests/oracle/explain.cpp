#include "property-tests/oracle/explain.hpp"

#include <algorithm>
#include <set>
#include <tuple>

namespace twostep::properties::oracle {
namespace {

/// How far a command is. A send is done when the model answers; everything else is done at one moment
/// between its beginning and its end.
enum class Stage : std::uint8_t { to_come, under_way, done, dead };

struct Situation {
  Expected world;
  std::size_t moment = 0;  ///< The next one of those that were seen.
  std::vector<Stage> stages;
};

class Search {
 public:
  Search(const std::vector<Command>& commands, const Overlap& seen, const Cast& cast)
      : commands_{commands}, seen_{seen}, cast_{cast} {}

  bool finds(Situation now) {
    if (visited_.size() >= states_max || !now.world.agrees_with(seen_)) return false;
    while (ends_one(now)) ++now.moment;
    if (contradicts(now)) return false;
    if (!visited_.emplace(now.moment, now.stages, now.world.stage()).second) return false;
    const auto moves = now.world.moves();
    const bool at_end = now.moment == seen_.moments.size() && moves.empty();
    if (at_end && now.world.is_all_of(seen_)) return true;
    if (begins_one(now)) return true;
    for (std::size_t number = 0; number < commands_.size(); ++number)
      if (does(now, number)) return true;
    return std::any_of(moves.begin(), moves.end(), [&](const Expected::Move& move) {
      auto after = now;
      after.world.make(move);
      return finds(std::move(after));
    });
  }

  std::size_t visited() const { return visited_.size(); }

 private:
  bool is_send(std::size_t number) const { return commands_[number].what == Command::What::send; }
  std::size_t home_of(std::size_t number) const {
    return cast_.site_of(cast_.devices[commands_[number].device]);
  }

  /// Whether the next moment is an end that has come.
  bool ends_one(const Situation& now) const {
    if (now.moment == seen_.moments.size() || !seen_.moments[now.moment].is_end) return false;
    const auto number = seen_.moments[now.moment].command;
    if (now.stages[number] == Stage::done) return true;
    return is_send(number) && now.stages[number] == Stage::under_way &&
           now.world.answer(commands_[number].number) == seen_.answers[number];
  }

  /// Whether the model has given another answer than the one that was heard.
  bool contradicts(const Situation& now) const {
    for (std::size_t number = 0; number < commands_.size(); ++number) {
      if (!is_send(number) || now.stages[number] != Stage::under_way || !seen_.answers[number])
        continue;
      const auto answer = now.world.answer(commands_[number].number);
      if (answer && answer != seen_.answers[number]) return true;
    }
    return false;
  }

  bool begins_one(const Situation& now) {
    if (now.moment == seen_.moments.size() || seen_.moments[now.moment].is_end) return false;
    const auto number = seen_.moments[now.moment].command;
    const auto& command = commands_[number];
    auto after = now;
    ++after.moment;
    auto& stage = after.stages[number];
    const bool is_fault =
        command.what == Command::What::crash || command.what == Command::What::start;
    const bool is_there = now.world.is_up(home_of(number));
    if (!is_fault && is_there) {
      stage = Stage::under_way;
      if (is_send(number)) after.world.carry_out(command);
      return finds(std::move(after));
    }
    if (after.world.carry_out(command) != seen_.answers[number]) return false;
    stage = Stage::done;
    // Whoever was asked for something there has forgotten it.
    if (command.what == Command::What::crash)
      for (std::size_t other = 0; other < commands_.size(); ++other)
        if (after.stages[other] == Stage::under_way && home_of(other) == command.site)
          after.stages[other] = Stage::dead;
    return finds(std::move(after));
  }

  bool does(const Situation& now, std::size_t number) {
    if (is_send(number) || now.stages[number] != Stage::under_way) return false;
    auto after = now;
    const auto answer = after.world.carry_out(commands_[number]);
    if (seen_.answers[number] && answer != seen_.answers[number]) return false;
    after.stages[number] = Stage::done;
    return finds(std::move(after));
  }

  const std::vector<Command>& commands_;
  const Overlap& seen_;
  const Cast& cast_;
  std::set<std::tuple<std::size_t, std::vector<Stage>, model::Stage>> visited_;
};

}  // namespace

Verdict explain(const Expected& before, const std::vector<Command>& commands, const Overlap& seen) {
  Search search{commands, seen, before.cast()};
  if (search.finds({before, 0, std::vector<Stage>(commands.size())})) return Verdict::explained;
  return search.visited() < states_max ? Verdict::impossible : Verdict::undecided;
}

}  // namespace twostep::properties::oracle

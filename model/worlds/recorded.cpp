#include "model/worlds/recorded.hpp"

#include <algorithm>
#include <charconv>

#include "model/bug.hpp"
#include "model/worlds/named.hpp"

namespace twostep::model {
namespace {

std::optional<World> world_of(const Recorded& recorded) {
  auto setup = setup_named(recorded.world);
  if (!setup) return std::nullopt;
  const auto bugs = all_bugs();
  const auto bug = std::find_if(bugs.begin(), bugs.end(),
                                [&](const NamedBug& named) { return named.name == recorded.bug; });
  if (bug != bugs.end()) setup->bug = bug->bug;
  if (bug == bugs.end() && !recorded.bug.empty()) return std::nullopt;
  return World{*setup};
}

// Plays on; what is seen of each action goes to `tell`. False if one is not possible.
bool play_on(const Recorded& recorded, const auto& tell) {
  const auto world = world_of(recorded);
  if (!world) return false;
  const auto initial = world->initial_states();
  if (recorded.initial >= initial.size()) return false;
  auto state = initial[recorded.initial];
  for (const auto& action : recorded.actions) {
    const auto possible = world->actions(state);
    if (std::find(possible.begin(), possible.end(), action) == possible.end()) return false;
    Trace seen;
    const auto line = world->text(state, action);
    state = world->apply(std::move(state), action, &seen);
    tell(line, seen);
  }
  return true;
}

constexpr std::string_view end_of_actions = "\n  ]";

std::optional<std::string> text_after(std::string_view line, std::string_view key) {
  const auto from = line.find(key);
  if (from == line.npos) return std::nullopt;
  const auto value = line.substr(from + key.size());
  return std::string{value.substr(0, value.find('"'))};
}

std::optional<std::uint16_t> number_after(std::string_view line, std::string_view key) {
  const auto from = line.find(key);
  if (from == line.npos) return std::nullopt;
  const auto digits = line.substr(from + key.size());
  std::uint16_t value = 0;
  const auto [stop, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (error != std::errc{}) return std::nullopt;
  return value;
}

}  // namespace

std::optional<Recorded> record(const World& world, const WorldState& first,
                               const std::vector<WorldState>& afters) {
  const auto bugs = all_bugs();
  const auto bug = std::find_if(bugs.begin(), bugs.end(), [&](const NamedBug& named) {
    return named.bug == world.setup().bug;
  });
  Recorded recorded{world.setup().name, bug != bugs.end() ? std::string{bug->name} : "", 0, {}};

  const auto stands_for = [&](const WorldState& representative) {
    return [&](const WorldState& state) {
      return state == representative || world.canonical(state) == world.canonical(representative);
    };
  };
  const auto initial = world.initial_states();
  const auto begin = std::find_if(initial.begin(), initial.end(), stands_for(first));
  if (begin == initial.end()) return std::nullopt;
  recorded.initial = static_cast<std::size_t>(begin - initial.begin());
  auto state = *begin;
  for (const auto& after : afters) {
    const auto actions = world.actions(state);
    const auto action =
        std::find_if(actions.begin(), actions.end(), [&](const WorldAction& candidate) {
          return stands_for(after)(world.apply(state, candidate));
        });
    if (action == actions.end()) return std::nullopt;
    recorded.actions.push_back(*action);
    state = world.apply(std::move(state), *action);
  }
  return recorded;
}

std::vector<std::string> steps_of(const Recorded& recorded) {
  std::vector<std::string> seen;
  play_on(recorded, [&](const std::string& line, const Trace&) { seen.push_back(line); });
  return seen;
}

std::string json(const Recorded& recorded) {
  const auto seen = steps_of(recorded);
  std::string text = "{\n  \"world\": \"" + recorded.world + "\",\n  \"bug\": \"" + recorded.bug +
                     "\",\n  \"initial\": " + std::to_string(recorded.initial) +
                     ",\n  \"actions\": [";
  for (std::size_t i = 0; i < recorded.actions.size(); ++i) {
    const auto& [what, where, which, node] = recorded.actions[i];
    text += std::string{i == 0 ? "" : ","} +
            "\n    {\"what\": " + std::to_string(static_cast<int>(what)) +
            ", \"where\": " + std::to_string(where) + ", \"which\": " + std::to_string(which) +
            ", \"node\": " + std::to_string(node) + ", \"seen\": \"" +
            (i < seen.size() ? seen[i] : "") + "\"}";
  }
  return text + std::string{end_of_actions} + "\n}\n";
}

std::optional<Recorded> recorded_from(std::string_view json) {
  if (const auto first = json.find("\"replay\": "); first != json.npos) json.remove_prefix(first);
  json = json.substr(0, json.find(end_of_actions));
  Recorded recorded;
  const auto world = text_after(json, "\"world\": \"");
  const auto initial = number_after(json, "\"initial\": ");
  if (!world || !initial) return std::nullopt;
  recorded.world = *world;
  recorded.bug = text_after(json, "\"bug\": \"").value_or("");
  recorded.initial = *initial;
  for (;;) {
    const auto from = json.find("{\"what\": ");
    if (from == json.npos) return recorded;
    json.remove_prefix(from);
    const auto line = json.substr(0, json.find('\n'));
    const auto what = number_after(line, "\"what\": ");
    const auto where = number_after(line, "\"where\": ");
    const auto which = number_after(line, "\"which\": ");
    const auto node = number_after(line, "\"node\": ");
    if (!what || !where || !which || !node) return std::nullopt;
    recorded.actions.push_back({static_cast<WorldAction::What>(*what), *where, *which, *node});
    json.remove_prefix(line.size());
  }
}

std::optional<Trace> replay(const Recorded& recorded) {
  Trace trace;
  const bool possible = play_on(recorded, [&](const std::string&, const Trace& seen) {
    trace.insert(trace.end(), seen.begin(), seen.end());
  });
  if (!possible) return std::nullopt;
  return trace;
}

}  // namespace twostep::model

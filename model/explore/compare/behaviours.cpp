#include "model/explore/compare/behaviours.hpp"

#include <algorithm>

namespace twostep::model::explore {
namespace {

using States = std::vector<std::uint32_t>;

}  // namespace

Behaviours::Place Behaviours::after(Place place, const std::string& seen) const {
  if (seen.empty()) return place;
  const auto& next = places_[place].next;
  const auto at = next.find(seen);
  return at != next.end() ? at->second : outside;
}

// The usual construction of sets of states.
std::optional<Behaviours> Behaviours::determined(const Graph& graph) {
  // With everything that can come of it unseen.
  const auto closed = [&graph](const std::set<std::uint32_t>& states) {
    auto all = states;
    States todo{states.begin(), states.end()};
    while (!todo.empty()) {
      const auto state = todo.back();
      todo.pop_back();
      for (const auto& [seen, to] : graph.out[state]) {
        if (seen.empty() && all.insert(to).second) todo.push_back(to);
      }
    }
    return States{all.begin(), all.end()};
  };

  Behaviours behaviours;
  std::map<States, Place> places;
  std::vector<const States*> members;
  const auto place_of = [&](const std::set<std::uint32_t>& states) {
    const auto [at, is_new] = places.try_emplace(closed(states), static_cast<Place>(places.size()));
    if (is_new) {
      members.push_back(&at->first);
      behaviours.places_.push_back(
          {{}, std::any_of(at->first.begin(), at->first.end(), [&](auto state) {
             return bool(graph.at_rest[state]);
           })});
    }
    return at->second;
  };

  place_of({graph.initial.begin(), graph.initial.end()});
  for (Place place = 0; place < members.size(); ++place) {
    if (members.size() > places_max) return std::nullopt;
    std::map<std::string, std::set<std::uint32_t>> next;
    for (const auto state : *members[place]) {
      for (const auto& [seen, to] : graph.out[state]) {
        if (!seen.empty()) next[seen].insert(to);
      }
    }
    for (const auto& [seen, states] : next) {
      const auto to = place_of(states);
      behaviours.places_[place].next.emplace(seen, to);
    }
  }
  return behaviours;
}

}  // namespace twostep::model::explore

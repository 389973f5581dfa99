#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "model/explore/compare/behaviours.hpp"

/// A model beside the behaviours of another one: the explorer finds the shortest history that the first
/// allows and the other does not.
namespace twostep::model::explore {

template <Observable Model>
class Difference {
 public:
  struct State {
    typename Model::State state;
    Behaviours::Place place = 0;  ///< Where the other one may be, having seen the same.
    friend bool operator==(const State&, const State&) = default;
  };
  using Action = std::optional<typename Model::Action>;  ///< None: nothing more comes.

  /// Both must outlive it.
  Difference(const Model& model, const Behaviours& others) : model_{model}, others_{others} {}

  std::vector<State> initial_states() const {
    std::vector<State> states;
    for (const auto& state : model_.initial_states()) states.push_back({state, others_.start()});
    return states;
  }

  template <class Visit>
  void next(const State& here, Visit&& visit) const {
    if (here.place == Behaviours::outside || here.place == Behaviours::ended) return;
    if (model_.at_rest(here.state)) visit(Action{}, State{here.state, others_.at_end(here.place)});
    model_.next(
        here.state, [&](const typename Model::Action& action, const typename Model::State& after) {
          visit(Action{action},
                State{after, others_.after(here.place, model_.seen(here.state, action, after))});
        });
  }

  std::vector<Property<State>> properties() const {
    return {always<State>("the other allows it",
                          [](const State& here) { return here.place != Behaviours::outside; })};
  }

  bool finished(const State&) const { return true; }

  std::string text(const State& before, const Action& action) const {
    return action ? std::string{model_.text(before.state, *action)} : "nothing more happens";
  }

 private:
  const Model& model_;
  const Behaviours& others_;
};

}  // namespace twostep::model::explore

#pragma once

#include <concepts>
#include <functional>
#include <string>
#include <utility>
#include <vector>

/// What the explorer can explore: any type that says where it begins, what may happen next, and what
/// must hold.
///
///     struct Coin {
///       struct State { bool heads; };
///       enum class Action { flip };
///       std::vector<State> initial_states() const { return {{true}}; }
///       template <class Visit> void next(const State& state, Visit&& visit) const {
///         visit(Action::flip, State{!state.heads});
///       }
///       std::vector<Property<State>> properties() const {
///         return {sometimes<State>("tails", [](const State& state) { return !state.heads; })};
///       }
///       std::string text(const State&, Action) const { return "flip"; }
///     };
///
/// Shape      A State is a value that `codec.hpp` can write to bytes and read back: aggregates of
///            integers, enums, strings, standard containers, optionals and variants need nothing. Two
///            states are one exactly if their bytes are. An Action is any copyable value.
/// Optional   `State canonical(const State&) const`: one representative for all states that differ only
///            in the names of interchangeable things (see `symmetry.hpp`). Properties, `next` and
///            `finished` must not tell such states apart.
///            `bool finished(const State&) const`: nothing more has to happen here. A state with no
///            transition to another state and for which this is false (or missing) is a deadlock.
/// Threads    Every member is called concurrently and must be a pure function of its arguments.
namespace twostep::model::explore {

enum class Kind {
  always,     ///< Holds in every reachable state.
  sometimes,  ///< Holds in at least one: what was meant to be explored has been. Else the run fails.
  eventually,  ///< From every reachable state a state can be reached in which it holds. So it comes to
               ///< hold on every path that is fair: one that does not for ever visit a state and
               ///< refuse one of its transitions. It need not go on holding.
};

template <class State>
struct Property {
  Kind kind;
  std::string name;  ///< As it is reported; names the clause it states, if there is one.
  std::function<bool(const State&)> holds;
};

template <class State>
Property<State> always(std::string name, std::function<bool(const State&)> holds) {
  return {Kind::always, std::move(name), std::move(holds)};
}

template <class State>
Property<State> sometimes(std::string name, std::function<bool(const State&)> holds) {
  return {Kind::sometimes, std::move(name), std::move(holds)};
}

template <class State>
Property<State> eventually(std::string name, std::function<bool(const State&)> holds) {
  return {Kind::eventually, std::move(name), std::move(holds)};
}

/// Stands for the function that a model's `next` calls for each transition.
template <class Model>
struct Visitor {
  void operator()(const typename Model::Action& action, const typename Model::State& after) const;
};

template <class Model>
concept Explorable = std::copyable<typename Model::State> &&
    std::copyable<typename Model::Action> &&
    requires(const Model& model, const typename Model::State& state,
             const typename Model::Action& action, const Visitor<Model>& visit) {
  { model.initial_states() } -> std::same_as<std::vector<typename Model::State>>;
  model.next(state, visit);
  { model.properties() } -> std::same_as<std::vector<Property<typename Model::State>>>;
  { model.text(state, action) } -> std::convertible_to<std::string>;
};

template <class Model>
concept HasSymmetry = requires(const Model& model, const typename Model::State& state) {
  { model.canonical(state) } -> std::same_as<typename Model::State>;
};

template <class Model>
concept HasEnd = requires(const Model& model, const typename Model::State& state) {
  { model.finished(state) } -> std::same_as<bool>;
};

}  // namespace twostep::model::explore

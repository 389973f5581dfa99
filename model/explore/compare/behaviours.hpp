#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "model/explore/engine/codec.hpp"
#include "model/explore/engine/explorable.hpp"

/// Everything that can be seen of a model from outside, in whatever order it can come.
///
/// Shape      A deterministic automaton. What is seen is text; what is not seen moves nothing. A place is
///            where one may be after having seen something: a set of the model's states.
/// Threads    Once made, it does not change.
namespace twostep::model::explore {

/// A model that can be looked at from outside.
template <class Model>
concept Observable = Explorable<Model> &&
    requires(const Model& model, const typename Model::State& state,
             const typename Model::Action& action) {
  /// What is seen of a transition; empty if nothing is.
  { model.seen(state, action, state) } -> std::same_as<std::string>;
  /// Whether it may go on like this for ever: nobody outside will see anything more.
  { model.at_rest(state) } -> std::same_as<bool>;
};

class Behaviours {
 public:
  using Place = std::uint32_t;

  static constexpr Place outside =
      ~Place{0};  ///< Nothing that can be seen of this model leads here.
  static constexpr Place ended = outside - 1;  ///< Seen, and nothing more came.

  /// Most states of a model, and most places: an automaton is kept in memory as it is.
  static constexpr std::size_t states_max = 1'000'000;
  static constexpr std::size_t places_max = 100'000;

  /// Nothing if the model is larger than that.
  template <Observable Model>
  static std::optional<Behaviours> of(const Model& model) {
    Graph graph;
    std::unordered_map<Bytes, std::uint32_t> numbers;
    std::vector<typename Model::State> states;
    const auto number_of = [&](const typename Model::State& state) {
      const auto [at, is_new] = numbers.try_emplace(bytes_of(state), states.size());
      if (is_new) {
        states.push_back(state);
        graph.out.emplace_back();
        graph.at_rest.push_back(model.at_rest(state));
      }
      return at->second;
    };
    for (const auto& state : model.initial_states()) graph.initial.push_back(number_of(state));
    for (std::size_t i = 0; i < states.size(); ++i) {
      if (states.size() > states_max) return std::nullopt;
      const auto state = states[i];
      model.next(state,
                 [&](const typename Model::Action& action, const typename Model::State& after) {
                   const auto number = number_of(after);
                   graph.out[i].push_back({model.seen(state, action, after), number});
                 });
    }
    return determined(graph);
  }

  Place start() const { return 0; }

  /// Where one is after having seen this. Nothing seen leads nowhere else.
  Place after(Place place, const std::string& seen) const;

  /// Where one is when nothing more comes: `ended`, or `outside` if something has to.
  Place at_end(Place place) const { return places_[place].at_rest ? ended : outside; }

 private:
  struct Graph {
    std::vector<std::uint32_t> initial;
    std::vector<std::vector<std::pair<std::string, std::uint32_t>>> out;  ///< By state.
    std::vector<bool> at_rest;
  };
  struct Known {
    std::map<std::string, Place, std::less<>> next;
    bool at_rest = false;
  };

  static std::optional<Behaviours> determined(const Graph& graph);

  std::vector<Known> places_;
};

}  // namespace twostep::model::explore

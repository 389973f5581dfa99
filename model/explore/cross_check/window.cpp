#include "model/explore/cross_check/window.hpp"

namespace twostep::model::explore {

std::vector<Property<Window::State>> Window::properties() const {
  const auto any = [this](const State& state, auto holds) {
    for (std::size_t m = 0; m < size_.messages; ++m) {
      if (holds(state, m)) return true;
    }
    return false;
  };
  const auto is_in = [](const State& state, std::size_t m, Phase phase) {
    return state.messages[m].phase == phase;
  };
  return {
      always<State>("refused means nowhere",
                    [=](const State& state) {
                      return !any(state, [&](const State& s, std::size_t m) {
                        return is_in(s, m, Phase::refused) &&
                               (has(s, 0, m) || has(s, 1, m) || has(s, owner, m));
                      });
                    }),
      always<State>("who is not reported has it",
                    [=](const State& state) {
                      return !any(state, [&](const State& s, std::size_t m) {
                        if (!is_in(s, m, Phase::accepted)) return false;
                        const auto& call = s.messages[m].call;
                        return !has(s, owner, m) || (call[0] == Call::done && !has(s, 0, m)) ||
                               (call[1] == Call::done && !has(s, 1, m));
                      });
                    }),
      sometimes<State>("some have it and others do not",
                       [=](const State& state) {
                         return any(state, [&](const State& s, std::size_t m) {
                           return is_in(s, m, Phase::accepted) && has(s, 0, m) != has(s, 1, m);
                         });
                       }),
      sometimes<State>("who is reported has it all the same",
                       [=](const State& state) {
                         return any(state, [&](const State& s, std::size_t m) {
                           return is_in(s, m, Phase::accepted) &&
                                  s.messages[m].call[0] == Call::failed && has(s, 0, m);
                         });
                       }),
      eventually<State>(
          "every message ends, and everybody catches up",
          [this](const State& state) { return finished(state) && state.seen == state.stored; }),
  };
}

std::string Window::text(const State& before, const Action& action) const {
  const std::string backend = action.backend == owner ? "A" : action.backend == 0 ? "B" : "C";
  const auto message = "message " + std::to_string(action.message + 1);
  const bool asks = before.messages[action.message].phase == Phase::asking;
  const auto call =
      std::string(asks ? "the question for clients" : "the call to store") + " of " + message;
  switch (action.what) {
    case What::begin:
      return "A begins " + message + ": asks B and C for clients";
    case What::serve:
      return backend + " serves " + call;
    case What::refuse:
      return backend + " is down: " + call + " fails";
    case What::arrive:
      return backend + "'s reply to " + call + " arrives";
    case What::lose:
      return backend + "'s reply to " + call + " gets lost";
    case What::store:
      return "A stores " + message + ": tells B and C";
    case What::end:
      return "A answers " + message;
    case What::crash:
      return backend + " crashes";
    case What::restart:
      return backend + " starts again";
    case What::catch_up:
      return "the client at " + backend + " catches up";
  }
  return {};
}

}  // namespace twostep::model::explore

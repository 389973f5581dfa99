#include "model/explore/app/catalogue.hpp"

#include <algorithm>
#include <vector>

#include "model/explore/cross_check/window.hpp"
#include "model/explore/two_phase/two_phase.hpp"

namespace twostep::model::explore {
namespace {

std::function<Explored(const Options&)> two_phase(int participants, bool symmetry) {
  return [=](const Options& options) {
    auto chosen = options;
    chosen.symmetry = symmetry && options.symmetry;
    return explored(TwoPhase{participants}, chosen);
  };
}

std::function<Explored(const Options&)> window(WindowSize size) {
  return [=](const Options& options) { return explored(Window{size}, options); };
}

std::vector<World> catalogue() {
  return {
      {"two-phase-3",
       "two-phase commit, 3 participants, all states",
       {288, 1'145, 10},
       two_phase(3, false)},
      {"two-phase-5", "5 participants, all states", {8'832, 58'145, 16}, two_phase(5, false)},
      {"two-phase-8",
       "8 participants, all states",
       {1'745'408, 18'507'777, 25},
       two_phase(8, false)},
      {"two-phase-9",
       "9 participants, all states",
       {10'340'352, 123'558'401, 28},
       two_phase(9, false)},
      {"two-phase-8-orbits",
       "8 participants, one state for each orbit",
       {1'461, 15'286, 25},
       two_phase(8, true)},
      {"two-phase-10-orbits",
       "10 participants, one state for each orbit",
       {3'300, 43'297, 31},
       two_phase(10, true)},
      {"window",
       "M1 in phases: 2 messages, 2 faults; counted by SPIN too",
       {115'919, 614'268, 29},
       window({2, 2})},
      {"window-3",
       "M1 in phases: 3 messages, 1 fault",
       {3'049'903, 19'268'432, 38},
       window({3, 1})},
  };
}

}  // namespace

std::span<const World> all_worlds() {
  static const auto worlds = catalogue();
  return worlds;
}

const World* find_world(std::string_view name) {
  const auto worlds = all_worlds();
  const auto at = std::find_if(worlds.begin(), worlds.end(),
                               [&](const World& world) { return world.name == name; });
  return at != worlds.end() ? &*at : nullptr;
}

}  // namespace twostep::model::explore

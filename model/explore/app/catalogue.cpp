#include "model/explore/app/catalogue.hpp"

#include <algorithm>
#include <vector>

#include "model/explore/cross_check/window.hpp"
#include "model/explore/two_phase/two_phase.hpp"
#include "model/render/mermaid.hpp"
#include "model/render/page.hpp"
#include "model/worlds/named.hpp"
#include "model/worlds/recorded.hpp"
#include "model/worlds/world.hpp"

namespace twostep::model::explore {
namespace {

struct Pin {
  std::string_view name;
  Documented documented;
};

// Of the worlds of model/worlds/named.hpp. A world that is not here has none, and fails `--pinned`.
constexpr Pin pins[] = {
    {"one-backend", {2'553, 7'211, 18}},
    {"step-two", {2'632, 9'178, 21}},
    {"step-two-nodes", {16'833, 66'326, 21}},
    {"transient", {3'995, 18'241, 23}},
    {"expiry", {1'356, 4'097, 23}},
    {"two-nodes-skewed", {507, 717, 10}},
    {"two-nodes-slow", {2'297, 4'221, 10}},
    {"two-nodes-exact", {940, 1'744, 11}},
    {"two-nodes-monotonic", {65'380, 172'859, 17}},
    {"m1-two", {3'111, 7'906, 27}},
    {"m1-three", {24'806, 90'440, 46}},
    {"m1-remote-sender", {1'316, 3'313, 27}},
    {"queued-two", {19'743, 62'619, 35}},
    {"queued-remote-sender", {44'218, 168'744, 43}},
    {"outbox-two", {20'262, 66'674, 35}},
    {"outbox-remote-sender", {42'060, 158'815, 43}},
};

Documented documented(const Setup& setup) {
  const auto pin = std::find_if(std::begin(pins), std::end(pins),
                                [&](const Pin& candidate) { return candidate.name == setup.name; });
  auto documented = pin != std::end(pins) ? pin->documented : Documented{};
  documented.shows = setup.shows;
  return documented;
}

NamedWorld two_phase(std::string_view name, std::string_view about, int participants,
                     const Documented& documented) {
  const bool symmetry = name.ends_with("orbits");
  return {name, about, documented, false, [=](const Options& options, Bug) {
            auto chosen = options;
            chosen.symmetry = symmetry && options.symmetry;
            return explored(TwoPhase{participants}, chosen);
          }};
}

NamedWorld window(std::string_view name, std::string_view about, WindowSize size,
                  const Documented& documented) {
  return {name, about, documented, false,
          [=](const Options& options, Bug) { return explored(Window{size}, options); }};
}

// A history of a world, as pictures and as what twostep-play plays again.
void draw(const World& world, Told& told, const History<World>& history) {
  std::vector<WorldState> afters;
  for (const auto& step : history.steps) afters.push_back(step.after);
  const auto recorded = record(world, history.first, afters);
  if (!recorded) return;
  told.steps = model::steps_of(*recorded);
  const auto title = recorded->world + ": " + told.property;
  told.mermaid = [recorded] { return model::mermaid(*replay(*recorded)); };
  told.html = [recorded, title] { return page(title, *replay(*recorded)); };
  told.json = [recorded] { return model::json(*recorded); };
}

NamedWorld backends(const Setup& setup) {
  return {setup.name, setup.about, documented(setup), true,
          [&setup](const Options& options, Bug bug) {
            auto with_bug = setup;
            with_bug.bug = bug;
            const World world{with_bug};
            return explored<World>(world, options, [&](Told& told, const History<World>& history) {
              draw(world, told, history);
            });
          }};
}

std::vector<NamedWorld> catalogue() {
  std::vector<NamedWorld> worlds;
  for (const auto& setup : named_setups()) worlds.push_back(backends(setup));
  for (auto& world : {
           window("window", "M1 in phases: 2 messages, 2 faults; counted by SPIN too", {2, 2},
                  {115'919, 614'268, 29}),
           window("window-3", "M1 in phases: 3 messages, 1 fault", {3, 1},
                  {3'049'903, 19'268'432, 38}),
           two_phase("two-phase-3", "two-phase commit, 3 participants", 3, {288, 1'145, 10}),
           two_phase("two-phase-5", "5 participants", 5, {8'832, 58'145, 16}),
           two_phase("two-phase-8", "8 participants", 8, {1'745'408, 18'507'777, 25}),
           two_phase("two-phase-9", "9 participants", 9, {10'340'352, 123'558'401, 28}),
           two_phase("two-phase-8-orbits", "one state for each orbit", 8, {1'461, 15'286, 25}),
           two_phase("two-phase-10-orbits", "one state for each orbit", 10, {3'300, 43'297, 31}),
       }) {
    worlds.push_back(world);
  }
  return worlds;
}

}  // namespace

std::span<const NamedWorld> all_worlds() {
  static const auto worlds = catalogue();
  return worlds;
}

const NamedWorld* find_world(std::string_view name) {
  const auto worlds = all_worlds();
  const auto at = std::find_if(worlds.begin(), worlds.end(),
                               [&](const NamedWorld& world) { return world.name == name; });
  return at != worlds.end() ? &*at : nullptr;
}

}  // namespace twostep::model::explore

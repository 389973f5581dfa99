#include "model/explore/compare/profiles.hpp"

#include <array>
#include <cassert>
#include <utility>

#include "model/explore/compare/difference.hpp"

namespace twostep::model::explore {
namespace {

constexpr std::array profiles{
    std::pair{Profile::m1, std::string_view{"m1"}},
    std::pair{Profile::queued, std::string_view{"queued"}},
    std::pair{Profile::outbox, std::string_view{"outbox"}},
};

}  // namespace

std::string_view name(Profile profile) {
  for (const auto& [value, name] : profiles) {
    if (value == profile) return name;
  }
  return {};
}

std::optional<Profile> profile_named(std::string_view wanted) {
  for (const auto& [value, name] : profiles) {
    if (name == wanted) return value;
  }
  return std::nullopt;
}

ObservedWorld world_of(Profile profile) {
  constexpr BackendId a{0}, b{1};
  constexpr Client alice{{a, 0}, {1}}, ann{{a, 1}, {1}}, bob{{b, 0}, {1}};
  Setup setup{.name = std::string{name(profile)}, .about = "one message, one fault"};
  setup.nodes = {1, 1};
  setup.profile = profile;
  setup.members = {alice.user, ann.user, bob.user};
  setup.clients = {alice, ann, bob};
  setup.readers = {ann, bob};
  setup.messages = {{alice, {ann, bob}}};
  setup.faults = {.budget = 1, .lose = true, .crash = true};
  return ObservedWorld{setup};
}

std::optional<Allowed> allowed_only_by(Profile one, Profile other, const Options& options) {
  const auto behaviours = Behaviours::of(world_of(other));
  assert(behaviours);
  const auto world = world_of(one);
  const Difference difference{world, *behaviours};
  const auto report = explore(difference, options);
  if (report.findings.empty()) return std::nullopt;

  Allowed allowed;
  const auto& history = *report.findings.front().history;
  const auto* before = &history.first;
  for (const auto& [action, after] : history.steps) {
    allowed.steps.push_back(difference.text(*before, action));
    const auto seen = action ? world.seen(before->state, *action, after.state) : "nothing more";
    if (!seen.empty()) allowed.seen.push_back(seen);
    before = &after;
  }
  return allowed;
}

}  // namespace twostep::model::explore

#include "model/explore/compare/reports.hpp"

#include <functional>
#include <map>
#include <mutex>
#include <set>
#include <tuple>
#include <utility>

#include "model/worlds/names.hpp"
#include "model/worlds/observer.hpp"

namespace twostep::model::explore {
namespace {

using What = std::tuple<std::string, std::string, std::string>;  // Told, has it, has not.

// What has become of every message, if nothing is under way any more.
std::set<What> endings_in(const ObservedWorld& world, const WorldState& state) {
  std::set<What> endings;
  if (!world.at_rest(state)) return endings;
  const auto& stage = state.stage;
  for (std::size_t i = 0; i < stage.sent.size(); ++i) {
    std::vector<Client> with, without;
    for (const auto& client : world.setup().clients) {
      if (is_valid(world.setup(), i, client))
        (copies(stage, i, client) > 0 ? with : without).push_back(client);
    }
    const bool answered = stage.sent[i].stage == Sent::Stage::answered;
    endings.insert({"m" + std::to_string(i + 1) + ": " +
                        (answered ? text(stage.sent[i].outcome) : "no answer"),
                    names(with), names(without)});
  }
  return endings;
}

// The same world with other questions.
class Asked : public ObservedWorld {
 public:
  Asked(const Setup& setup, std::vector<Property<WorldState>> properties)
      : ObservedWorld{setup}, properties_{std::move(properties)} {}

  std::vector<Property<WorldState>> properties() const { return properties_; }

 private:
  std::vector<Property<WorldState>> properties_;
};

}  // namespace

std::vector<Ending> endings_of(const Setup& setup, Options options) {
  options.symmetry = false;
  const ObservedWorld world{setup};

  // Once to see which there are, by a property that looks at every state and never fails…
  std::mutex mutex;
  std::set<What> all;
  explore(Asked{setup,
                {always<WorldState>("is looked at",
                                    [&](const WorldState& state) {
                                      auto endings = endings_in(world, state);
                                      if (endings.empty()) return true;
                                      const std::lock_guard lock{mutex};
                                      all.merge(endings);
                                      return true;
                                    })}},
          options);

  // …and once for a shortest history of each.
  std::vector<Property<WorldState>> wanted;
  std::map<std::string, What> by_name;
  for (const auto& what : all) {
    const auto name = std::to_string(wanted.size());
    by_name.emplace(name, what);
    wanted.push_back(sometimes<WorldState>(name, [&world, what](const WorldState& state) {
      return endings_in(world, state).contains(what);
    }));
  }
  std::map<What, std::size_t> steps;
  for (const auto& witness : explore(Asked{setup, wanted}, options).witnesses) {
    steps[by_name.at(witness.property)] = witness.history.steps.size();
  }

  std::vector<Ending> endings;
  for (const auto& what : all) {
    const auto& [told, has_it, has_not] = what;
    endings.push_back({told, has_it, has_not, steps[what]});
  }
  return endings;
}

}  // namespace twostep::model::explore

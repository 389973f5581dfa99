#pragma once

#include <string>

#include "model/worlds/world.hpp"

/// A world as its people see it: what they send, what they are told, what they read. Calls between
/// backends, faults and the insides of servers are not seen.
///
/// Source     specs/01-send.md, specs/03-catch-up.md: what *Seen by* can mean.
namespace twostep::model::explore {

class ObservedWorld : public model::World {
 public:
  using World::World;

  std::string seen(const WorldState& before, const WorldAction& action,
                   const WorldState& after) const;

  /// Every send has ended, nothing is under way, and everybody has read what there is. Faults could still
  /// happen; nobody would see them.
  bool at_rest(const WorldState& state) const;
};

}  // namespace twostep::model::explore

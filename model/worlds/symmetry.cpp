// Which states of a world differ only in names.

#include "model/worlds/world.hpp"

namespace twostep::model {

WorldState World::canonical(const WorldState& state) const { return state; }

}  // namespace twostep::model

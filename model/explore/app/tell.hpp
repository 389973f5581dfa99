#pragma once

#include <string>

#include "model/explore/app/catalogue.hpp"

/// What was found, for people and for programs.
namespace twostep::model::explore {

/// The counts of a run, to be compared with what is documented of the world.
Documented counted(const NamedWorld& world, const Explored& explored);

std::string list();                          ///< All worlds.
std::string progress(const Counts& counts);  ///< One line.
std::string text(const Documented& documented);
std::string tell(const NamedWorld& world, const Explored& explored, bool with_witnesses);
std::string json(const NamedWorld& world, const Explored& explored);

/// The history that pictures are made of: that of the first finding, else of the first witness.
const Told* to_be_drawn(const Explored& explored);

}  // namespace twostep::model::explore

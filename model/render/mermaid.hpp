#pragma once

#include <string>

#include "model/worlds/trace.hpp"

namespace twostep::model {

/// A trace as a Mermaid sequence diagram, as documents show it.
std::string mermaid(const Trace& trace);

}  // namespace twostep::model

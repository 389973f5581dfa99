#pragma once

#include <string>
#include <vector>

#include "model/worlds/trace.hpp"

/// Who stands where in a picture of a trace.
namespace twostep::model {

/// Backends with their clients beside them, those of A on its left, others on the right.
std::vector<std::string> lanes_of(const Trace& trace);

/// The lane of an actor: a server stands for its backend; time and messages have none.
std::string lane_of(const std::string& actor);

}  // namespace twostep::model

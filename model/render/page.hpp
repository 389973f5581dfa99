#pragma once

#include <string>

#include "model/worlds/trace.hpp"

/// A trace as a picture for people, in one file that needs nothing else.
namespace twostep::model {

/// A sequence diagram.
std::string svg(const Trace& trace);

/// An HTML page with the diagram, and the dialogue below it.
std::string page(const std::string& title, const Trace& trace);

/// The trace line by line.
std::string dialogue(const Trace& trace);

}  // namespace twostep::model

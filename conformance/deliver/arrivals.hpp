#pragma once

#include <set>
#include <string>

#include "conformance/support/backend.hpp"

namespace twostep::conformance {

/// Reads the socket until all of these bodies have arrived, or the deadline has passed; gives those that
/// have not. One look at each frame, unlike `Socket::receives` for each body.
std::set<std::string> missing_after_reading(Socket& socket, std::set<std::string> bodies);

}  // namespace twostep::conformance

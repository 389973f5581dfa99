#pragma once

#include <string>

#include "conformance/liar/fault.hpp"

namespace twostep::conformance::liar {

/// Every push token that was ever registered in a test is still listed there.
Fault tokens_stay(std::string name, std::string clause);

}  // namespace twostep::conformance::liar

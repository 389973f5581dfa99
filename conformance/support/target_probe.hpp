#pragma once

#include "conformance/support/http.hpp"

namespace twostep::conformance {

/// Asks the target `GET /api-version`.
Reply probe();

/// Repeats the probe until it is answered, at most until the deadline. False if it never was.
bool wait_until_it_answers();

}  // namespace twostep::conformance

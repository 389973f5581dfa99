#pragma once

#include "conformance/support/http.hpp"

namespace twostep::conformance {

/// Asks the target `GET /api-version`.
Reply probe();

/// Repeats the probe until it is answered, at most until the deadline. False if it never was.
bool wait_until_it_answers();

/// Repeats the probe until it is no longer answered, at most until the deadline. False if it still does.
bool wait_until_it_is_gone();

}  // namespace twostep::conformance

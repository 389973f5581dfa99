#pragma once

#include <cstddef>
#include <functional>

#include "property-tests/campaign/decisions.hpp"

/// Makes a run that shows a fault as small as it gets: fewer acts, fewer faults, a smaller world, and tasks
/// in the order in which they arrived.
///
/// Nothing here knows what a decision means. Lists get shorter and numbers smaller, and what still fails is
/// kept; a decision that is gone is a zero, and zero is the plainest there is.
namespace twostep::properties {

/// `fails` says whether the run still shows the fault; it is asked at most so often.
Decisions shrink(Decisions failing, const std::function<bool(const Decisions&)>& fails,
                 std::size_t attempts_max);

}  // namespace twostep::properties

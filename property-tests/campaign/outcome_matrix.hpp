#pragma once

#include <vector>

#include "property-tests/campaign/stage.hpp"

/// Which row of the outcome matrix a message ended in: who failed at which point, what the sender was told,
/// and who has it.
///
/// Source     specs/09-federation.md (FED-20, FED-25, FED-37, FED-42); specs/scenarios/matrix-*.txt
namespace twostep::properties {

/// `found` says how often each addressee has it.
void count_outcome(Stage& stage, const Message& message, const std::vector<int>& found);

}  // namespace twostep::properties

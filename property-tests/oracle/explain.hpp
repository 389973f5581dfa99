#pragma once

#include <cstddef>
#include <vector>

#include "property-tests/oracle/expected.hpp"

/// Whether the model could have been seen doing what `impl` was seen doing.
///
/// Shape      A search through what the model may do next, depth first: what it shows has to stay the
///            beginning of what was seen, and no state is visited twice.
namespace twostep::properties::oracle {

enum class Verdict { explained, impossible, undecided };

/// At most so many states are looked at before it is left undecided.
constexpr std::size_t states_max = 20'000;

Verdict explain(const Expected& before, const std::vector<Command>& commands, const Overlap& seen);

}  // namespace twostep::properties::oracle

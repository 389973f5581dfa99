#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "model/explore/compare/observed_world.hpp"
#include "model/explore/engine/search.hpp"

/// Who has a message in the end, and what its sender was told: every combination that a world has.
///
/// Source     S13, S14: partial delivery that a protocol cannot exclude is at least reported.
namespace twostep::model::explore {

struct Ending {
  std::string told;    ///< The message, and what its sender was told of it.
  std::string has_it;  ///< Of those that it was meant for.
  std::string has_not;

  std::size_t steps = 0;  ///< Of a shortest history to where nothing is under way any more.

  bool is_partial() const { return !has_it.empty() && !has_not.empty(); }
};

/// By what the sender was told. Nothing is left out because of symmetry: everybody is named.
/// Errors     Fewer than there are if the world does not fit the memory allowed.
std::vector<Ending> endings_of(const Setup& setup, Options options);

}  // namespace twostep::model::explore

#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <vector>

#include "model/explore/engine/table.hpp"

/// Backwards through the transitions of a finished exploration: from where can something be reached?
///
/// Shape      States are the slots of the table.
/// Units      Memory: 16 bytes a logged transition; for the answer 4 more, and 4 and a bit for each slot.
namespace twostep::model::explore {

struct Transition {
  Fingerprint from;
  Fingerprint to;
};

class Backwards {
 public:
  /// Requires   Every fingerprint is in the table, which does not change any more.
  Backwards(const StateTable& table, const std::vector<const std::deque<Transition>*>& logs);

  /// For each slot: does a path lead from it to one of these states? (One of them itself does.)
  std::vector<bool> reaching(const std::vector<Fingerprint>& states) const;

 private:
  const StateTable& table_;
  std::vector<std::uint32_t> begin_;  ///< By slot: where its predecessors begin in `from_`.
  std::vector<std::uint32_t> from_;
};

}  // namespace twostep::model::explore

#include "model/explore/engine/reach.hpp"

#include <cassert>
#include <limits>

namespace twostep::model::explore {

Backwards::Backwards(const StateTable& table,
                     const std::vector<const std::deque<Transition>*>& logs)
    : table_{table}, begin_(table.slots() + 1) {
  std::size_t count = 0;
  for (const auto* log : logs) {
    count += log->size();
    for (const auto& transition : *log) ++begin_[*table.slot_of(transition.to)];
  }
  assert(count <= std::numeric_limits<std::uint32_t>::max());
  assert(table.slots() <= std::numeric_limits<std::uint32_t>::max());

  // Each slot's end, then filled backwards until it is its begin.
  std::uint32_t end = 0;
  for (auto& slot : begin_) slot = end += slot;
  from_.resize(count);
  for (const auto* log : logs) {
    for (const auto& transition : *log) {
      from_[--begin_[*table.slot_of(transition.to)]] =
          static_cast<std::uint32_t>(*table.slot_of(transition.from));
    }
  }
}

std::vector<bool> Backwards::reaching(const std::vector<Fingerprint>& states) const {
  std::vector<bool> reaches(table_.slots());
  std::vector<std::uint32_t> todo;
  const auto reach = [&](std::size_t slot) {
    if (reaches[slot]) return;
    reaches[slot] = true;
    todo.push_back(static_cast<std::uint32_t>(slot));
  };

  for (const auto state : states) reach(*table_.slot_of(state));
  while (!todo.empty()) {
    const auto slot = todo.back();
    todo.pop_back();
    for (auto at = begin_[slot]; at < begin_[slot + 1]; ++at) reach(from_[at]);
  }
  return reaches;
}

}  // namespace twostep::model::explore

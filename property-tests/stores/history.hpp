#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "property-tests/campaign/decisions.hpp"
#include "property-tests/stores/model.hpp"
#include "property-tests/stores/subject.hpp"

/// A history: acts on a store, each compared with the model.
///
/// What must hold, after every act: a write that is done is there completely, with the order of the
/// commits as the one order in which all changes could have been made one after the other; a write that
/// was refused or threw has left no trace; every row, page and list is what the model has; ids ascend.
///
/// Shape      All that is left to chance are the decisions, drawn from a seed or given.
/// Threads    One.
namespace twostep::properties::stores {

/// How often something interesting happened.
using Counts = std::map<std::string, std::size_t>;

struct History {
  Decisions decisions;
  std::vector<std::string> lines;
  std::string violation;  ///< Empty: everything held.
};

/// Opens a new and empty subject.
using OpenSubject = std::function<std::unique_ptr<Subject>(std::uint64_t seed)>;

History draw(std::uint64_t seed, std::size_t acts, const OpenSubject& open, Counts& counts);
History repeat(const Decisions& decisions, const OpenSubject& open);

/// What to run. The seed and the number of histories can be set from outside; see the README.
struct Campaign {
  std::uint64_t seed = 1;
  std::size_t histories = 100;
  std::size_t acts = 12;

  static Campaign of(std::size_t histories);
};

/// The first history that shows a fault, as small as it gets, told. Empty: there is none.
std::string find_fault(const Campaign& campaign, const OpenSubject& open, Counts& counts);

/// Shrinks and tells what a failing history shows. `repeat` runs it again.
std::string tell_smallest(const History& failed,
                          const std::function<History(const Decisions&)>& repeat);

/// Several writes under way together, and what came of them.
struct Together {
  std::vector<Change> changes;
  std::vector<Said> said;
  std::vector<Outcome> outcomes;
  std::vector<std::size_t> in_order;  ///< Of their commits.
};

Together write_together(Subject& subject, const Ids& ids, std::vector<Change> changes,
                        const std::function<void(std::size_t)>& committed = {});

}  // namespace twostep::properties::stores

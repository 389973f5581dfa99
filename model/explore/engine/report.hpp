#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

/// What an exploration found.
namespace twostep::model::explore {

/// All of these but time and memory depend on the model alone: not on threads, not on chance.
struct Counts {
  std::uint64_t states = 0;  ///< Distinct ones; under symmetry, orbits.
  std::uint64_t transitions =
      0;                      ///< All that the model offered, also those to states already seen.
  std::uint64_t depth = 0;    ///< Steps of the longest shortest history.
  std::uint64_t waiting = 0;  ///< States found but not yet expanded; 0 at a complete end.

  double seconds = 0;
  std::size_t memory_bytes =
      0;  ///< The most that table, frontier and log of transitions ever held.
  unsigned threads = 1;
};

/// At most this likely were any two states taken for one: n (n - 1) / 2 pairs, 2^64 fingerprints.
double collision_probability(const Counts& counts);

enum class End {
  complete,       ///< Every reachable state was seen.
  violated,       ///< Stopped behind the first depth at which something was wrong.
  depth_bound,    ///< Stopped at the depth that was asked for.
  out_of_memory,  ///< Stopped at the memory that was allowed.
};

enum class Fault {
  violated,  ///< *always* does not hold at the end of the history.
  deadlock,  ///< At its end nothing can happen that changes anything, and the model is not finished.
  never_met,     ///< *sometimes* holds nowhere: the world does not show what it was made to show.
  out_of_reach,  ///< From the end of the history *eventually* can no longer come to hold.
};

template <class Model>
struct History {
  struct Step {
    typename Model::Action action;
    typename Model::State after;
  };
  typename Model::State first;
  std::vector<Step> steps;

  const typename Model::State& last() const { return steps.empty() ? first : steps.back().after; }
};

/// One thing that is wrong. No shorter history shows it.
template <class Model>
struct Finding {
  Fault fault;
  std::string property;                   ///< Empty for a deadlock.
  std::optional<History<Model>> history;  ///< None for `never_met`.
};

/// A shortest history to a state in which a *sometimes* holds.
template <class Model>
struct Witness {
  std::string property;
  History<Model> history;
};

template <class Model>
struct Report {
  End end;
  Counts counts;
  std::vector<Finding<Model>> findings;
  std::vector<Witness<Model>> witnesses;

  bool holds() const { return end == End::complete && findings.empty(); }
};

/// The counts on a few lines, for people.
std::string text(const Counts& counts);

}  // namespace twostep::model::explore

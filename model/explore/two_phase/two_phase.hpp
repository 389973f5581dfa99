#pragma once

#include <bit>
#include <cassert>
#include <cstdint>
#include <string>
#include <vector>

#include "model/explore/engine/explorable.hpp"

/// Two-phase commit, as published: the explorer's own test, because others have counted its states.
///
/// Source     TwoPhase.tla (Gray, Lamport: Consensus on Transaction Commit, 2006) as it stands in the
///            TLA+ examples: messages are never removed, a participant may receive one again.
namespace twostep::model::explore {

class TwoPhase {
 public:
  /// Four bits a participant, from the low end; above them four bits of the coordinator. One word, so
  /// that it costs nothing to encode.
  struct State {
    std::uint64_t bits = 0;
    friend bool operator==(const State&, const State&) = default;
  };

  enum class What : std::uint8_t {
    coordinator_hears_prepared,
    coordinator_commits,
    coordinator_aborts,
    participant_prepares,
    participant_aborts,
    participant_hears_commit,
    participant_hears_abort,
  };
  struct Action {
    What what;
    int participant;
  };

  /// Most participants whose state fits a word.
  static constexpr int participants_max = 15;

  /// Requires   1 <= participants <= participants_max.
  explicit TwoPhase(int participants) : participants_{participants} {
    assert(participants >= 1 && participants <= participants_max);
  }

  std::vector<State> initial_states() const { return {State{}}; }

  template <class Visit>
  void next(const State& state, Visit&& visit) const {
    const auto bits = state.bits;
    const bool open = (bits & coordinator(sent_commit | sent_abort)) == 0;
    if (open && (bits & everyone(heard)) == everyone(heard)) {
      visit(Action{What::coordinator_commits, -1}, State{bits | coordinator(sent_commit)});
    }
    if (open) visit(Action{What::coordinator_aborts, -1}, State{bits | coordinator(sent_abort)});
    for (int i = 0; i < participants_; ++i) {
      const auto mine = [i](std::uint64_t flags) { return flags << 4 * i; };
      const auto decided = bits & ~mine(is);
      if (open && (bits & mine(said)) != 0) {
        visit(Action{What::coordinator_hears_prepared, i}, State{bits | mine(heard)});
      }
      if ((bits & mine(is)) == mine(working)) {
        visit(Action{What::participant_prepares, i}, State{decided | mine(prepared | said)});
        visit(Action{What::participant_aborts, i}, State{decided | mine(aborted)});
      }
      if ((bits & coordinator(sent_commit)) != 0) {
        visit(Action{What::participant_hears_commit, i}, State{decided | mine(committed)});
      }
      if ((bits & coordinator(sent_abort)) != 0) {
        visit(Action{What::participant_hears_abort, i}, State{decided | mine(aborted)});
      }
    }
  }

  std::vector<Property<State>> properties() const {
    return {
        always<State>(
            "nobody commits what another aborts",
            [this](const State& s) { return count(s, committed) == 0 || count(s, aborted) == 0; }),
        sometimes<State>("all commit",
                         [this](const State& s) { return count(s, committed) == participants_; }),
        sometimes<State>("all abort",
                         [this](const State& s) { return count(s, aborted) == participants_; }),
    };
  }

  bool finished(const State& state) const {
    return count(state, committed) == participants_ || count(state, aborted) == participants_;
  }

  /// Participants are interchangeable: sorting their four bits each gives one state for each orbit.
  State canonical(const State& state) const;

  std::string text(const State& before, const Action& action) const;

 private:
  // Of a participant: what it is (two bits), whether it said that it is prepared, and whether the
  // coordinator heard that.
  static constexpr std::uint64_t working = 0, prepared = 1, committed = 2, aborted = 3, is = 3;
  static constexpr std::uint64_t said = 4, heard = 8;

  // Of the coordinator: what it decided, which is what it sent.
  static constexpr std::uint64_t sent_commit = 1, sent_abort = 2;

  std::uint64_t coordinator(std::uint64_t flags) const { return flags << 4 * participants_; }

  std::uint64_t everyone(std::uint64_t flags) const {
    return flags * (0x1111'1111'1111'1111 & (coordinator(1) - 1));
  }

  int count(const State& state, std::uint64_t what) const {
    const auto differing = state.bits ^ everyone(what);
    return participants_ - std::popcount((differing | differing >> 1) & everyone(1));
  }

  int participants_;
};

}  // namespace twostep::model::explore

#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "model/explore/engine/explorable.hpp"

/// M1 in phases, written twice: here, and by hand in window.pml. SPIN and our explorer have to count the
/// same states, or one of them, or one of the texts, is wrong.
///
/// A owns the conversation, B and C have members. Of each message A asks B and C for clients, stores it,
/// tells B and C, and ends. A peer may crash and start again; a reply may get lost. What the abstraction
/// leaves out: who the clients are, mismatches, ids, and A's own crashes. What it keeps is the window:
/// between the first answer and the second call a peer may go, and then it has not got the message.
///
/// Source     S8, S11, S13, S14; specs/00-source.md.
namespace twostep::model::explore {

struct WindowSize {
  std::size_t messages = 2;
  std::uint8_t faults = 2;  ///< Crashes and lost replies, all together.
};

class Window {
 public:
  static constexpr std::size_t messages_max = 4;
  static constexpr std::size_t peers = 2;             ///< B and C.
  static constexpr std::size_t backends = peers + 1;  ///< A is the last.
  static constexpr std::size_t owner = peers;

  enum class Phase : std::uint8_t { idle, asking, telling, accepted, refused };
  enum class Call : std::uint8_t { none, called, replying, done, failed };

  struct Message {
    Phase phase = Phase::idle;
    std::array<Call, peers> call{};  ///< While asking: for clients; afterwards: to store.
    friend bool operator==(const Message&, const Message&) = default;
  };
  struct State {
    std::array<Message, messages_max> messages{};
    std::array<std::uint8_t, backends> stored{};  ///< By backend: a bit for each message it has.
    std::array<std::uint8_t, backends> seen{};    ///< Of those, what its client caught up on.
    std::array<bool, peers> down{};
    std::uint8_t faults = 0;  ///< So far.
    friend bool operator==(const State&, const State&) = default;
  };

  enum class What : std::uint8_t {
    begin,
    serve,
    refuse,
    arrive,
    lose,
    store,
    end,
    crash,
    restart,
    catch_up,
  };
  struct Action {
    What what;
    std::size_t message;  ///< Where it concerns one.
    std::size_t backend;  ///< Likewise.
  };

  explicit Window(WindowSize size) : size_{size} {}

  std::vector<State> initial_states() const { return {State{}}; }

  template <class Visit>
  void next(const State& state, Visit&& visit) const {
    for (std::size_t m = 0; m < size_.messages; ++m) next_of_message(state, m, visit);
    for (std::size_t p = 0; p < peers; ++p) {
      auto after = state;
      after.down[p] = !state.down[p];
      if (state.down[p]) visit(Action{What::restart, 0, p}, after);
      if (state.down[p] || state.faults == size_.faults) continue;
      ++after.faults;
      visit(Action{What::crash, 0, p}, after);
    }
    for (std::size_t b = 0; b < backends; ++b) {
      if (state.seen[b] == state.stored[b]) continue;
      auto after = state;
      after.seen[b] = state.stored[b];
      visit(Action{What::catch_up, 0, b}, after);
    }
  }

  std::vector<Property<State>> properties() const;

  bool finished(const State& state) const {
    for (std::size_t m = 0; m < size_.messages; ++m) {
      if (state.messages[m].phase != Phase::accepted && state.messages[m].phase != Phase::refused)
        return false;
    }
    return true;
  }

  std::string text(const State& before, const Action& action) const;

 private:
  static bool has(const State& state, std::size_t backend, std::size_t message) {
    return (state.stored[backend] >> message & 1) != 0;
  }
  static void store(State& state, std::size_t backend, std::size_t message) {
    state.stored[backend] = static_cast<std::uint8_t>(state.stored[backend] | 1u << message);
  }

  // An answer that does not come while clients are asked for ends the message: nobody gets it. Later
  // it only means that one backend is reported.
  static void fail(Message& message, std::size_t peer) {
    if (message.phase == Phase::asking) {
      message = {Phase::refused, {}};
    } else {
      message.call[peer] = Call::failed;
    }
  }

  static bool all_done(const Message& message) {
    return std::all_of(message.call.begin(), message.call.end(),
                       [](Call call) { return call == Call::done || call == Call::failed; });
  }

  template <class Visit>
  void next_of_message(const State& state, std::size_t m, Visit&& visit) const {
    const auto& message = state.messages[m];
    auto after = state;
    auto& changed = after.messages[m];
    switch (message.phase) {
      case Phase::idle:
        changed = {Phase::asking, {Call::called, Call::called}};
        visit(Action{What::begin, m, owner}, after);
        return;
      case Phase::asking:
      case Phase::telling:
        for (std::size_t p = 0; p < peers; ++p) next_of_call(state, m, p, visit);
        if (!all_done(message)) return;
        if (message.phase == Phase::asking) {
          changed = {Phase::telling, {Call::called, Call::called}};
          store(after, owner, m);
          visit(Action{What::store, m, owner}, after);
        } else {
          changed.phase = Phase::accepted;
          visit(Action{What::end, m, owner}, after);
        }
        return;
      case Phase::accepted:
      case Phase::refused:
        return;
    }
  }

  template <class Visit>
  void next_of_call(const State& state, std::size_t m, std::size_t p, Visit&& visit) const {
    auto after = state;
    auto& message = after.messages[m];
    switch (message.call[p]) {
      case Call::called:
        if (state.down[p]) {
          fail(message, p);
          visit(Action{What::refuse, m, p}, after);
        } else {
          if (message.phase == Phase::telling) store(after, p, m);
          message.call[p] = Call::replying;
          visit(Action{What::serve, m, p}, after);
        }
        return;
      case Call::replying:
        message.call[p] = Call::done;
        visit(Action{What::arrive, m, p}, after);
        if (state.faults == size_.faults) return;
        after = state;
        ++after.faults;
        fail(message, p);
        visit(Action{What::lose, m, p}, after);
        return;
      case Call::none:
      case Call::done:
      case Call::failed:
        return;
    }
  }

  WindowSize size_;
};

}  // namespace twostep::model::explore

#pragma once

#include <cstdint>
#include <vector>

#include "model/backend.hpp"

/// How rare is rare? Random histories of one inbox, and how many of its messages are lost.
///
/// Several servers of one backend store messages for one client, at random moments, each with the id of
/// its own clock. The client reads as soon as something becomes visible, as one with an open socket does,
/// and moves its pointer. A message that becomes visible behind the pointer is lost: no catch-up will
/// ever return it. All of it happens in the model's `step` and `catch_up`; here are only dice.
///
/// Source     S5, S6; specs/04-time-uuid.md TID-09.
namespace twostep::model::explore {

struct Conditions {
  double skew_ms = 0;  ///< A server's clock is wrong by anything between minus and plus this.
  double commit_delay_ms = 0;  ///< From the id to its being visible: exponential, with this mean.
  double rate = 100;           ///< Messages a second for this inbox: a Poisson process.
  unsigned servers = 8;        ///< Of the backend; each message goes to any of them.
  IdPolicy ids = IdPolicy::wall_clock;
};

struct Losses {
  std::uint64_t sent = 0;
  std::uint64_t lost = 0;
  std::uint64_t histories = 0;
  std::uint64_t histories_with_loss = 0;

  double share() const { return sent == 0 ? 0 : double(lost) / double(sent); }
};

struct Sample {
  std::uint64_t histories = 10;
  std::uint64_t messages = 1'000;  ///< In each; below `messages_max`.
  std::uint64_t seed = 0;

  static constexpr std::uint64_t messages_max = 100'000;
};

/// The same sample always gives the same losses.
Losses measure(const Conditions& conditions, const Sample& sample);

struct Measured {
  Conditions conditions;
  Losses losses;
};

}  // namespace twostep::model::explore

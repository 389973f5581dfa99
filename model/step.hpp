#pragma once

#include <vector>

#include "model/effect.hpp"

/// One backend as a pure state machine: `step` is the whole interface.
///
/// It owns no clock, socket or database; the caller puts time and randomness into the events and
/// carries the effects out. The same backend and event always give the same step.
///
/// Shape      Small steps, so that other events and faults fall between them: a request is received,
///            peers are asked, answer or fail, the mismatch is decided, a transaction gets its ids,
///            commits, peers are told, confirm or fail, the request is answered; then, for each
///            notification, step two.
/// Errors     An event that nothing waits for (a late answer, a closed socket) changes nothing.
/// Source     specs/01-send.md to 04-time-uuid.md, and the federation chapter.
namespace twostep::model {

struct Step {
  Backend backend;
  Effects effects;
};

Step step(Backend before, const Event& event);

/// The same in place, for who keeps thousands of users. Effects are appended.
void step(Backend& backend, const Event& event, Effects& effects);

/// The backend's own next steps: each `Proceed`, `Deliver` and `CallNext` that would do something
/// now. The time of each is left 0 for the caller, who knows the clock of the node. `node` is the
/// one that works the queues.
std::vector<Event> ready(const Backend& backend);

/// Takes ready steps, oldest job first, until there is none: a backend that nothing interrupts.
void settle(Backend& backend, Time now, Effects& effects);

}  // namespace twostep::model

#pragma once

#include "impl/core/conversation.hpp"

/// The names under which the wire has what a member keeps for itself.
///
/// Threads    Pure functions.
/// Source     specs/07-wire.md (WIR), members.
namespace twostep::wire {

/// Calls `visit(name, value)` for each; the value is optional, and changeable if the state is.
template <class State, class Visit>
void for_each_member_of(State& state, Visit visit) {
  visit("otr_muted_status", state.muted_status);
  visit("otr_muted_ref", state.muted_ref);
  visit("otr_archived", state.archived);
  visit("otr_archived_ref", state.archived_ref);
  visit("hidden", state.hidden);
  visit("hidden_ref", state.hidden_ref);
}

}  // namespace twostep::wire

#pragma once

#include <string_view>

#include "property-tests/campaign/tally.hpp"

/// The interesting situations, and how often a campaign came into each.
///
/// A campaign that never reaches one has shown nothing about it, so it fails.
namespace twostep::properties {

enum class Situation {
  delivered,
  missing_stops,
  missing_ignored,
  redundant,
  deleted,
  self_addressed,
  stranger_sends,
  removed_client_sends,
  transient,
  answer_lost,
  outcome_unknown_kept,
  outcome_unknown_lost,
  store_busy,
  store_full,
  commit_shared,
  decided_again,
  crash_before_commit,
  crash_after_commit,
  crash_idle,
  fail_over,
  restart,
  clock_set_back,
  clock_set_forward,
  id_ahead_of_clock,
  page_full,
  page_empty,
  walk_during_sends,
  socket_follows,
  socket_replaced,
  socket_hung_up,
  socket_slow,
  socket_lost_with_node,
  pushed,
  push_dead,
  push_failed,
  member_races_send,
  client_races_send,
  peer_request_lost,
  peer_reply_lost,
  peer_reset,
  peer_cut_off,
  peer_down,
  peer_died_over_it,
  refused_for_a_peer,
  remote_sender,
  told_too_late,
  healed,
  tried_again,
  both_tries_stored,
  renamed,
  talk_created,
  talk_refused_for_a_peer,
  acquainted,
  acquainted_elsewhere,
  swept,
  pointer_expired,
  expired_unread,
  token_removed,
  transient_heard,

  // The outcome matrix of a message to several backends.
  matrix_local_all_two,
  matrix_local_all_three,
  matrix_local_not_asked,
  matrix_local_not_told,
  matrix_local_told_silent,
  matrix_two_not_told,
  matrix_no_answer_nobody,
  matrix_no_answer_part,
  matrix_no_answer_all,
  matrix_remote_all_two,
  matrix_remote_all_three,
  matrix_remote_not_asked,
  matrix_sender_not_asked,
  matrix_remote_not_told,
  matrix_remote_told_silent,
  matrix_sender_not_told,
  matrix_owner_silent_nobody,
  matrix_owner_silent_part,
  matrix_owner_silent_all,
  matrix_bystander_down,
  count_,
};

inline constexpr auto situations = static_cast<std::size_t>(Situation::count_);

/// In words, in the order of the enumerators.
std::string_view name_of(Situation situation);

using Coverage = Tally<Situation>;

}  // namespace twostep::properties

#pragma once

#include <string_view>

#include "property-tests/campaign/tally.hpp"

/// What must be true of every run, one rule each, named by the clause that says so; and how often each was
/// judged.
///
/// A rule that a campaign never judged has shown nothing, so the campaign is inconclusive; one that no
/// planted fault makes fail may be blind, so a test fails (`campaign_test.cpp`).
///
/// Source     specs/*.md. Rules without a clause are described in property-tests/README.md.
namespace twostep::properties {

enum class Rule {
  // What the answer to a send says.
  member_may_send,
  client_may_send,
  stranger_is_refused,
  unknown_client_is_refused,
  valid_is_in_no_set,
  in_one_set,
  outsider_is_redundant,
  own_client_is_redundant,
  gone_client_is_deleted,
  addressed_is_not_missing,
  expected_is_missing,
  missing_is_expected,
  strategy_filters_missing,
  missing_stops,
  elsewhere_by_the_same_rules,
  only_addressed_is_reported,
  only_peers_fail,
  peer_fails_as_a_whole,

  // What is in the inboxes of a message.
  acknowledged_is_stored,
  acknowledged_is_stored_elsewhere,
  all_or_nobody,
  outsider_gets_nothing,
  stored_once,
  refused_is_nowhere,
  stopped_is_nowhere,
  peer_failed_is_nowhere,
  owners_peer_failed_is_nowhere,
  transient_is_nowhere,
  for_one_client,
  nothing_invented,
  event_is_complete,
  same_time_for_all,

  // Ids.
  id_is_new,
  id_follows_acknowledgement,

  // Catching up.
  page_is_complete,
  page_has_own_only,
  walk_skips_nothing,
  seen_stays,
  catch_up_after_acknowledgement,
  more_only_if_more,
  page_is_no_larger,
  more_needs_some,
  pointer_is_known,
  expired_pointer_is_a_gap,
  expired_is_gone,

  // Sockets.
  socket_tells_all,
  socket_tells_own_only,
  socket_in_order_once,
  socket_begins_now,
  frame_is_the_notification,
  frame_is_well_formed,
  transient_for_its_client,
  transient_once,
  transient_arrives,

  // Push.
  push_names_what_is_stored,
  push_for_recipients_only,
  push_not_unwanted,
  push_once,
  push_not_beside_socket,
  push_is_made,
  dead_token_is_removed,

  // Clients, members, names.
  client_change_lasts,
  member_change_lasts,
  name_change_lasts,
  change_is_told,

  // Of no clause.
  no_exception,
  set_up,
  comes_to_rest,
  healed_send,
  healed_catch_up,
  healed_everything,
  repeats_itself,
  count_,
};

inline constexpr auto rules = static_cast<std::size_t>(Rule::count_);

/// The clause, and what it says in short: "SND-10: nothing is stored twice".
std::string_view name_of(Rule rule);

/// How often each rule was judged.
using Judged = Tally<Rule>;

}  // namespace twostep::properties

#pragma once

#include <array>
#include <string_view>

/// Faults planted in the world on purpose. A property that has never failed is not known to work; each of
/// these breaks a promise that some property checks, and a test sees it found.
namespace twostep::properties {

enum class Plant {
  none,
  answers_before_commit,    ///< The store answers, and then begins to commit.
  loses_last_row,           ///< A commit keeps all its rows but the last.
  keeps_refused,            ///< What was refused as `busy` is committed nevertheless.
  tears_commit,             ///< A crash in a commit keeps the first half of it.
  forgets_heads,            ///< After a restart no inbox remembers the greatest id it gave.
  never_rings,              ///< No doorbell rings.
  repeats_frame,            ///< A frame is written twice.
  skips_frame,              ///< Every tenth frame is not written.
  delivers_to_neighbour,    ///< A socket gets what is for another client of the user.
  page_without_its_last,    ///< A page of more than one is answered without its last notification.
  ids_by_wall_clock,        ///< The policy that the source has: S6.
  pushes_to_everybody,      ///< The gateway hears of every client, with a socket or not.
  never_heals,              ///< A node that went down stays down.
  restart_loses_rows,       ///< A restarted node has lost the last rows of some tables.
  keeps_expired,            ///< What has expired is shown all the same.
  drops_transients,         ///< Transient messages go nowhere.
  frame_of_another_kind,    ///< A frame names another type of event than the inbox.
  frame_cut_short,          ///< A frame is not all there.
  push_of_nothing,          ///< A notice names an id that nothing has.
  push_for_another,         ///< A notice names another client.
  pushes_twice,             ///< The gateway is told everything twice.
  keeps_dead_tokens,        ///< A node does not hear that a token is dead.
  throws,                   ///< Requests end in an exception.
  never_rests,              ///< Something goes on and on.
  nobody_is_connected,      ///< Nobody can be invited to anything.
  unseeded,                 ///< A number that the seed does not decide.
  refuses_members,          ///< A sender is told that there is no such conversation.
  refuses_clients,          ///< A sender is told that it is no client.
  accepts_everybody,        ///< Who was refused is told that the message was sent.
  accepted_is_refused,      ///< Who was not refused is told of a peer that failed.
  stopped_is_told_wrongly,  ///< Who was not stopped is told so.
  forgets_redundant,        ///< The status names nobody as redundant or deleted.
  all_are_redundant,        ///< The status names every recipient as redundant.
  deleted_and_redundant,    ///< The status names clients in two sets.
  invents_redundant,        ///< The status names a client that was not addressed.
  forgets_missing,          ///< The status names nobody as missing.
  all_are_missing,          ///< The status names everybody as missing.
  one_fails_alone,          ///< Of a peer that failed, one client only is named.
  sender_fails,             ///< The status names the sender as failed.
  other_time,               ///< The status has another time than the events.
  stores_transients,        ///< A transient message is stored.
  pushes_unasked,           ///< A message is pushed that is not to be.
  sends_twice,              ///< A message is carried out twice.
  swaps_ciphertexts,        ///< Two clients get each other's ciphertext.
  alters_ciphertexts,       ///< Everybody gets another ciphertext than was sent.
  another_origin,           ///< A message comes from another connection.
  page_cut_short,           ///< A page is not all there.
  page_too_long,            ///< A page has one notification more than was asked for.
  says_more,                ///< A page says that there is more, and there is not.
  forgets_pointers,         ///< A pointer is a gap.
  row_twice,                ///< An inbox has everything twice.
};

struct PlantName {
  Plant plant;
  std::string_view name;
};

inline constexpr std::array plant_names = {
    PlantName{Plant::answers_before_commit, "answers-before-commit"},
    PlantName{Plant::loses_last_row, "loses-last-row"},
    PlantName{Plant::keeps_refused, "keeps-refused"},
    PlantName{Plant::tears_commit, "tears-commit"},
    PlantName{Plant::forgets_heads, "forgets-heads"},
    PlantName{Plant::never_rings, "never-rings"},
    PlantName{Plant::repeats_frame, "repeats-frame"},
    PlantName{Plant::skips_frame, "skips-frame"},
    PlantName{Plant::delivers_to_neighbour, "delivers-to-neighbour"},
    PlantName{Plant::page_without_its_last, "page-without-its-last"},
    PlantName{Plant::ids_by_wall_clock, "ids-by-wall-clock"},
    PlantName{Plant::pushes_to_everybody, "pushes-to-everybody"},
    PlantName{Plant::never_heals, "never-heals"},
    PlantName{Plant::restart_loses_rows, "restart-loses-rows"},
    PlantName{Plant::keeps_expired, "keeps-expired"},
    PlantName{Plant::drops_transients, "drops-transients"},
    PlantName{Plant::frame_of_another_kind, "frame-of-another-kind"},
    PlantName{Plant::frame_cut_short, "frame-cut-short"},
    PlantName{Plant::push_of_nothing, "push-of-nothing"},
    PlantName{Plant::push_for_another, "push-for-another"},
    PlantName{Plant::pushes_twice, "pushes-twice"},
    PlantName{Plant::keeps_dead_tokens, "keeps-dead-tokens"},
    PlantName{Plant::throws, "throws"},
    PlantName{Plant::never_rests, "never-rests"},
    PlantName{Plant::nobody_is_connected, "nobody-is-connected"},
    PlantName{Plant::unseeded, "unseeded"},
    PlantName{Plant::refuses_members, "refuses-members"},
    PlantName{Plant::refuses_clients, "refuses-clients"},
    PlantName{Plant::accepts_everybody, "accepts-everybody"},
    PlantName{Plant::accepted_is_refused, "accepted-is-refused"},
    PlantName{Plant::stopped_is_told_wrongly, "stopped-is-told-wrongly"},
    PlantName{Plant::forgets_redundant, "forgets-redundant"},
    PlantName{Plant::all_are_redundant, "all-are-redundant"},
    PlantName{Plant::deleted_and_redundant, "deleted-and-redundant"},
    PlantName{Plant::invents_redundant, "invents-redundant"},
    PlantName{Plant::forgets_missing, "forgets-missing"},
    PlantName{Plant::all_are_missing, "all-are-missing"},
    PlantName{Plant::one_fails_alone, "one-fails-alone"},
    PlantName{Plant::sender_fails, "sender-fails"},
    PlantName{Plant::other_time, "other-time"},
    PlantName{Plant::stores_transients, "stores-transients"},
    PlantName{Plant::pushes_unasked, "pushes-unasked"},
    PlantName{Plant::sends_twice, "sends-twice"},
    PlantName{Plant::swaps_ciphertexts, "swaps-ciphertexts"},
    PlantName{Plant::alters_ciphertexts, "alters-ciphertexts"},
    PlantName{Plant::another_origin, "another-origin"},
    PlantName{Plant::page_cut_short, "page-cut-short"},
    PlantName{Plant::page_too_long, "page-too-long"},
    PlantName{Plant::says_more, "says-more"},
    PlantName{Plant::forgets_pointers, "forgets-pointers"},
    PlantName{Plant::row_twice, "row-twice"},
};

}  // namespace twostep::properties

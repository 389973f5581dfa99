#include "model/bug.hpp"

#include <array>

namespace twostep::model {

std::span<const NamedBug> all_bugs() {
  static constexpr std::array bugs{
      NamedBug{Bug::acknowledges_before_commit, "acknowledges-before-commit", "SND-02"},
      NamedBug{Bug::forgets_on_crash, "forgets-on-crash", "SND-03"},
      NamedBug{Bug::stores_for_some, "stores-for-some", "SND-06"},
      NamedBug{Bug::mismatch_ignores_first_client, "mismatch-ignores-first-client", "SND-19"},
      NamedBug{Bug::stores_what_it_refuses, "stores-what-it-refuses", "SND-20"},
      NamedBug{Bug::stores_for_strangers, "stores-for-strangers", "SND-13"},
      NamedBug{Bug::stores_for_sender, "stores-for-sender", "SND-14"},
      NamedBug{Bug::one_copy_for_all_clients, "one-copy-for-all-clients", "SND-11"},
      NamedBug{Bug::forgets_gap, "forgets-gap", "CUP-17"},
      NamedBug{Bug::since_is_inclusive, "since-is-inclusive", "CUP-03"},
      NamedBug{Bug::reuses_ids_after_restart, "reuses-ids-after-restart", "TID-02"},
      NamedBug{Bug::releases_head_early, "releases-head-early", "TID-05"},
      NamedBug{Bug::pushes_what_a_socket_got, "pushes-what-a-socket-got", "DLV-19"},
      NamedBug{Bug::frames_out_of_order, "frames-out-of-order", "DLV-09"},
      NamedBug{Bug::stores_before_all_answered, "stores-before-all-answered", "S13"},
      NamedBug{Bug::treats_a_down_peer_as_empty, "treats-a-down-peer-as-empty", "S13"},
      NamedBug{Bug::tells_again_after_failure, "tells-again-after-failure", "S8"},
      NamedBug{Bug::asks_twice, "asks-twice", "S8"},
      NamedBug{Bug::hides_partial_delivery, "hides-partial-delivery", "S14"},
      NamedBug{Bug::waits_while_forwarding, "waits-while-forwarding", "P6"},
      NamedBug{Bug::forgets_what_it_received, "forgets-what-it-received", "S8"},
  };
  return bugs;
}

}  // namespace twostep::model

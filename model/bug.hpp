#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "model/backend.hpp"

/// Deliberate faults of the model, one at a time. Each is kept as a test: the explorer has to find
/// it, with the shortest history that shows it.
namespace twostep::model {

enum class Bug : std::uint8_t {
  none,
  acknowledges_before_commit,     ///< SND-02: the answer overtakes the database.
  forgets_on_crash,               ///< SND-03: the database dies with its server.
  stores_for_some,                ///< SND-06: one commit per row, and a crash falls between.
  mismatch_ignores_first_client,  ///< SND-19: one missing client is not noticed.
  stores_what_it_refuses,         ///< SND-20: a 412 is stored all the same.
  stores_for_strangers,           ///< SND-13: everybody addressed is a recipient.
  stores_for_sender,              ///< SND-14: the sending client gets its own message.
  one_copy_for_all_clients,       ///< SND-11: a notification is for all clients of the user.
  forgets_gap,                    ///< CUP-17: an unknown pointer is answered like a known one.
  since_is_inclusive,             ///< CUP-03: the pointer's notification comes again.
  reuses_ids_after_restart,       ///< TID-08: a server starts with the bits it had.
  releases_head_early,            ///< TID-05: ids ascend, but may become visible out of order.
  pushes_what_a_socket_got,       ///< DLV-19: two ways of step two at once.
  frames_out_of_order,            ///< DLV-09: the newest first.
  stores_before_all_answered,     ///< S13: the first backend that answers is enough.
  treats_a_down_peer_as_empty,    ///< S13: a backend that does not answer has no clients.
  tells_again_after_failure,      ///< S8: M1 with a retry; a lost reply makes two messages.
  asks_twice,                     ///< FED: one backend is asked for clients twice.
  hides_partial_delivery,         ///< S14: `failed_to_send` stays empty.
  waits_while_forwarding,         ///< P6: a backend that waits for the owner serves nobody.
  forgets_what_it_received,       ///< `outbox`: being told again stores again.
};

struct NamedBug {
  Bug bug;
  std::string_view name;
  std::string_view clause;
};

std::span<const NamedBug> all_bugs();

}  // namespace twostep::model

#include "impl/service/change.hpp"

namespace twostep::service {

Events::Events(Backend& backend, Instant began) : backend_{backend}, began_{began} {}

void Events::add(store::Transaction& transaction, store::NewNotification notification, Push push) {
  const bool by_wall_clock = backend_.id_policy == store::IdPolicy::wall_clock;
  const store::IdSource ids{.policy = backend_.id_policy,
                            .now = by_wall_clock ? began_ : backend_.clock.now(),
                            .origin = backend_.id_origin};
  const auto stored = store::append(transaction, ids, notification);
  doorbells_.push_back({.user = notification.user,
                        .previous = stored.previous,
                        .id = stored.id,
                        .targets = std::move(notification.targets),
                        .origin = notification.origin,
                        .event = std::move(notification.event),
                        .native_push = push != Push::none,
                        .high_priority = push != Push::low});
}

void Events::start_again() { doorbells_.clear(); }

void Events::ring() {
  for (const auto& doorbell : doorbells_) {
    // In this order a socket that opens in between gets a notice too many; in the other, neither
    // the frame nor a notice.
    if (doorbell.native_push) backend_.push.offer(doorbell);
    backend_.sockets.ring(doorbell);
  }
}

Refusal refusal_of(store::StoreError error) {
  switch (error) {
    case store::StoreError::busy:
      return {Reason::too_busy};
    case store::StoreError::full:
      return {Reason::store_full};
    case store::StoreError::outcome_unknown:
      return {Reason::outcome_unknown};
  }
  return {Reason::internal};
}

}  // namespace twostep::service

#pragma once

#include "impl/core/time_uuid.hpp"
#include "impl/service/ports.hpp"

/// Frames that are stored nowhere.
///
/// Threads    Any.
/// Source     specs/02-deliver.md (DLV-16).
namespace twostep::service {

/// An id for such a frame. It names no place in an inbox, so it must only differ from every other: its
/// origin is random, and not this start's.
inline TimeUuid transient_id(Backend& backend, Instant time) {
  const auto bits = backend.entropy.number();
  return TimeUuid::at(time,
                      {.sequence = static_cast<std::uint16_t>(bits & 0x3fff), .node = bits >> 16});
}

}  // namespace twostep::service

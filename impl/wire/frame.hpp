#pragma once

#include <string>
#include <string_view>

#include "impl/core/time_uuid.hpp"

/// The messages of the websocket.
///
/// Shape      `{"id":"<time-UUID>","payload":[<event>],"transient":<bool>}`; the event is spliced
/// in as
///            the JSON bytes that are stored.
/// Threads    Pure functions.
/// Source     specs/07-wire.md (WIR), frames of `/await`.
namespace twostep::wire {

std::string notification_frame(const TimeUuid& id, std::string_view event);

/// For an event that is stored nowhere, and whose id must not become anybody's pointer.
std::string transient_frame(const TimeUuid& id, std::string_view event);

}  // namespace twostep::wire

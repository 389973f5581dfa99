#pragma once

#include <optional>
#include <string_view>

#include "impl/core/result.hpp"
#include "impl/core/time_uuid.hpp"
#include "impl/wire/json.hpp"

/// Times as other backends write them.
///
/// Shape      `2021-05-12T10:52:02Z`, with any fraction of a second; what is finer than a tick is cut.
///            From 1970 on, so that every later way of writing it is in range.
/// Threads    Pure functions.
/// Source     specs/07-wire.md (WIR), identifiers and formats; RFC 3339.
namespace twostep::wire {

std::optional<Instant> parse_time(std::string_view text);

namespace read {

/// A reader, as `Fields` takes it.
struct Time {
  Result<Instant> operator()(const Json& value) const;
};
inline constexpr Time time;

}  // namespace read
}  // namespace twostep::wire

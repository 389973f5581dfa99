#pragma once

#include <string>
#include <string_view>

#include "impl/core/ids.hpp"
#include "impl/core/time_uuid.hpp"

/// Pieces of JSON written by hand, where building a tree of values would only cost.
///
/// Shape      Appends to what is there; every value is complete and correctly escaped.
/// Units      Times are UTC, cut (not rounded) to the unit written: two events in order never
///            appear out of order.
/// Threads    Pure functions.
/// Source     specs/07-wire.md (WIR), identifiers and formats; RFC 8259 section 7.
namespace twostep::wire {

/// A quoted string. `text` is UTF-8; octets that are not become U+FFFD, so that what we emit always
/// parses.
void append_json_string(std::string& out, std::string_view text);

/// `{"id":"<uuid>","domain":"<domain>"}`
void append_qualified_id(std::string& out, const Domain& domain, const Uuid& id);

/// `2021-05-12T10:52:02.671Z`: always three digits of a second.
/// Requires   A moment in the years 1 to 9999.
std::string millisecond_time(Instant at);

/// `2021-05-12T10:52:02Z`
std::string second_time(Instant at);

}  // namespace twostep::wire

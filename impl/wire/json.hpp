#pragma once

#include <nlohmann/json.hpp>
#include <string_view>

#include "impl/core/ids.hpp"
#include "impl/core/result.hpp"

/// JSON that arrives, and JSON that is built as a tree of values. For what is not on a hot path;
/// messages and pages are written by hand (json_text.hpp, event.hpp, page.hpp).
///
/// Shape      Strict: one value, UTF-8 as RFC 3629 has it, no byte order mark, no NaN, nothing
/// after
///            the end, nesting bounded by `limits::json_depth_max`. Of several members of one name
///            the last one counts, wherever it stands; there is no second parser behind this one
///            that could see it otherwise.
/// Errors     Anything else is `bad_request`, saying at which octet; more values than
///            `limits::json_values_max` are `payload_too_large`.
/// Threads    Pure functions.
/// Source     specs/07-wire.md (WIR); RFC 8259.
namespace twostep::wire {

using Json = nlohmann::json;

/// A body that is any JSON value.
Result<Json> parse_value(std::string_view body);

/// A body that has to be a JSON object.
Result<Json> parse_object(std::string_view body);

/// A body that may be left out: nothing at all is read as `{}`.
Result<Json> parse_object_or_nothing(std::string_view body);

/// The text of a tree of values. Octets that are not UTF-8 become U+FFFD.
std::string text_of(const Json& value);

/// `{"id":"<uuid>","domain":"<domain>"}`
template <class Id>
Json qualified_id(const Qualified<Id>& name) {
  return {{"id", name.id.text()}, {"domain", name.domain.text()}};
}

}  // namespace twostep::wire

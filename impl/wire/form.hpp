#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "impl/core/result.hpp"

/// The small languages of a request's head: percent encoding, query strings, cookies.
///
/// Shape      Decoded exactly once; the result is UTF-8 without NUL. Nothing is normalised: `..`
/// and
///            empty segments mean themselves, and match no route.
/// Errors     `bad_request`: an escape that is none, `%00`, octets that are not UTF-8, too many
///            parameters, an escaped slash in a path (where a segment ends must not depend on when
///            it was decoded).
/// Threads    Pure functions.
/// Source     specs/07-wire.md (WIR); RFC 3986 section 2.1; RFC 6265 section 4.2.
namespace twostep::wire {

using Parameters = std::vector<std::pair<std::string, std::string>>;

Result<std::string> decode_path(std::string_view path);

/// `a=1&b=%20&c`, without the question mark; `+` is a space, a missing `=` an empty value. In
/// order.
Result<Parameters> parse_query(std::string_view query);

/// The value of the first cookie of that name in a `Cookie` field.
std::optional<std::string_view> find_cookie(std::string_view field, std::string_view name);

}  // namespace twostep::wire

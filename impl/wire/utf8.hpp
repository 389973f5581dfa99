#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

/// UTF-8, exactly as RFC 3629 has it: no overlong forms, no surrogates, nothing above U+10FFFF.
///
/// Threads    Pure functions.
/// Source     RFC 3629 section 4.
namespace twostep::wire {

/// How many octets the first character of `text` takes; 0 if it is no character, or cut off.
/// Requires   `text` is not empty.
std::size_t utf8_character(std::string_view text);

/// The number of characters (code points), or none if some octets are not UTF-8.
std::optional<std::size_t> utf8_characters(std::string_view text);

}  // namespace twostep::wire

#pragma once

#include <algorithm>
#include <string_view>

/// Letters and spaces as protocols see them: ASCII only, whatever the locale.
///
/// Threads    Pure functions.
/// Source     RFC 9110 section 5.6.
namespace twostep::wire {

constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }
constexpr bool is_alpha(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
constexpr char lowered(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c; }

/// Requires   `lower` is in lower case.
constexpr bool equals_ignoring_case(std::string_view text, std::string_view lower) {
  return std::equal(text.begin(), text.end(), lower.begin(), lower.end(),
                    [](char l, char r) { return lowered(l) == r; });
}

/// Without spaces and tabs at either end.
constexpr std::string_view trimmed(std::string_view text) {
  text.remove_prefix(std::min(text.find_first_not_of(" \t"), text.size()));
  text.remove_suffix(text.size() - (text.find_last_not_of(" \t") + 1));
  return text;
}

}  // namespace twostep::wire

#pragma once

#include <string>
#include <string_view>

/// Text for an HTML page.
namespace twostep::conformance {

std::string escaped(std::string_view text);

/// A clause's Markdown: `code` and [links](x) are all that occurs.
std::string marked_up(std::string_view text);

/// At most so many bytes, and a sign that there were more.
std::string clipped(const std::string& text, std::size_t bytes_max);

/// The same, and how many there were.
std::string shortened(const std::string& text, std::size_t bytes_max);

}  // namespace twostep::conformance

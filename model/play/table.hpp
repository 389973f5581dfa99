#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// Reading of lines.
namespace twostep::model {

std::string_view trimmed(std::string_view text);

/// `a, b` as its parts, trimmed; nothing for an empty text.
std::vector<std::string> parts(std::string_view list, char separator = ',');

/// What stands for each `*` of the pattern, or nothing if the line is another one. A `*` takes as
/// little as possible, the last one all the rest.
std::optional<std::vector<std::string>> match(std::string_view pattern, std::string_view line);

std::vector<std::string> lines_of(std::string_view text);

}  // namespace twostep::model

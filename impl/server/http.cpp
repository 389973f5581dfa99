#include "impl/server/http.hpp"

#include <algorithm>

namespace twostep::server {
namespace {

using Pairs = std::vector<std::pair<std::string, std::string>>;

std::optional<std::string_view> first_of(const Pairs& pairs, std::string_view name) {
  const auto found = std::find_if(pairs.begin(), pairs.end(),
                                  [&](const auto& pair) { return pair.first == name; });
  if (found == pairs.end()) return std::nullopt;
  return found->second;
}

std::string_view without_blanks(std::string_view text) {
  const auto first = text.find_first_not_of(" \t");
  if (first == text.npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

}  // namespace

std::optional<std::string_view> Request::parameter(std::string_view name) const {
  return first_of(query, name);
}

std::optional<std::string_view> Request::header(std::string_view name) const {
  return first_of(headers, name);
}

// RFC 6265 section 5.4: one header, pairs separated by semicolons, values taken as they are.
std::optional<std::string_view> Request::cookie(std::string_view name) const {
  auto rest = header("cookie").value_or("");
  while (!rest.empty()) {
    const auto end = std::min(rest.find(';'), rest.size());
    const auto pair = without_blanks(rest.substr(0, end));
    rest.remove_prefix(std::min(end + 1, rest.size()));

    const auto equals = pair.find('=');
    if (equals != pair.npos && pair.substr(0, equals) == name) return pair.substr(equals + 1);
  }
  return std::nullopt;
}

}  // namespace twostep::server

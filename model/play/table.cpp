#include "model/play/table.hpp"

namespace twostep::model {

std::string_view trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(" \t\r");
  if (first == text.npos) return {};
  return text.substr(first, text.find_last_not_of(" \t\r") - first + 1);
}

std::vector<std::string> parts(std::string_view list, char separator) {
  std::vector<std::string> found;
  while (!trimmed(list).empty()) {
    const auto end = list.find(separator);
    found.emplace_back(trimmed(list.substr(0, end)));
    list = end == list.npos ? std::string_view{} : list.substr(end + 1);
  }
  return found;
}

std::optional<std::vector<std::string>> match(std::string_view pattern, std::string_view line) {
  std::vector<std::string> found;
  for (;;) {
    const auto star = pattern.find('*');
    if (line.substr(0, star) != pattern.substr(0, star)) return std::nullopt;
    if (star == pattern.npos) return line == pattern ? std::optional{found} : std::nullopt;
    line.remove_prefix(star);
    pattern.remove_prefix(star + 1);
    const auto literal = pattern.substr(0, pattern.find('*'));
    const auto end = literal.empty() ? line.size() : line.find(literal);
    if (end == line.npos || end == 0) return std::nullopt;
    found.emplace_back(line.substr(0, end));
    line.remove_prefix(end);
  }
}

std::vector<std::string> lines_of(std::string_view text) {
  std::vector<std::string> lines;
  while (!text.empty()) {
    const auto end = text.find('\n');
    lines.emplace_back(text.substr(0, end));
    text = end == text.npos ? std::string_view{} : text.substr(end + 1);
  }
  return lines;
}

}  // namespace twostep::model

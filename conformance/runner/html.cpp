#include "conformance/runner/html.hpp"

namespace twostep::conformance {

std::string escaped(std::string_view text) {
  std::string result;
  for (const char letter : text) {
    switch (letter) {
      case '&':
        result += "&amp;";
        break;
      case '<':
        result += "&lt;";
        break;
      case '>':
        result += "&gt;";
        break;
      case '"':
        result += "&quot;";
        break;
      default:
        result += letter;
    }
  }
  return result;
}

std::string marked_up(std::string_view text) {
  std::string result;
  bool code = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '`') {
      code = !code;
      result += code ? "<code>" : "</code>";
    } else if (text[i] == '[' && !code) {
      const auto middle = text.find("](", i);
      const auto end = text.find(')', i);
      if (middle == std::string_view::npos || end == std::string_view::npos) {
        result += '[';
        continue;
      }
      result += escaped(text.substr(i + 1, middle - i - 1));
      i = end;
    } else {
      result += escaped(text.substr(i, 1));
    }
  }
  return result;
}

std::string clipped(const std::string& text, std::size_t bytes_max) {
  if (text.size() <= bytes_max) return text;
  auto end = bytes_max;
  // Not in the middle of a character.
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xc0) == 0x80) --end;
  return text.substr(0, end) + "…";
}

std::string shortened(const std::string& text, std::size_t bytes_max) {
  if (text.size() <= bytes_max) return text;
  return clipped(text, bytes_max) + " (" + std::to_string(text.size()) + " bytes)";
}

}  // namespace twostep::conformance

#include "model/serve/http.hpp"

#include <algorithm>
#include <cstdint>

namespace twostep::model::serve {
namespace {

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  bad_request("Broken escape");
}

std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  for (;;) {
    const auto end = text.find(separator);
    parts.push_back(text.substr(0, end));
    if (end == std::string_view::npos) return parts;
    text.remove_prefix(end + 1);
  }
}

std::string decoded_text(std::string_view text) {
  auto decoded = percent_decoded(text);
  if (decoded.find('\0') != std::string::npos || !is_utf8(decoded)) bad_request("Broken text");
  return decoded;
}

/// How many octets follow the first one of a character; -1 if it is no first octet.
int octets_after(unsigned char first) {
  if (first < 0x80) return 0;
  if (first >= 0xc2 && first < 0xe0) return 1;
  if (first >= 0xe0 && first < 0xf0) return 2;
  if (first >= 0xf0 && first < 0xf5) return 3;
  return -1;
}

}  // namespace

std::optional<std::string> find_header(const Headers& headers, std::string_view name) {
  for (const auto& header : headers) {
    if (header.name == name) return header.value;
  }
  return std::nullopt;
}

void refuse(int status, std::string label, std::string message) {
  throw Refusal{.status = status, .label = std::move(label), .message = std::move(message)};
}

void bad_request(std::string message) { refuse(400, "bad-request", std::move(message)); }

void read_target(std::string_view target, Request& request) {
  const auto question = target.find('?');
  for (const auto segment : split(target.substr(1, question - 1), '/')) {
    request.path.push_back(decoded_text(segment));
  }
  if (question == std::string_view::npos) return;
  for (const auto parameter : split(target.substr(question + 1), '&')) {
    const auto equals = parameter.find('=');
    const auto value = equals == std::string_view::npos ? "" : parameter.substr(equals + 1);
    request.query.emplace(decoded_text(parameter.substr(0, equals)), decoded_text(value));
  }
}

std::string percent_decoded(std::string_view text) {
  std::string decoded;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      decoded += text[i];
    } else {
      if (i + 2 >= text.size()) bad_request("Broken escape");
      decoded += static_cast<char>(hex_digit(text[i + 1]) * 16 + hex_digit(text[i + 2]));
      i += 2;
    }
  }
  return decoded;
}

bool is_utf8(std::string_view text) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto first = static_cast<unsigned char>(text[i]);
    const int more = octets_after(first);
    if (more < 0 || i + static_cast<std::size_t>(more) >= text.size()) return false;
    std::uint32_t point = more == 0 ? first : first & (0x3fu >> more);
    for (int k = 0; k < more; ++k) {
      const auto next = static_cast<unsigned char>(text[++i]);
      if ((next & 0xc0) != 0x80) return false;
      point = point << 6 | (next & 0x3fu);
    }
    const bool overlong = (more == 2 && point < 0x800) || (more == 3 && point < 0x10000);
    const bool surrogate = point >= 0xd800 && point < 0xe000;
    if (overlong || surrogate || point > 0x10ffff) return false;
  }
  return true;
}

std::string lower(std::string_view text) {
  std::string result{text};
  std::transform(result.begin(), result.end(), result.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  return result;
}

}  // namespace twostep::model::serve

#include "impl/wire/form.hpp"

#include <charconv>

#include "impl/core/limits.hpp"
#include "impl/wire/ascii.hpp"
#include "impl/wire/utf8.hpp"

namespace twostep::wire {
namespace {

enum class Plus { itself, space };

std::optional<char> escaped_octet(std::string_view digits) {
  unsigned char octet = 0;
  if (digits.size() != 2) return std::nullopt;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + 2, octet, 16);
  if (error != std::errc{} || end != digits.data() + 2) return std::nullopt;
  return static_cast<char>(octet);
}

Result<std::string> percent_decoded(std::string_view text, Plus plus) {
  std::string decoded;
  decoded.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%') {
      const auto octet = escaped_octet(text.substr(i + 1, 2));
      if (!octet) return Refusal{Reason::bad_request, "an escape that is none"};
      decoded += *octet;
      i += 2;
    } else {
      decoded += text[i] == '+' && plus == Plus::space ? ' ' : text[i];
    }
  }
  if (decoded.find('\0') != decoded.npos)
    return Refusal{Reason::bad_request, "a NUL in the target"};
  if (!utf8_characters(decoded)) return Refusal{Reason::bad_request, "a target that is not UTF-8"};
  return decoded;
}

// What stands before `mark`; the rest, without the mark, stays in `text`.
std::string_view cut(std::string_view& text, char mark) {
  const auto at = text.find(mark);
  const auto before = text.substr(0, at);
  text.remove_prefix(at == text.npos ? text.size() : at + 1);
  return before;
}

}  // namespace

Result<std::string> decode_path(std::string_view path) {
  for (const auto* slash : {"%2f", "%2F"}) {
    if (path.find(slash) != path.npos) {
      return Refusal{Reason::bad_request, "an escaped slash in the path"};
    }
  }
  return percent_decoded(path, Plus::itself);
}

Result<Parameters> parse_query(std::string_view query) {
  Parameters parameters;
  while (!query.empty()) {
    auto value = cut(query, '&');
    if (value.empty()) continue;
    auto name_read = percent_decoded(cut(value, '='), Plus::space);
    if (!name_read) return name_read.error();
    auto value_read = percent_decoded(value, Plus::space);
    if (!value_read) return value_read.error();
    if (parameters.size() == limits::query_parameters_max) {
      return Refusal{Reason::bad_request, "too many parameters"};
    }
    parameters.emplace_back(*std::move(name_read), *std::move(value_read));
  }
  return parameters;
}

std::optional<std::string_view> find_cookie(std::string_view field, std::string_view name) {
  while (!field.empty()) {
    auto value = cut(field, ';');
    value = trimmed(value);
    if (value.find('=') != value.npos && cut(value, '=') == name) return value;
  }
  return std::nullopt;
}

}  // namespace twostep::wire

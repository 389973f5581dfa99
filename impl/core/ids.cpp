#include "impl/core/ids.hpp"

#include <algorithm>
#include <charconv>
#include <cstring>

namespace twostep {
namespace {

constexpr std::string_view hex_digits = "0123456789abcdef";

constexpr bool is_dash_position(std::size_t i) { return i == 8 || i == 13 || i == 18 || i == 23; }

constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }
constexpr bool is_lower(char c) { return c >= 'a' && c <= 'z'; }

std::optional<std::uint8_t> hex_value(char c) {
  if (is_digit(c)) return static_cast<std::uint8_t>(c - '0');
  if (c >= 'a' && c <= 'f') return static_cast<std::uint8_t>(c - 'a' + 10);
  if (c >= 'A' && c <= 'F') return static_cast<std::uint8_t>(c - 'A' + 10);
  return std::nullopt;
}

bool is_label(std::string_view label) {
  if (label.empty() || label.size() > 63 || label.front() == '-' || label.back() == '-')
    return false;
  return std::all_of(label.begin(), label.end(),
                     [](char c) { return is_lower(c) || is_digit(c) || c == '-'; });
}

}  // namespace

std::optional<Uuid> Uuid::parse(std::string_view text) {
  if (text.size() != text_chars) return std::nullopt;
  Octets octets{};
  std::size_t digits = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (is_dash_position(i)) {
      if (text[i] != '-') return std::nullopt;
      continue;
    }
    const auto value = hex_value(text[i]);
    if (!value) return std::nullopt;
    auto& octet = octets[digits / 2];
    octet = static_cast<std::uint8_t>(octet << 4 | *value);
    ++digits;
  }
  return Uuid{octets};
}

std::optional<Uuid> Uuid::from_bytes(std::string_view bytes) {
  if (bytes.size() != size_bytes) return std::nullopt;
  Octets octets{};
  std::memcpy(octets.data(), bytes.data(), size_bytes);
  return Uuid{octets};
}

Uuid Uuid::random(Octets entropy) {
  entropy[6] = static_cast<std::uint8_t>((entropy[6] & 0x0f) | 0x40);
  entropy[8] = static_cast<std::uint8_t>((entropy[8] & 0x3f) | 0x80);
  return Uuid{entropy};
}

std::string Uuid::text() const {
  // Filled in place: appending looks for room at each digit, and a page has ten thousand of these.
  std::string text(text_chars, '-');
  std::size_t at = 0;
  for (const auto octet : octets_) {
    if (is_dash_position(at)) ++at;
    text[at++] = hex_digits[octet >> 4];
    text[at++] = hex_digits[octet & 0x0f];
  }
  return text;
}

std::string_view Uuid::bytes() const {
  return {reinterpret_cast<const char*>(octets_.data()), octets_.size()};
}

std::optional<ClientId> ClientId::parse(std::string_view text) {
  ClientId id;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), id.value, 16);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return id;
}

std::string ClientId::text() const {
  std::array<char, 16> digits;
  const auto [end, error] = std::to_chars(digits.data(), digits.data() + digits.size(), value, 16);
  return {digits.data(), end};
}

std::optional<Domain> Domain::parse(std::string_view text) {
  if (text.empty() || text.size() > text_chars_max) return std::nullopt;
  std::string lowered{text};
  for (auto& c : lowered) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  if (lowered == "localhost") return Domain{std::move(lowered)};

  std::size_t labels = 0;
  std::string_view rest = lowered;
  std::string_view last;
  for (bool more = true; more; ++labels) {
    const auto dot = rest.find('.');
    more = dot != std::string_view::npos;
    last = rest.substr(0, dot);
    if (!is_label(last)) return std::nullopt;
    if (more) rest.remove_prefix(dot + 1);
  }
  if (labels < 2 || is_digit(last.front())) return std::nullopt;
  return Domain{std::move(lowered)};
}

}  // namespace twostep

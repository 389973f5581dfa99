#include "impl/wire/base64.hpp"

#include <array>
#include <cstdint>

namespace twostep::wire {
namespace {

constexpr std::string_view alphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

constexpr std::uint8_t no_digit = 0xff;

constexpr auto digit_of = [] {
  std::array<std::uint8_t, 256> digits{};
  digits.fill(no_digit);
  for (std::size_t i = 0; i < alphabet.size(); ++i) {
    digits[static_cast<unsigned char>(alphabet[i])] = static_cast<std::uint8_t>(i);
  }
  return digits;
}();

// The four digits of 24 bits, from the highest.
void put_digits(char* out, std::uint32_t bits) {
  for (int i = 0; i < 4; ++i) out[i] = alphabet[bits >> (18 - 6 * i) & 0x3f];
}

}  // namespace

void append_base64(std::string& out, std::string_view octets) {
  const auto octet = [&](std::size_t i) {
    return std::uint32_t{static_cast<unsigned char>(octets[i])};
  };
  const std::size_t start = out.size();
  out.resize(start + (octets.size() + 2) / 3 * 4);
  char* to = out.data() + start;
  std::size_t i = 0;
  for (; octets.size() - i >= 3; i += 3, to += 4) {
    put_digits(to, octet(i) << 16 | octet(i + 1) << 8 | octet(i + 2));
  }
  const auto rest = octets.size() - i;
  if (rest == 0) return;
  put_digits(to, octet(i) << 16 | (rest == 2 ? octet(i + 1) << 8 : 0));
  to[3] = '=';
  if (rest == 1) to[2] = '=';
}

std::string base64(std::string_view octets) {
  std::string text;
  append_base64(text, octets);
  return text;
}

std::optional<std::string> from_base64(std::string_view text) {
  if (text.size() % 4 != 0) return std::nullopt;
  std::size_t padding = 0;
  while (padding < 2 && text.ends_with('=')) {
    text.remove_suffix(1);
    ++padding;
  }
  const auto digit = [&](std::size_t i) { return digit_of[static_cast<unsigned char>(text[i])]; };
  std::string octets;
  octets.resize(text.size() * 3 / 4);
  char* to = octets.data();
  const auto put_octets = [&to](std::uint32_t bits, int count) {
    for (int k = 0; k < count; ++k) *to++ = static_cast<char>(bits >> (16 - 8 * k) & 0xff);
  };

  std::size_t i = 0;
  for (; text.size() - i >= 4; i += 4) {
    const std::uint32_t a = digit(i), b = digit(i + 1), c = digit(i + 2), d = digit(i + 3);
    if ((a | b | c | d) > 0x3f) return std::nullopt;
    put_octets(a << 18 | b << 12 | c << 6 | d, 3);
  }
  if (padding == 0) return octets;

  const std::uint32_t a = digit(i), b = digit(i + 1), c = padding == 1 ? digit(i + 2) : 0;
  if ((a | b | c) > 0x3f) return std::nullopt;
  const auto bits = a << 18 | b << 12 | c << 6;
  if ((bits & (padding == 1 ? 0xffu : 0xffffu)) != 0) return std::nullopt;
  put_octets(bits, padding == 1 ? 2 : 1);
  return octets;
}

}  // namespace twostep::wire

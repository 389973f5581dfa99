#include "impl/wire/utf8.hpp"

namespace twostep::wire {
namespace {

// What may follow the first octet: how many octets there are, and the range of the second. Only the
// second is ever narrowed: that is where overlong forms, surrogates and the end of Unicode show.
struct Form {
  std::size_t octets;
  unsigned char second_min = 0x80;
  unsigned char second_max = 0xbf;
};

constexpr Form form_of(unsigned char first) {
  if (first < 0x80) return {1};
  if (first < 0xc2) return {0};
  if (first < 0xe0) return {2};
  if (first == 0xe0) return {3, 0xa0};
  if (first == 0xed) return {3, 0x80, 0x9f};
  if (first < 0xf0) return {3};
  if (first == 0xf0) return {4, 0x90};
  if (first < 0xf4) return {4};
  if (first == 0xf4) return {4, 0x80, 0x8f};
  return {0};
}

}  // namespace

std::size_t utf8_character(std::string_view text) {
  const auto octet = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const auto form = form_of(octet(0));
  if (form.octets <= 1) return form.octets;
  if (text.size() < form.octets) return 0;
  if (octet(1) < form.second_min || octet(1) > form.second_max) return 0;
  for (std::size_t i = 2; i < form.octets; ++i) {
    if (octet(i) >> 6 != 0b10) return 0;
  }
  return form.octets;
}

std::optional<std::size_t> utf8_characters(std::string_view text) {
  std::size_t characters = 0;
  while (!text.empty()) {
    const auto octets = utf8_character(text);
    if (octets == 0) return std::nullopt;
    text.remove_prefix(octets);
    ++characters;
  }
  return characters;
}

}  // namespace twostep::wire

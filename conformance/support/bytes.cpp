#include "conformance/support/bytes.hpp"

#include <openssl/evp.h>
#include <openssl/rand.h>

#include <charconv>

namespace twostep::conformance {
namespace {

std::string uuid_text(const std::string& octets) {
  static constexpr char digits[] = "0123456789abcdef";
  std::string text;
  for (std::size_t i = 0; i < octets.size(); ++i) {
    if (i == 4 || i == 6 || i == 8 || i == 10) text += '-';
    const auto octet = static_cast<unsigned char>(octets[i]);
    text += digits[octet >> 4];
    text += digits[octet & 15];
  }
  return text;
}

}  // namespace

std::string to_base64(std::string_view bytes) {
  std::string text(4 * ((bytes.size() + 2) / 3) + 1, '\0');
  const auto size = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()),
                                    reinterpret_cast<const unsigned char*>(bytes.data()),
                                    static_cast<int>(bytes.size()));
  text.resize(static_cast<std::size_t>(size));
  return text;
}

std::optional<std::string> from_base64(std::string_view text) {
  std::string bytes(text.size() / 4 * 3 + 3, '\0');
  const auto size = EVP_DecodeBlock(reinterpret_cast<unsigned char*>(bytes.data()),
                                    reinterpret_cast<const unsigned char*>(text.data()),
                                    static_cast<int>(text.size()));
  if (size < 0) return std::nullopt;
  auto length = static_cast<std::size_t>(size);
  for (auto end = text.size(); end > 0 && text[end - 1] == '='; --end) --length;
  bytes.resize(length);
  return bytes;
}

std::string to_hex(std::uint64_t number) {
  char digits[16];
  const auto end = std::to_chars(digits, digits + sizeof digits, number, 16).ptr;
  return {digits, end};
}

std::optional<std::uint64_t> from_hex(std::string_view text) {
  std::uint64_t number = 0;
  const auto* last = text.data() + text.size();
  const auto [end, error] = std::from_chars(text.data(), last, number, 16);
  if (error != std::errc{} || end != last) return std::nullopt;
  return number;
}

std::string random_bytes(std::size_t count) {
  std::string bytes(count, '\0');
  RAND_bytes(reinterpret_cast<unsigned char*>(bytes.data()), static_cast<int>(count));
  return bytes;
}

std::string random_hex(std::size_t digits) {
  std::string text;
  for (const auto byte : random_bytes(digits)) text += "0123456789abcdef"[byte & 15];
  return text;
}

std::string random_uuid() {
  auto octets = random_bytes(16);
  octets[6] = static_cast<char>((octets[6] & 0x0f) | 0x40);
  octets[8] = static_cast<char>((octets[8] & 0x3f) | 0x80);
  return uuid_text(octets);
}

std::string uuid_octets(std::string_view text) {
  if (text.size() != 36) return {};
  std::string octets;
  for (std::size_t i = 0; i < text.size();) {
    if (i == 8 || i == 13 || i == 18 || i == 23) {
      if (text[i++] != '-') return {};
      continue;
    }
    const auto octet = from_hex(text.substr(i, 2));
    if (!octet) return {};
    octets += static_cast<char>(*octet);
    i += 2;
  }
  return octets;
}

std::optional<std::uint64_t> uuid_ticks(std::string_view text) {
  const auto octets = uuid_octets(text);
  if (octets.empty() || (octets[6] & 0xf0) != 0x10) return std::nullopt;
  std::uint64_t ticks = 0;
  for (const auto i : {6, 7, 4, 5, 0, 1, 2, 3}) {
    ticks = ticks << 8 | static_cast<unsigned char>(octets[static_cast<std::size_t>(i)]);
  }
  return ticks & 0x0fff'ffff'ffff'ffffULL;
}

std::string uuid_at(std::uint64_t ticks) {
  auto octets = random_bytes(16);
  const std::uint64_t head = (ticks & 0x0fff'ffff'ffff'ffffULL) | 0x1000'0000'0000'0000ULL;
  int shift = 56;
  for (const auto i : {6, 7, 4, 5, 0, 1, 2, 3}) {
    octets[static_cast<std::size_t>(i)] = static_cast<char>(head >> shift & 0xff);
    shift -= 8;
  }
  octets[8] = static_cast<char>((octets[8] & 0x3f) | 0x80);
  return uuid_text(octets);
}

bool is_utf8(std::string_view bytes) {
  for (std::size_t i = 0; i < bytes.size();) {
    const auto lead = static_cast<unsigned char>(bytes[i++]);
    if (lead == 0) return false;
    if (lead < 0x80) continue;
    const int more = lead >= 0xf0 && lead < 0xf5 ? 3 : lead >= 0xe0 ? 2 : lead >= 0xc2 ? 1 : -1;
    if (more < 0 || lead >= 0xf5) return false;
    for (int k = 0; k < more; ++k) {
      if (i >= bytes.size() || (static_cast<unsigned char>(bytes[i++]) & 0xc0) != 0x80)
        return false;
    }
  }
  return true;
}

}  // namespace twostep::conformance

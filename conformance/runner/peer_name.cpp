#include "conformance/runner/peer_name.hpp"

#include <algorithm>
#include <cctype>
#include <cstddef>
#include <cstdint>

namespace twostep::conformance {
namespace {

constexpr char tls_handshake = 0x16;

/// More than this is no head that a backend would send.
constexpr std::size_t head_bytes_max = 16'384;

std::string normal(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  std::string name{text.substr(0, text.find(':'))};
  if (name.ends_with('.')) name.pop_back();
  std::ranges::transform(name, name.begin(), [](unsigned char c) { return std::tolower(c); });
  return name;
}

PeerName in_http(std::string_view bytes) {
  for (std::size_t begin = 0;;) {
    const auto end = bytes.find("\r\n", begin);
    if (end == bytes.npos) return {.complete = bytes.size() > head_bytes_max};
    const auto line = bytes.substr(begin, end - begin);
    if (line.empty()) return {.complete = true};
    if (normal(line) == "host") {
      return {.complete = true, .domain = normal(line.substr(line.find(':') + 1))};
    }
    begin = end + 2;
  }
}

/// What is still to be read of a structure of TLS: numbers and length-prefixed parts, one after the other.
class Part {
 public:
  explicit Part(std::string_view bytes) : bytes_(bytes) {}

  std::size_t number(std::size_t octets) {
    std::size_t value = 0;
    for (const char octet : take(octets)) value = value << 8 | static_cast<std::uint8_t>(octet);
    return value;
  }
  Part part(std::size_t octets_of_length) { return Part{take(number(octets_of_length))}; }
  std::string_view take(std::size_t size) {
    const auto taken = bytes_.substr(0, size);
    bytes_.remove_prefix(taken.size());
    return taken;
  }
  std::string_view rest() const { return bytes_; }

 private:
  std::string_view bytes_;
};

PeerName in_tls(std::string_view bytes) {
  constexpr std::size_t record_head = 5;
  Part record{bytes};
  record.take(3);
  const auto length = record.number(2);
  if (bytes.size() < record_head + length) return {.complete = bytes.size() > head_bytes_max};
  record.take(1);  // It is a ClientHello: nothing else can begin a connection.
  auto hello = record.part(3);
  hello.take(2 + 32);  // Version and random.
  hello.part(1);       // Session id.
  hello.part(2);       // Cipher suites.
  hello.part(1);       // Compression.
  for (auto extensions = hello.part(2); !extensions.rest().empty();) {
    const auto type = extensions.number(2);
    auto content = extensions.part(2);
    if (type != 0) continue;
    auto names = content.part(2);
    names.take(1);
    return {.complete = true, .domain = normal(names.part(2).rest())};
  }
  return {.complete = true};
}

}  // namespace

PeerName peer_name(std::string_view first_bytes) {
  if (first_bytes.empty()) return {};
  return first_bytes.front() == tls_handshake ? in_tls(first_bytes) : in_http(first_bytes);
}

}  // namespace twostep::conformance

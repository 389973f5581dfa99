#include "conformance/liar/websocket_frame.hpp"

namespace twostep::conformance::liar {
namespace {

std::uint64_t number(std::string_view bytes) {
  std::uint64_t value = 0;
  for (const char byte : bytes) value = value << 8 | static_cast<std::uint8_t>(byte);
  return value;
}

std::string big_endian(std::uint64_t value, int bytes) {
  std::string text;
  for (int shift = 8 * (bytes - 1); shift >= 0; shift -= 8)
    text += static_cast<char>(value >> shift);
  return text;
}

}  // namespace

std::string ServerFrame::bytes() const {
  std::string bytes{static_cast<char>(first)};
  if (payload.size() < 126) {
    bytes += static_cast<char>(payload.size());
  } else if (payload.size() < 65'536) {
    bytes += static_cast<char>(126) + big_endian(payload.size(), 2);
  } else {
    bytes += static_cast<char>(127) + big_endian(payload.size(), 8);
  }
  return bytes + payload;
}

std::optional<ServerFrame> take_frame(std::string& buffer) {
  if (buffer.size() < 2) return std::nullopt;
  const auto short_length = static_cast<std::uint8_t>(buffer[1]);
  const std::size_t extended = short_length == 126 ? 2 : short_length == 127 ? 8 : 0;
  const std::size_t head = 2 + extended;
  if (buffer.size() < head) return std::nullopt;
  const auto length =
      extended == 0 ? short_length : number(std::string_view{buffer}.substr(2, extended));
  if (buffer.size() - head < length) return std::nullopt;

  ServerFrame frame{static_cast<std::uint8_t>(buffer[0]), buffer.substr(head, length)};
  buffer.erase(0, head + length);
  return frame;
}

}  // namespace twostep::conformance::liar

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

/// Frames as a server writes them: not masked. The liar reads them to change their payload.
///
/// Source     RFC 6455 section 5.2.
namespace twostep::conformance::liar {

struct ServerFrame {
  std::uint8_t first = 0x82;  ///< FIN, reserved bits and opcode, as on the wire.
  std::string payload;

  bool is_data() const { return (first & 0x0f) == 1 || (first & 0x0f) == 2; }
  std::string bytes() const;
};

/// Takes one complete frame off the front of `buffer`; none if it is not complete yet.
std::optional<ServerFrame> take_frame(std::string& buffer);

}  // namespace twostep::conformance::liar

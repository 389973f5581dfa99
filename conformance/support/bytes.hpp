#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

/// Bytes as text, and random ones.
namespace twostep::conformance {

std::string to_base64(std::string_view bytes);
std::optional<std::string> from_base64(std::string_view text);

std::string to_hex(std::uint64_t number);  ///< Lower case, no leading zeros.
std::optional<std::uint64_t> from_hex(std::string_view text);

std::string random_bytes(std::size_t count);
std::string random_hex(std::size_t digits);
std::string random_uuid();  ///< Version 4, as text.

/// The 16 octets of a UUID given as text; empty if it is none.
std::string uuid_octets(std::string_view text);

/// The instant in a version-1 UUID, in ticks of 100 ns; nothing for any other text or version.
std::optional<std::uint64_t> uuid_ticks(std::string_view text);

/// A version-1 UUID of this instant, with random clock sequence and node.
std::string uuid_at(std::uint64_t ticks);

bool is_utf8(std::string_view bytes);

}  // namespace twostep::conformance

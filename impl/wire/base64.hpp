#pragma once

#include <optional>
#include <string>
#include <string_view>

/// Base64, in the one form in which we write octets into JSON.
///
/// Written here because the alternatives do not fit: libsodium's takes the same time for every
/// input, which keys need and ciphertexts do not, and reads tens of megabytes an order slower;
/// OpenSSL's lets whitespace and wrong padding through.
///
/// Shape      The standard alphabet with padding. Strict: no whitespace, nothing after the padding,
///            the bits that stand for nothing are zero. So every octet string has exactly one text.
/// Errors     `nullopt` for any other text.
/// Threads    Pure functions.
/// Source     RFC 4648 sections 3.5 and 4.
namespace twostep::wire {

/// Appends the text of `octets`.
void append_base64(std::string& out, std::string_view octets);

std::string base64(std::string_view octets);

std::optional<std::string> from_base64(std::string_view text);

}  // namespace twostep::wire

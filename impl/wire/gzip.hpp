#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "impl/core/result.hpp"

/// Request bodies that come compressed, as the public client library sends its JSON.
///
/// Shape      One gzip member (RFC 1952), or for `Content-Encoding: deflate` one zlib stream
///            (RFC 1950); complete, and nothing after it.
/// Units      The bound is on inflated octets: a kilobyte can hold a gigabyte of zeros.
/// Errors     `payload_too_large` as soon as the bound is passed, whatever is still to come;
///            `bad_request` for anything that is not such a stream; `unsupported_media_type` for
///            another encoding.
/// Threads    Pure functions.
/// Source     specs/07-wire.md (WIR), specs/08-robustness.md (ROB).
namespace twostep::wire {

Result<std::string> inflate_body(std::string_view compressed, std::size_t bytes_max);

/// Undoes `encoding`, the value of a `Content-Encoding` field. `identity` and nothing leave the
/// body as it is; so does an empty body, which some clients send with an encoding that was never
/// applied.
Result<std::string> decoded_body(std::string body, std::string_view encoding,
                                 std::size_t bytes_max);

}  // namespace twostep::wire

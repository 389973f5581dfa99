#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <variant>

/// The strict layer in front of the HTTP parser.
///
/// Two readers of one request that disagree about where it ends let a stranger put a second request
/// into somebody else's connection. So what can be read in two ways is refused here, before the
/// parser sees it; the parser behind lets several of these through.
///
/// Shape      One request head, up to and including its first empty line. Strict: CRLF at every
/// line
///            end, no folded lines, no space before a colon, an origin-form target, one Host, one
///            way to tell the body's length.
/// Errors     The status to answer before the connection is closed. Nothing after a refused head
///            may be read as a request.
/// Threads    Pure functions.
/// Source     specs/08-robustness.md (ROB); RFC 9112 sections 2 to 6; RFC 9110 section 5.5.
namespace twostep::wire {

/// What a head says about the rest of the request.
struct Head {
  bool chunked = false;                              ///< The body comes in chunks.
  std::optional<std::uint64_t> content_length = {};  ///< Below 2^63.
  bool keep_alive = true;                            ///< As the client wishes.
  bool expects_continue = false;                     ///< It waits for a 100 before the body.

  friend bool operator==(const Head&, const Head&) = default;
};

struct HeadRefusal {
  int status;  ///< 400, 414, 417, 431, 501 or 505.
  std::string_view why;
};

using HeadRead = std::variant<Head, HeadRefusal>;

/// How many octets the head at the beginning of `octets` takes, with its empty line; none if it is
/// not complete yet. Looks for the empty line in any spelling, so that `read_head` can refuse it.
/// What cannot become a head (TLS, a leading empty line) is one octet long: no reason to wait for
/// more.
std::optional<std::size_t> head_size(std::string_view octets);

/// Judges a complete head, as `head_size` measured it.
HeadRead read_head(std::string_view head);

}  // namespace twostep::wire

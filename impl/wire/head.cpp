#include "impl/wire/head.hpp"

#include <algorithm>
#include <charconv>

#include "impl/core/limits.hpp"
#include "impl/wire/ascii.hpp"

namespace twostep::wire {
namespace {

using Refused = std::optional<HeadRefusal>;

constexpr HeadRefusal bad(std::string_view why) { return {400, why}; }

constexpr bool is_token_char(char c) {
  return is_digit(c) || is_alpha(c) ||
         std::string_view{"!#$%&'*+-.^_`|~"}.find(c) != std::string_view::npos;
}

bool is_token(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), is_token_char);
}

// Visible ASCII only: other octets have to be percent-encoded, and a fragment is never sent.
bool is_target_char(char c) { return c > 0x20 && c < 0x7f && c != '#'; }

bool is_control(char c) { return (static_cast<unsigned char>(c) < 0x20 && c != '\t') || c == 0x7f; }

Refused refused_version(std::string_view version) {
  if (version == "HTTP/1.1" || version == "HTTP/1.0") return std::nullopt;
  const bool well_formed = version.size() == 8 && version.starts_with("HTTP/") &&
                           is_digit(version[5]) && version[6] == '.' && is_digit(version[7]);
  if (!well_formed) return bad("no HTTP version");
  return HeadRefusal{505, "only HTTP/1.0 and HTTP/1.1"};
}

Refused refused_request_line(std::string_view line) {
  const auto method_end = line.find(' ');
  if (method_end == line.npos) return bad("no target");
  const auto target_end = line.find(' ', method_end + 1);
  if (target_end == line.npos) return bad("no HTTP version");
  const auto target = line.substr(method_end + 1, target_end - method_end - 1);

  if (!is_token(line.substr(0, method_end))) return bad("a method that is no token");
  if (target.size() > limits::target_bytes_max) return HeadRefusal{414, "the target is too long"};
  if (auto refused = refused_version(line.substr(target_end + 1))) return refused;
  if (!target.starts_with('/')) return bad("a target that is no path");
  if (!std::all_of(target.begin(), target.end(), is_target_char))
    return bad("an octet in the target");
  if (target.find("%00") != target.npos) return bad("a NUL in the target");
  return std::nullopt;
}

// What a head says that must not be said twice.
struct Facts {
  bool is_1_1 = true;
  std::size_t fields = 0;
  std::size_t hosts = 0;
  std::size_t transfer_encodings = 0;
  bool close = false;
  bool keep_alive = false;
  Head head;
};

Refused note_content_length(Facts& facts, std::string_view value) {
  if (facts.head.content_length) return bad("a second Content-Length");
  std::uint64_t length = 0;
  const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), length);
  const bool digits_only = !value.empty() && std::all_of(value.begin(), value.end(), is_digit);
  if (!digits_only || error != std::errc{} || end != value.data() + value.size() || length >> 63) {
    return bad("a Content-Length that is no length");
  }
  facts.head.content_length = length;
  return std::nullopt;
}

Refused note_transfer_encoding(Facts& facts, std::string_view value) {
  if (++facts.transfer_encodings > 1) return bad("a second Transfer-Encoding");
  if (!equals_ignoring_case(value, "chunked"))
    return HeadRefusal{501, "a transfer encoding other than chunked"};
  facts.head.chunked = true;
  return std::nullopt;
}

bool is_host_char(char c) {
  return is_digit(c) || is_alpha(c) ||
         std::string_view{"-._~!$&'()*+,;=:[]%"}.find(c) != std::string_view::npos;
}

Refused note_host(Facts& facts, std::string_view value) {
  if (++facts.hosts > 1) return bad("a second Host");
  if (!std::all_of(value.begin(), value.end(), is_host_char)) return bad("a Host that is none");
  return std::nullopt;
}

Refused note_expect(Facts& facts, std::string_view value) {
  if (!equals_ignoring_case(value, "100-continue")) {
    return HeadRefusal{417, "an expectation other than 100-continue"};
  }
  facts.head.expects_continue = true;
  return std::nullopt;
}

void note_connection(Facts& facts, std::string_view value) {
  while (!value.empty()) {
    const auto comma = value.find(',');
    const auto option = trimmed(value.substr(0, comma));
    if (equals_ignoring_case(option, "close")) facts.close = true;
    if (equals_ignoring_case(option, "keep-alive")) facts.keep_alive = true;
    value.remove_prefix(comma == value.npos ? value.size() : comma + 1);
  }
}

Refused note_field(Facts& facts, std::string_view line) {
  if (++facts.fields > limits::header_fields_max) return HeadRefusal{431, "too many header fields"};
  if (line.front() == ' ' || line.front() == '\t') return bad("a folded line");
  const auto colon = line.find(':');
  if (colon == line.npos) return bad("a header line without a colon");
  const auto name = line.substr(0, colon);
  if (!is_token(name)) return bad("a header name that is no token");
  const auto value = trimmed(line.substr(colon + 1));
  if (std::any_of(value.begin(), value.end(), is_control))
    return bad("a control character in a header");

  if (equals_ignoring_case(name, "content-length")) return note_content_length(facts, value);
  if (equals_ignoring_case(name, "transfer-encoding")) return note_transfer_encoding(facts, value);
  if (equals_ignoring_case(name, "host")) return note_host(facts, value);
  if (equals_ignoring_case(name, "expect")) return note_expect(facts, value);
  if (equals_ignoring_case(name, "connection")) note_connection(facts, value);
  return std::nullopt;
}

HeadRead concluded(Facts facts) {
  if (facts.is_1_1 && facts.hosts == 0) return bad("no Host");
  if (facts.head.chunked && facts.head.content_length) {
    return bad("both Content-Length and Transfer-Encoding");
  }
  if (facts.head.chunked && !facts.is_1_1) return bad("chunks in HTTP/1.0");
  facts.head.keep_alive = !facts.close && (facts.is_1_1 || facts.keep_alive);
  return facts.head;
}

}  // namespace

std::optional<std::size_t> head_size(std::string_view octets) {
  if (!octets.empty() && !is_token_char(octets.front())) return 1;
  // An empty line is LF LF or LF CR LF: a bare LF ends a line for somebody, so it is seen here.
  for (std::size_t i = octets.find('\n'); i != octets.npos; i = octets.find('\n', i + 1)) {
    const auto rest = octets.substr(i + 1);
    if (rest.starts_with('\n')) return i + 2;
    if (rest.starts_with("\r\n")) return i + 3;
  }
  return std::nullopt;
}

HeadRead read_head(std::string_view head) {
  if (head.size() > limits::head_bytes_max) return HeadRefusal{431, "the head is too large"};
  Facts facts;
  for (bool first = true;; first = false) {
    const auto end = head.find("\r\n");
    if (end == head.npos) return bad("a line without its end");
    const auto line = head.substr(0, end);
    if (line.find_first_of(std::string_view{"\r\n\0", 3}) != line.npos) {
      return bad("a bare CR, a bare LF or a NUL");
    }
    head.remove_prefix(end + 2);
    if (first) {
      if (line.empty()) return bad("an empty line before the request");
      if (const auto refused = refused_request_line(line)) return *refused;
      facts.is_1_1 = line.ends_with("1.1");
    } else if (line.empty()) {
      return head.empty() ? concluded(facts) : bad("octets after the head");
    } else if (const auto refused = note_field(facts, line)) {
      return *refused;
    }
  }
}

}  // namespace twostep::wire

#include "model/serve/head.hpp"

#include <algorithm>

namespace twostep::model::serve {
namespace {

constexpr std::string_view line_end = "\r\n";

[[noreturn]] void broken(std::string message, int status = 400) {
  throw Refusal{status, "bad-request", std::move(message), {}, true};
}

bool is_digit(char c) { return c >= '0' && c <= '9'; }

bool is_token_char(char c) {
  const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  return letter || is_digit(c) ||
         (c != '\0' && std::string_view{"!#$%&'*+-.^_`|~"}.find(c) != std::string_view::npos);
}

bool is_token(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), is_token_char);
}

bool is_value_char(char c) {
  const auto octet = static_cast<unsigned char>(c);
  return octet == '\t' || (octet >= ' ' && octet != 0x7f);
}

std::string_view trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

std::string_view take_line(std::string_view& text) {
  const auto end = text.find(line_end);
  const auto line = text.substr(0, end);
  text.remove_prefix(end + line_end.size());
  return line;
}

void read_request_line(std::string_view line, Head& head) {
  const auto first = line.find(' ');
  const auto last = line.rfind(' ');
  if (first == std::string_view::npos || first == last) broken("Broken request line");
  const auto version = line.substr(last + 1);
  const auto method = line.substr(0, first);
  auto target = line.substr(first + 1, last - first - 1);
  if (version != "HTTP/1.1" && version != "HTTP/1.0") broken("Unknown HTTP version");
  if (!is_token(method)) broken("Broken method");
  const auto printable = [](char c) { return c > ' ' && c < 0x7f && c != '#'; };
  if (!target.starts_with('/') || !std::all_of(target.begin(), target.end(), printable)) {
    broken("Broken request target");
  }
  head.keep_alive = version == "HTTP/1.1";
  head.request.method = method;
  head.request.target = target;
  read_target(target, head.request);
}

Header read_field(std::string_view line) {
  const auto colon = line.find(':');
  if (colon == std::string_view::npos || !is_token(line.substr(0, colon))) broken("Broken header");
  const auto value = trimmed(line.substr(colon + 1));
  if (!std::all_of(value.begin(), value.end(), is_value_char)) broken("Broken header value");
  return {lower(line.substr(0, colon)), std::string{value}};
}

std::size_t length_of(const std::string& value) {
  constexpr std::size_t digits_max = 15;
  if (value.empty() || value.size() > digits_max ||
      !std::all_of(value.begin(), value.end(), is_digit)) {
    broken("Broken Content-Length");
  }
  return std::stoull(value);
}

void understand_framing(Head& head) {
  int hosts = 0;
  int lengths = 0;
  int codings = 0;
  for (const auto& [name, value] : head.request.headers) {
    if (name == "host") ++hosts;
    if (name == "content-length" && ++lengths) head.content_length = length_of(value);
    if (name == "transfer-encoding" && ++codings) {
      if (lower(value) != "chunked") broken("Unknown transfer coding", 501);
      head.chunked = true;
    }
    if (name == "connection" && lower(value) == "close") head.keep_alive = false;
    if (name == "expect" && lower(value) == "100-continue") head.expects_continue = true;
  }
  if (hosts != 1) broken("One host is needed");
  if (lengths + codings > 1) broken("One length is needed");
}

}  // namespace

Head read_head(std::string_view text) {
  Head head;
  read_request_line(take_line(text), head);
  for (auto line = take_line(text); !line.empty(); line = take_line(text)) {
    head.request.headers.push_back(read_field(line));
  }
  understand_framing(head);
  return head;
}

}  // namespace twostep::model::serve

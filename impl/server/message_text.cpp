#include "impl/server/message_text.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <array>
#include <iterator>
#include <utility>

#include "impl/core/limits.hpp"

namespace twostep::server {
namespace {

constexpr auto reasons = std::to_array<std::pair<int, std::string_view>>({
    {200, "OK"},
    {201, "Created"},
    {204, "No Content"},
    {400, "Bad Request"},
    {401, "Unauthorized"},
    {403, "Forbidden"},
    {404, "Not Found"},
    {405, "Method Not Allowed"},
    {409, "Conflict"},
    {412, "Precondition Failed"},
    {413, "Content Too Large"},
    {414, "URI Too Long"},
    {415, "Unsupported Media Type"},
    {417, "Expectation Failed"},
    {429, "Too Many Requests"},
    {431, "Request Header Fields Too Large"},
    {500, "Internal Server Error"},
    {501, "Not Implemented"},
    {503, "Service Unavailable"},
    {505, "HTTP Version Not Supported"},
    {507, "Insufficient Storage"},
});

// The phrase is optional and nobody reads it; the space before it is not optional.
std::string_view reason_of(int status) {
  for (const auto& [known, reason] : reasons) {
    if (known == status) return reason;
  }
  return {};
}

bool can_begin_a_method(char c) { return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z'); }

}  // namespace

std::optional<std::size_t> end_of_head(std::string_view text) {
  if (!text.empty() && !can_begin_a_method(text.front())) return text.size();
  for (auto feed = text.find('\n'); feed != text.npos; feed = text.find('\n', feed + 1)) {
    const auto lines = text.substr(0, feed + 1);
    if (!lines.ends_with("\r\n") || lines.ends_with("\r\n\r\n")) return lines.size();
  }
  if (text.size() >= limits::head_bytes_max) return text.size();
  return std::nullopt;
}

std::string response_head(const Response& response, std::size_t content_length,
                          Connection connection, std::chrono::sys_seconds now) {
  std::string head;
  head.reserve(512);
  const auto out = std::back_inserter(head);
  fmt::format_to(out, "HTTP/1.1 {} {}\r\nDate: {:%a, %d %b %Y %H:%M:%S} GMT\r\n", response.status,
                 reason_of(response.status), fmt::gmtime(now));
  if (response.status != 204) {
    if (content_length > 0) fmt::format_to(out, "Content-Type: {}\r\n", response.content_type);
    fmt::format_to(out, "Content-Length: {}\r\n", content_length);
  }
  if (connection.stays) {
    fmt::format_to(out, "Connection: keep-alive\r\nKeep-Alive: timeout={}\r\n",
                   connection.idle.count());
  } else {
    head += "Connection: close\r\n";
  }
  for (const auto& [name, value] : response.headers) {
    fmt::format_to(out, "{}: {}\r\n", name, value);
  }
  head += "\r\n";
  return head;
}

}  // namespace twostep::server

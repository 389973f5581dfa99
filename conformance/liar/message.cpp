#include "conformance/liar/message.hpp"

#include <algorithm>
#include <cctype>

namespace twostep::conformance::liar {
namespace {

bool same_name(std::string_view left, std::string_view right) {
  return std::equal(left.begin(), left.end(), right.begin(), right.end(), [](char a, char b) {
    return std::tolower(static_cast<unsigned char>(a)) ==
           std::tolower(static_cast<unsigned char>(b));
  });
}

std::string word(const std::string& line, int index) {
  std::size_t begin = 0;
  for (; index > 0; --index) begin = line.find(' ', begin) + 1;
  return line.substr(begin, line.find(' ', begin) - begin);
}

bool is_version_prefix(std::string_view segment) {
  return segment.size() > 1 && segment[0] == 'v' &&
         std::all_of(segment.begin() + 1, segment.end(),
                     [](char c) { return c >= '0' && c <= '9'; });
}

}  // namespace

std::optional<std::string> Head::header(std::string_view name) const {
  for (const auto& [key, value] : headers) {
    if (same_name(key, name)) return value;
  }
  return std::nullopt;
}

void Head::remove_header(std::string_view name) {
  std::erase_if(headers, [&](const auto& header) { return same_name(header.first, name); });
}

void Head::set_header(std::string_view name, std::string value) {
  for (auto& [key, old] : headers) {
    if (same_name(key, name)) {
      old = std::move(value);
      return;
    }
  }
  headers.emplace_back(name, std::move(value));
}

std::optional<Head> parse_head(std::string_view bytes) {
  Head head;
  std::size_t at = 0;
  for (bool first = true;; first = false) {
    const auto end = bytes.find("\r\n", at);
    if (end == std::string_view::npos) return std::nullopt;
    const auto line = bytes.substr(at, end - at);
    at = end + 2;
    if (line.empty()) break;
    if (line.find_first_of(std::string_view{"\r\n\0", 3}) != std::string_view::npos)
      return std::nullopt;
    if (first) {
      head.first_line = line;
      continue;
    }
    const auto colon = line.find(": ");
    if (colon == std::string_view::npos || colon == 0 || line[0] == ' ' || line[0] == '\t' ||
        line.substr(0, colon).find(' ') != std::string_view::npos ||
        head.header(line.substr(0, colon))) {
      return std::nullopt;  // Unusual; perhaps hostile on purpose.
    }
    head.headers.emplace_back(line.substr(0, colon), line.substr(colon + 2));
  }
  if (std::count(head.first_line.begin(), head.first_line.end(), ' ') < 2) return std::nullopt;
  return head;
}

std::string HttpRequest::method() const { return word(head.first_line, 0); }
std::string HttpRequest::target() const { return word(head.first_line, 1); }

std::string HttpRequest::path() const {
  auto path = target();
  path.resize(std::min(path.find('?'), path.size()));
  const auto second = path.find('/', 1);
  if (second != std::string::npos &&
      is_version_prefix(std::string_view{path}.substr(1, second - 1))) {
    path.erase(0, second);
  }
  return path;
}

std::string HttpRequest::query(std::string_view name) const {
  const auto whole = target();
  auto at = whole.find('?');
  while (at != std::string::npos) {
    const auto end = whole.find('&', at + 1);
    const auto pair = std::string_view{whole}.substr(at + 1, end - at - 1);
    if (pair.starts_with(name) && pair.substr(name.size()).starts_with('=')) {
      return std::string{pair.substr(name.size() + 1)};
    }
    at = end;
  }
  return {};
}

void HttpRequest::set_query(std::string_view name, std::string_view value) {
  auto rebuilt = target();
  auto kept = rebuilt.substr(0, rebuilt.find('?'));
  std::string pairs;
  for (auto at = rebuilt.find('?'); at != std::string::npos;) {
    const auto end = rebuilt.find('&', at + 1);
    const auto pair = rebuilt.substr(at + 1, end == std::string::npos ? end : end - at - 1);
    if (pair.substr(0, pair.find('=')) != name) pairs += (pairs.empty() ? "?" : "&") + pair;
    at = end;
  }
  if (!value.empty()) {
    pairs += (pairs.empty() ? "?" : "&") + std::string{name} + "=" + std::string{value};
  }
  set_target(kept + pairs);
}

void HttpRequest::set_target(std::string_view target) {
  head.first_line = method() + " " + std::string{target} + " " + word(head.first_line, 2);
}

int HttpResponse::status() const { return std::atoi(word(head.first_line, 1).c_str()); }

void HttpResponse::set_status(int status) {
  head.first_line = "HTTP/1.1 " + std::to_string(status) + " Lied";
}

Json HttpResponse::json() const {
  auto parsed = Json::parse(body, nullptr, false);
  return parsed.is_discarded() ? Json{} : parsed;
}

void HttpResponse::set_json(const Json& json) { body = json.dump(); }

std::string bytes_of(const Head& head, std::string_view body) {
  std::string bytes = head.first_line + "\r\n";
  for (const auto& [name, value] : head.headers) bytes += name + ": " + value + "\r\n";
  bytes += "\r\n";
  bytes += body;
  return bytes;
}

HttpResponse answer(int status, const Json& body) {
  HttpResponse response;
  response.set_status(status);
  response.head.set_header("Content-Type", "application/json");
  if (!body.is_null()) response.set_json(body);
  return response;
}

HttpResponse error(int status, std::string_view label) {
  return answer(status, {{"code", status}, {"label", label}, {"message", "a lie"}});
}

HttpResponse no_answer() { return {}; }
bool is_answer(const HttpResponse& response) { return !response.head.first_line.empty(); }

}  // namespace twostep::conformance::liar

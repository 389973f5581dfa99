#include "conformance/support/http_reply.hpp"

#include <algorithm>
#include <cctype>
#include <charconv>

namespace twostep::conformance {
namespace {

bool equal_ignoring_case(std::string_view left, std::string_view right) {
  return std::ranges::equal(left, right, [](unsigned char a, unsigned char b) {
    return std::tolower(a) == std::tolower(b);
  });
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

/// Thrown inside this file to leave the nested readers.
struct Broken {
  std::string what;
};

class MessageReader {
 public:
  MessageReader(Stream& stream, std::string& buffer, Clock::time_point until)
      : stream_(stream), buffer_(buffer), until_(until) {}

  Reply reply(bool head_request) {
    Reply reply;
    do {
      reply = read_head();
    } while (reply.status >= 100 && reply.status < 200 && reply.status != 101);
    if (head_request || reply.status == 101 || reply.status == 204 || reply.status == 304) {
      return reply;
    }
    if (is_chunked(reply.headers)) {
      read_chunks(reply.body);
    } else if (const auto length = reply.header("Content-Length")) {
      reply.body = take(number(*length, 10));
    } else {
      while (more()) {
      }
      reply.body = std::exchange(buffer_, {});
    }
    return reply;
  }

  Request request() {
    const auto first = line();
    const auto method_end = first.find(' ');
    const auto path_end = first.rfind(' ');
    if (method_end == path_end || path_end == std::string::npos) {
      throw Broken{"not an HTTP request: " + first.substr(0, 60)};
    }
    Request request{.method = first.substr(0, method_end),
                    .path = first.substr(method_end + 1, path_end - method_end - 1)};
    request.headers = read_headers();
    if (is_chunked(request.headers)) {
      read_chunks(request.body);
    } else if (const auto length = header_in(request.headers, "Content-Length")) {
      request.body = take(number(*length, 10));
    }
    return request;
  }

 private:
  static bool is_chunked(const std::vector<Header>& headers) {
    const auto coding = header_in(headers, "Transfer-Encoding");
    return coding && equal_ignoring_case(*coding, "chunked");
  }

  Reply read_head() {
    Reply reply;
    const auto status_line = line();
    if (!status_line.starts_with("HTTP/1.") || status_line.size() < 12) {
      throw Broken{"not an HTTP response: " + status_line.substr(0, 60)};
    }
    reply.status = static_cast<int>(number(status_line.substr(9, 3), 10));
    reply.headers = read_headers();
    return reply;
  }

  std::vector<Header> read_headers() {
    std::vector<Header> headers;
    for (auto header = line(); !header.empty(); header = line()) {
      const auto colon = header.find(':');
      if (colon == std::string::npos) throw Broken{"a header without a colon: " + header};
      const auto value = trimmed(std::string_view{header}.substr(colon + 1));
      headers.push_back({header.substr(0, colon), std::string{value}});
    }
    return headers;
  }

  void read_chunks(std::string& body) {
    for (;;) {
      auto size_line = line();
      const auto size = number(size_line.substr(0, size_line.find(';')), 16);
      if (size == 0) break;
      body += take(size);
      if (!line().empty()) throw Broken{"a chunk longer than announced"};
    }
    while (!line().empty()) {
    }
  }

  std::string line() {
    std::size_t end = 0;
    while ((end = buffer_.find("\r\n")) == std::string::npos) need_more();
    auto text = buffer_.substr(0, end);
    buffer_.erase(0, end + 2);
    return text;
  }

  std::string take(std::size_t size) {
    while (buffer_.size() < size) need_more();
    auto bytes = buffer_.substr(0, size);
    buffer_.erase(0, size);
    return bytes;
  }

  static std::size_t number(std::string_view text, int base) {
    text = trimmed(text);
    std::size_t value = 0;
    const auto* last = text.data() + text.size();
    const auto [end, error] = std::from_chars(text.data(), last, value, base);
    if (error != std::errc{} || end != last) {
      throw Broken{"not a number in the response's head: " + std::string{text}};
    }
    return value;
  }

  bool more() {
    switch (stream_.read_some(buffer_, until_)) {
      case Io::done:
        return true;
      case Io::ended:
        return false;
      case Io::timed_out:
        throw Broken{"no complete answer within the deadline"};
    }
    return false;
  }

  void need_more() {
    if (!more()) throw Broken{"the connection ended before a complete answer"};
  }

  Stream& stream_;
  std::string& buffer_;
  const Clock::time_point until_;
};

}  // namespace

Reply read_reply(Stream& stream, std::string& buffer, bool head_request, Clock::time_point until) {
  try {
    auto reply = MessageReader{stream, buffer, until}.reply(head_request);
    reply.json = Json::parse(reply.body, nullptr, false);
    if (reply.json.is_discarded()) reply.json = nullptr;
    return reply;
  } catch (const Broken& broken) {
    return {.error = broken.what};
  }
}

std::optional<Request> read_request(Stream& stream, std::string& buffer, Clock::time_point until) {
  try {
    return MessageReader{stream, buffer, until}.request();
  } catch (const Broken&) {
    return std::nullopt;
  }
}

bool keeps_alive(const Reply& reply) {
  if (!reply.answered() || reply.status == 101) return false;
  const auto connection = reply.header("Connection");
  if (connection && equal_ignoring_case(*connection, "close")) return false;
  return reply.status == 204 || reply.status == 304 || reply.header("Content-Length") ||
         reply.header("Transfer-Encoding");
}

std::optional<std::string> header_in(const std::vector<Header>& headers, std::string_view name) {
  for (const auto& header : headers) {
    if (equal_ignoring_case(header.name, name)) return header.value;
  }
  return std::nullopt;
}

std::optional<std::string> Reply::header(std::string_view name) const {
  return header_in(headers, name);
}

std::string Reply::label() const {
  if (!json.is_object() || !json.contains("label") || !json["label"].is_string()) return {};
  return json["label"].get<std::string>();
}

std::optional<std::string> cookie_of(const Reply& reply) {
  for (const auto& header : reply.headers) {
    if (!equal_ignoring_case(header.name, "Set-Cookie")) continue;
    if (!header.value.starts_with("zuid=")) continue;
    return header.value.substr(5, header.value.find(';') - 5);
  }
  return std::nullopt;
}

Header cookie_header(const std::string& value) { return {"Cookie", "zuid=" + value}; }

void PrintTo(const Reply& reply, std::ostream* out) {
  constexpr std::size_t shown_bytes_max = 1'500;
  if (!reply.answered()) {
    *out << "no answer (" << reply.error << ")";
    return;
  }
  *out << reply.status;
  if (reply.body.empty()) {
    *out << " with an empty body";
    return;
  }
  *out << ' ' << reply.body.substr(0, shown_bytes_max);
  if (reply.body.size() > shown_bytes_max) *out << "… (" << reply.body.size() << " bytes)";
}

}  // namespace twostep::conformance

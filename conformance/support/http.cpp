#include "conformance/support/http.hpp"

#include <poll.h>

#include <algorithm>
#include <mutex>

#include "conformance/support/bytes.hpp"
#include "conformance/support/context.hpp"
#include "conformance/support/http_reply.hpp"
#include "conformance/support/stream.hpp"

namespace twostep::conformance {
namespace {

/// How long to obey a target that throttles and does not say how long.
constexpr Milliseconds throttled_pause{200};
constexpr Milliseconds throttled_pause_max{5'000};

bool throttled(const Reply& reply) {
  return reply.status == 420 || (reply.status == 429 && reply.header("Retry-After"));
}

/// Waits as long as the target asked for. False if that is longer than the suite will wait.
bool back_off(const Reply& reply, Clock::time_point until) {
  auto pause = throttled_pause;
  if (const auto seconds = reply.header("Retry-After")) {
    pause = std::chrono::seconds{std::max(1, std::atoi(seconds->c_str()))};
  }
  if (pause > throttled_pause_max || Clock::now() + pause > until) return false;
  poll(nullptr, 0, static_cast<int>(pause.count()));
  return true;
}

Json headers_of(const std::vector<Header>& headers) {
  auto list = Json::array();
  for (const auto& header : headers) {
    list.push_back(redacted(header.name + ": " + header.value));
  }
  return list;
}

}  // namespace

struct HttpClient::State {
  State(std::string who, const std::string& base_url, TlsEnd tls_end = nullptr,
        std::string tls_name = {})
      : actor(std::move(who)),
        url(Url::parse(base_url)),
        end(std::move(tls_end)),
        name(std::move(tls_name)) {}

  std::string actor;
  Url url;
  TlsEnd end;        ///< For TLS of one's own; none: as everybody.
  std::string name;  ///< Whom to expect then.
  std::mutex one_at_a_time = {};
  std::unique_ptr<Stream> stream = {};
  std::string buffer = {};

  std::string bytes_of(const Request& request, const std::string& request_id) const {
    std::string text = request.method + " " + request.path + " HTTP/1.1\r\n";
    if (!header_in(request.headers, "Host")) text += "Host: " + url.authority() + "\r\n";
    text += "X-Conformance-Test: " + context().test + "\r\nRequest-Id: " + request_id + "\r\n";
    const auto has_length = std::ranges::any_of(request.headers, [](const Header& header) {
      return header.name == "Content-Length" || header.name == "Transfer-Encoding";
    });
    for (const auto& header : request.headers) text += header.name + ": " + header.value + "\r\n";
    const auto has_body = request.method != "GET" && request.method != "HEAD";
    if (!has_length && (has_body || !request.body.empty())) {
      text += "Content-Length: " + std::to_string(request.body.size()) + "\r\n";
    }
    return text + "\r\n" + request.body;
  }

  Reply exchange(const Request& request, const std::string& request_id, Clock::time_point until) {
    // A connection that the target has closed meanwhile is replaced before anything is written; a
    // request that has been written is never written again.
    if (stream && (stream->stale() || !buffer.empty())) stream.reset();
    try {
      if (!stream) {
        buffer.clear();
        stream = end ? std::make_unique<Stream>(url, end, name, until)
                     : std::make_unique<Stream>(url, until);
      }
    } catch (const StreamError& error) {
      return {.error = error.what()};
    }
    // A refusal may come before the body is taken, so an answer is looked for in any case.
    const auto written = stream->write(bytes_of(request, request_id), until);
    auto reply = read_reply(*stream, buffer, request.method == "HEAD", until);
    if (written != Io::done || !keeps_alive(reply)) stream.reset();
    return reply;
  }
};

HttpClient::HttpClient(std::string actor, std::string base_url)
    : state_(std::make_unique<State>(std::move(actor), base_url)) {}
HttpClient::HttpClient(std::string actor, std::string base_url, TlsEnd end, std::string name)
    : state_(std::make_unique<State>(std::move(actor), base_url, std::move(end), std::move(name))) {
}
HttpClient::~HttpClient() = default;
HttpClient::HttpClient(HttpClient&&) noexcept = default;
HttpClient& HttpClient::operator=(HttpClient&&) noexcept = default;

Reply HttpClient::send(const Request& request) {
  const std::lock_guard lock{state_->one_at_a_time};
  const auto until = deadline();
  for (;;) {
    const auto begun = Clock::now();
    const auto request_id = random_hex(16);
    auto reply = state_->exchange(request, request_id, until);

    Json entry = {{"kind", "http"},           {"actor", state_->actor},
                  {"method", request.method}, {"path", redacted(request.path)},
                  {"request_id", request_id}, {"request_headers", headers_of(request.headers)},
                  {"status", reply.status},   {"ago_ms", ago(begun)}};
    put_body(entry, "request", request.body);
    put_body(entry, "response", reply.body);
    if (reply.answered()) entry["response_headers"] = headers_of(reply.headers);
    if (!reply.error.empty()) entry["error"] = reply.error;
    record(entry);

    if (!throttled(reply) || !back_off(reply, until)) return reply;
  }
}

}  // namespace twostep::conformance

#include "impl/federation/http_message.hpp"

#include <algorithm>
#include <boost/asio/error.hpp>
#include <boost/asio/ssl/error.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/error.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>
#include <charconv>
#include <string_view>

#include "impl/core/limits.hpp"
#include "impl/federation/limits.hpp"

namespace twostep::federation {
namespace {

namespace net = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
using RequestParser = http::request_parser<http::string_body>;

// Feeds the parser until the message ends. What the parser cannot use yet stays in the buffer, whose
// size bounds the lines that a parser waits for: those of chunks and trailers.
template <class Parser>
net::awaitable<ErrorCode> read_into(Parser& parser, Channel& channel, beast::flat_buffer& buffer) {
  parser.eager(true);
  while (!parser.is_done()) {
    ErrorCode error;
    if (buffer.size() > 0) {
      buffer.consume(parser.put(buffer.data(), error));
      if (error && error != http::error::need_more) co_return error;
      if (parser.is_done()) break;
    }
    const auto room =
        std::min<std::size_t>(buffer.max_size() - buffer.size(), limits::read_step_bytes);
    if (room == 0) co_return http::error::buffer_overflow;
    const auto space = buffer.prepare(room);
    const auto [lost, bytes] = co_await channel.read_some(space);
    buffer.commit(bytes);
    if (!lost) continue;
    if (lost == net::error::eof && parser.got_some() && buffer.size() == 0) {
      parser.put_eof(error);
      co_return error;
    }
    co_return lost;
  }
  co_return ErrorCode{};
}

RequestHead head_of(const RequestParser& parser, const wire::Head& framing) {
  const auto& message = parser.get();
  RequestHead head{.method = std::string{message.method_string()},
                   .target = std::string{message.target()},
                   .fields = {},
                   .framing = framing};
  for (const auto& field : message) {
    std::string name{field.name_string()};
    for (auto& c : name) c = static_cast<char>(c >= 'A' && c <= 'Z' ? c + 32 : c);
    head.fields.emplace_back(std::move(name), field.value());
  }
  return head;
}

// `timeout=30, max=100`: the seconds; zero if it does not say.
std::chrono::seconds stays_of(std::string_view keep_alive) {
  constexpr std::string_view timeout = "timeout=";
  constexpr int seconds_max = 3'600;
  const auto at = keep_alive.find(timeout);
  if (at == keep_alive.npos) return {};
  int seconds = 0;
  const auto* const begin = keep_alive.data() + at + timeout.size();
  std::from_chars(begin, keep_alive.data() + keep_alive.size(), seconds);
  return std::chrono::seconds{std::clamp(seconds, 0, seconds_max)};
}

bool is_of_the_parser(const ErrorCode& error) {
  return error.category() == make_error_code(http::error::bad_chunk).category();
}

}  // namespace

class RequestReader::Implementation {
 public:
  explicit Implementation(Channel& on) : channel{on} {}

  std::string_view text() const {
    return {static_cast<const char*>(buffer.data().data()), buffer.size()};
  }

  net::awaitable<bool> read_more() {
    const auto space =
        buffer.prepare(std::min(buffer.max_size() - buffer.size(), limits::read_step_bytes));
    const auto [error, bytes] = co_await channel.read_some(space);
    buffer.commit(bytes);
    co_return !error;
  }

  Channel& channel;
  beast::flat_buffer buffer{limits::read_bytes_max};
  std::optional<RequestParser> parser;
  wire::Head framing;
};

RequestReader::RequestReader(Channel& channel)
    : implementation_{std::make_unique<Implementation>(channel)} {}

RequestReader::~RequestReader() = default;

net::awaitable<bool> RequestReader::begins() {
  auto& self = *implementation_;
  co_return self.buffer.size() > 0 || co_await self.read_more();
}

net::awaitable<std::variant<RequestHead, wire::HeadRefusal, Gone>> RequestReader::head() {
  auto& self = *implementation_;
  auto size = wire::head_size(self.text());
  while (!size && self.buffer.size() < twostep::limits::head_bytes_max) {
    if (!co_await self.read_more()) co_return Gone{};
    size = wire::head_size(self.text());
  }
  if (!size) co_return wire::HeadRefusal{431, "the head is too long"};
  const auto text = self.text().substr(0, *size);
  const auto read = wire::read_head(text);
  if (const auto* refusal = std::get_if<wire::HeadRefusal>(&read)) co_return *refusal;
  self.framing = std::get<wire::Head>(read);

  auto& parser = self.parser.emplace();
  parser.header_limit(twostep::limits::head_bytes_max);
  parser.body_limit(boost::none);  // Known once the request is admitted.
  ErrorCode error;
  parser.put(net::buffer(text), error);
  self.buffer.consume(*size);
  if (error || !parser.is_header_done()) co_return wire::HeadRefusal{400, "a malformed head"};
  co_return head_of(parser, self.framing);
}

net::awaitable<std::variant<std::string, wire::HeadRefusal, Gone>> RequestReader::body(
    std::size_t bytes_max) {
  constexpr wire::HeadRefusal too_large{413, "the body is too large"};
  auto& self = *implementation_;
  if (self.framing.content_length.value_or(0) > bytes_max) co_return too_large;
  if (self.framing.expects_continue) {
    if (co_await self.channel.write("HTTP/1.1 100 Continue\r\n\r\n")) co_return Gone{};
  }
  self.parser->body_limit(bytes_max);
  const auto error = co_await read_into(*self.parser, self.channel, self.buffer);
  if (error == http::error::body_limit) co_return too_large;
  if (is_of_the_parser(error)) co_return wire::HeadRefusal{400, "a malformed body"};
  if (error) co_return Gone{};
  co_return std::move(self.parser->get().body());
}

net::awaitable<std::variant<Answer, AnswerFault>> read_answer(Channel& channel,
                                                              std::size_t body_bytes_max) {
  http::response_parser<http::string_body> parser;
  parser.header_limit(limits::answer_head_bytes_max);
  parser.body_limit(body_bytes_max);
  beast::flat_buffer buffer{limits::read_bytes_max};
  const auto error = co_await read_into(parser, channel, buffer);
  if (error == http::error::body_limit) co_return AnswerFault::is_too_large;
  if (error.category() == net::error::get_ssl_category()) co_return AnswerFault::is_refused;
  if (error && !parser.got_some() && buffer.size() == 0) co_return AnswerFault::none_came;
  if (error) co_return AnswerFault::is_not_http;
  Answer answer{.status = static_cast<int>(parser.get().result_int()),
                .body = std::move(parser.get().body())};
  // Octets after the answer were not asked for: who knows what they belong to.
  if (parser.keep_alive() && buffer.size() == 0) {
    answer.stays = stays_of(parser.get()[http::field::keep_alive]);
  }
  co_return answer;
}

}  // namespace twostep::federation

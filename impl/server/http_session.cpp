#include "impl/server/http_session.hpp"

#include <array>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/websocket/rfc6455.hpp>
#include <memory>
#include <string_view>
#include <tuple>
#include <utility>
#include <variant>

#include "impl/server/response_head.hpp"
#include "impl/server/routes_system.hpp"
#include "impl/server/websocket_session.hpp"
#include "impl/wire/head.hpp"

namespace twostep::server {
namespace {

namespace net = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
using Clock = std::chrono::steady_clock;
using HeadParser = http::request_parser<http::empty_body>;

constexpr auto quietly = net::as_tuple(net::use_awaitable);

enum class Next { another_request, close, gone };

/// A body as it was sent, or why it cannot be had. Neither: the client is gone.
struct Body {
  std::optional<std::string> text = {};
  std::optional<Reason> refusal = {};
};

class HttpSession {
 public:
  HttpSession(net::ip::tcp::socket socket, Serving& serving)
      : stream_{std::move(socket)}, serving_{serving} {}

  net::any_io_executor executor() { return stream_.get_executor(); }

  net::awaitable<void> run();
  void leave_soon();  ///< After the request under way, if there is one.

 private:
  net::awaitable<Next> exchange();
  net::awaitable<std::size_t> read_head();
  net::awaitable<Body> read_body(wire::Head head, HeadParser& parsed, std::size_t bytes_max);
  net::awaitable<Next> answer(wire::Head head, HeadParser& parser, Admission& admission);
  net::awaitable<Next> upgrade(Admission& admission, std::string head);
  net::awaitable<Next> send(Admission& admission, Clock::time_point began, Next after);
  net::awaitable<void> linger();
  std::chrono::milliseconds time_to_transfer(std::size_t bytes) const;

  beast::tcp_stream stream_;
  beast::flat_buffer buffer_{limits::read_ahead_bytes_max};
  Serving& serving_;
  bool leaving_ = false;
  bool between_requests_ = false;
};

std::vector<std::pair<std::string, std::string>> headers_of(const http::fields& fields) {
  std::vector<std::pair<std::string, std::string>> headers;
  for (const auto& field : fields) {
    std::string name{field.name_string()};
    for (auto& c : name) c = static_cast<char>(c >= 'A' && c <= 'Z' ? c + 32 : c);
    headers.emplace_back(std::move(name), field.value());
  }
  return headers;
}

bool has_body(const wire::Head& head) {
  return head.chunked || head.content_length.value_or(0) > 0;
}

// Of the errors of a body, those that are worth an answer: the client is still there.
bool is_of_the_client(const beast::error_code& error) {
  return error.category() == beast::error_code{http::error::bad_chunk}.category() &&
         error != http::error::end_of_stream && error != http::error::partial_message;
}

net::awaitable<void> HttpSession::run() {
  auto next = Next::another_request;
  while (next == Next::another_request) next = co_await exchange();
  if (next == Next::close) co_await linger();
}

void HttpSession::leave_soon() {
  leaving_ = true;
  if (between_requests_) stream_.cancel();
}

net::awaitable<Next> HttpSession::exchange() {
  const auto head_bytes = co_await read_head();
  if (head_bytes == 0) co_return Next::gone;
  std::string text{static_cast<const char*>(buffer_.data().data()), head_bytes};
  buffer_.consume(head_bytes);

  const bool ends = wire::head_size(text).has_value();
  const auto read = ends ? wire::read_head(text) : wire::HeadRefusal{431, "the head is too long"};
  if (const auto* refusal = std::get_if<wire::HeadRefusal>(&read)) {
    auto admission = serving_.api.turn_away(refusal->status, refusal->why);
    co_return co_await send(admission, Clock::now(), Next::close);
  }
  HeadParser parser;
  parser.header_limit(twostep::limits::head_bytes_max);
  parser.body_limit(boost::none);  // Known once the route is; the parser's own is a mebibyte.
  beast::error_code error;
  parser.put(net::buffer(text), error);
  if (error || !parser.is_header_done()) {
    auto admission = serving_.api.turn_away(400, "Malformed request head");
    co_return co_await send(admission, Clock::now(), Next::close);
  }

  const auto& message = parser.get();
  auto admission = serving_.api.admit(std::string{message.method_string()}, message.target(),
                                      headers_of(message));
  if (admission.route && is_websocket(*admission.route) && beast::websocket::is_upgrade(message)) {
    co_return co_await upgrade(admission, std::move(text));
  }
  co_return co_await answer(std::get<wire::Head>(read), parser, admission);
}

// 0: the connection is over, or there was nothing to read for too long. A head that is still
// without an end at the most octets a head may have is returned as it is.
net::awaitable<std::size_t> HttpSession::read_head() {
  between_requests_ = buffer_.size() == 0;
  stream_.expires_after(between_requests_ ? serving_.deadlines.idle : serving_.deadlines.head);
  for (;;) {
    const std::string_view text{static_cast<const char*>(buffer_.data().data()), buffer_.size()};
    if (const auto end = wire::head_size(text)) co_return *end;
    if (text.size() == twostep::limits::head_bytes_max) co_return text.size();
    if (leaving_ && between_requests_) co_return 0;

    const auto room = twostep::limits::head_bytes_max - buffer_.size();
    const auto [error, bytes] = co_await stream_.async_read_some(buffer_.prepare(room), quietly);
    if (error) co_return 0;
    buffer_.commit(bytes);
    if (std::exchange(between_requests_, false)) stream_.expires_after(serving_.deadlines.head);
  }
}

net::awaitable<Next> HttpSession::answer(wire::Head head, HeadParser& parser,
                                         Admission& admission) {
  const auto began = Clock::now();
  auto after = head.keep_alive ? Next::another_request : Next::close;
  if (!admission.route) {
    // Its body is not read, so nobody knows where the next request would begin.
    if (has_body(head)) after = Next::close;
    co_return co_await send(admission, began, after);
  }
  auto body = co_await read_body(head, parser, admission.body_bytes_max);
  if (body.refusal) {
    admission.response = response_of(Refusal{*body.refusal});
    co_return co_await send(admission, began, Next::close);
  }
  if (!body.text) co_return Next::gone;

  stream_.expires_never();
  co_await serving_.api.answer(admission, std::move(*body.text));
  co_return co_await send(admission, began, after);
}

net::awaitable<Body> HttpSession::read_body(wire::Head head, HeadParser& parsed,
                                            std::size_t bytes_max) {
  if (!has_body(head)) co_return Body{.text = ""};
  if (head.content_length.value_or(0) > bytes_max) {
    co_return Body{.refusal = Reason::payload_too_large};
  }
  stream_.expires_after(time_to_transfer(head.content_length.value_or(bytes_max)));
  if (head.expects_continue) {
    constexpr std::string_view go_on = "HTTP/1.1 100 Continue\r\n\r\n";
    const auto [error, bytes] = co_await net::async_write(stream_, net::buffer(go_on), quietly);
    if (error) co_return Body{};
  }
  http::request_parser<http::string_body> parser{std::move(parsed)};
  parser.body_limit(bytes_max);
  const auto [error, bytes] = co_await http::async_read(stream_, buffer_, parser, quietly);
  if (!error) co_return Body{.text = std::move(parser.get().body())};
  if (error == http::error::body_limit) co_return Body{.refusal = Reason::payload_too_large};
  if (is_of_the_client(error)) co_return Body{.refusal = Reason::bad_request};
  co_return Body{};
}

net::awaitable<Next> HttpSession::upgrade(Admission& admission, std::string head) {
  auto& request = admission.request;
  const auto began = Clock::now();
  const auto client = request.parameter("client");
  SocketOpening opening{.head = std::move(head),
                        .request_id = request.request_id,
                        .caller = *request.caller,
                        .client = ClientId::parse(client.value_or(""))};
  // A client that speaks before it is answered is not speaking the protocol of websockets.
  if ((client && !opening.client) || buffer_.size() > 0) {
    admission.response = response_of(Refusal{Reason::bad_request});
    co_return co_await send(admission, began, Next::close);
  }
  stream_.expires_never();
  const auto served = co_await serve_websocket(stream_.socket(), std::move(opening), serving_);
  if (served) co_return Next::gone;
  admission.response = response_of(served.error());
  co_return co_await send(admission, began, Next::close);
}

net::awaitable<Next> HttpSession::send(Admission& admission, Clock::time_point began, Next after) {
  if (leaving_) after = Next::close;
  serving_.api.note(admission, Clock::now() - began);
  auto& response = admission.response;
  const auto head =
      response_head(response, response.body.size(),
                    {.stays = after == Next::another_request, .idle = limits::idle_announced},
                    std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now()));
  if (admission.request.method == "HEAD") response.body.clear();

  stream_.expires_after(time_to_transfer(response.body.size()));
  const std::array<net::const_buffer, 2> text{net::buffer(head), net::buffer(response.body)};
  const auto [error, bytes] = co_await net::async_write(stream_, text, quietly);
  co_return error ? Next::gone : after;
}

std::chrono::milliseconds HttpSession::time_to_transfer(std::size_t bytes) const {
  return serving_.deadlines.transfer +
         std::chrono::seconds{bytes / limits::transfer_bytes_per_second_min};
}

net::awaitable<void> HttpSession::linger() {
  beast::error_code error;
  stream_.socket().shutdown(net::ip::tcp::socket::shutdown_send, error);
  stream_.expires_after(serving_.deadlines.linger);
  buffer_.clear();
  for (std::size_t total = 0; !error && total < limits::linger_bytes_max;) {
    std::size_t bytes = 0;
    std::tie(error, bytes) =
        co_await stream_.async_read_some(buffer_.prepare(limits::read_ahead_bytes_max), quietly);
    total += bytes;
  }
}

}  // namespace

net::awaitable<void> serve_http(net::ip::tcp::socket socket, Serving& serving,
                                Sessions::Seat& seat) {
  const auto session = std::make_shared<HttpSession>(std::move(socket), serving);
  seat.when_asked([weak = std::weak_ptr{session}, strand = session->executor()] {
    net::post(strand, [weak] {
      if (const auto asked = weak.lock()) asked->leave_soon();
    });
  });
  co_await session->run();
}

Serve serve_http_with(Serving serving) {
  return [shared = std::make_shared<Serving>(std::move(serving))](net::ip::tcp::socket socket,
                                                                  Sessions::Seat& seat) {
    return serve_http(std::move(socket), *shared, seat);
  };
}

}  // namespace twostep::server

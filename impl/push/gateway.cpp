#include "impl/push/gateway.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http.hpp>
#include <mutex>
#include <utility>
#include <vector>

#include "impl/push/notice_body.hpp"

namespace twostep::push {
namespace {

namespace net = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
using service::PushAnswer;

constexpr auto quietly = net::as_tuple(net::use_awaitable);

/// A connection has a strand of its own: the timer of its stream must not run beside it.
struct Connection {
  explicit Connection(const net::any_io_executor& executor) : stream{net::make_strand(executor)} {}

  beast::tcp_stream stream;
  beast::flat_buffer buffer{limits::answer_head_bytes_max + limits::answer_body_bytes_max};
  bool used = false;
};

PushAnswer answer_of(http::status_class kind, http::status status) {
  if (kind == http::status_class::successful) return PushAnswer::accepted;
  return status == http::status::gone ? PushAnswer::dead : PushAnswer::failed;
}

}  // namespace

std::optional<GatewayUrl> GatewayUrl::parse(std::string_view url) {
  constexpr std::string_view scheme = "http://";
  if (!url.starts_with(scheme)) return std::nullopt;
  url.remove_prefix(scheme.size());
  const auto slash = std::min(url.find('/'), url.size());
  const auto authority = url.substr(0, slash);
  const auto target = url.substr(slash);
  const auto colon = std::min(authority.find(':'), authority.size());
  const auto port = authority.substr(std::min(colon + 1, authority.size()));
  const bool port_is_number =
      port.size() <= 5 && port.find_first_not_of("0123456789") == std::string_view::npos;
  if (colon == 0 || !port_is_number || (colon < authority.size() && port.empty()) ||
      url.find_first_of(" \t\r\n#@") != std::string_view::npos) {
    return std::nullopt;
  }
  return GatewayUrl{.host = std::string{authority.substr(0, colon)},
                    .port = port.empty() ? "80" : std::string{port},
                    .target = target.empty() ? "/" : std::string{target}};
}

/// The open connections, and what happens on one.
class HttpGateway::Connections : public std::enable_shared_from_this<Connections> {
 public:
  Connections(const net::any_io_executor& executor, GatewayUrl url,
              std::chrono::milliseconds notice_timeout)
      : executor_{executor}, url_{std::move(url)}, notice_timeout_{notice_timeout} {}

  net::awaitable<PushAnswer> notify(std::string body) {
    for (;;) {
      auto connection = take();
      const bool kept = connection->used;
      auto* const stream = &connection->stream;
      const auto answer = co_await net::co_spawn(
          stream->get_executor(), exchange(shared_from_this(), std::move(connection), body),
          net::use_awaitable);
      if (answer) co_return *answer;
      if (!kept) co_return PushAnswer::failed;
    }
  }

 private:
  /// None: the connection ended before an answer began.
  static net::awaitable<std::optional<PushAnswer>> exchange(std::shared_ptr<Connections> self,
                                                            std::unique_ptr<Connection> connection,
                                                            std::string body) {
    auto& stream = connection->stream;
    stream.expires_after(self->notice_timeout_);
    if (!connection->used && !co_await self->connect(stream)) co_return PushAnswer::failed;

    http::request<http::string_body> request{http::verb::post, self->url_.target, 11};
    request.set(http::field::host, self->url_.host + ':' + self->url_.port);
    request.set(http::field::content_type, "application/json");
    request.body() = std::move(body);
    request.prepare_payload();
    if (const auto [error, sent] = co_await http::async_write(stream, request, quietly); error)
      co_return unanswered(error);

    http::response_parser<http::string_body> parser;
    parser.header_limit(limits::answer_head_bytes_max);
    parser.body_limit(limits::answer_body_bytes_max);
    if (const auto [error, read] =
            co_await http::async_read(stream, connection->buffer, parser, quietly);
        error) {
      co_return parser.got_some() ? PushAnswer::failed : unanswered(error);
    }

    const auto& answer = parser.get();
    const auto said = answer_of(http::to_status_class(answer.result()), answer.result());
    if (answer.keep_alive()) self->keep(std::move(connection));
    co_return said;
  }

  static std::optional<PushAnswer> unanswered(const boost::system::error_code& error) {
    if (error == beast::error::timeout) return PushAnswer::failed;
    return std::nullopt;
  }

  net::awaitable<bool> connect(beast::tcp_stream& stream) {
    net::ip::tcp::resolver resolver{stream.get_executor()};
    const auto [unknown, endpoints] =
        co_await resolver.async_resolve(url_.host, url_.port, quietly);
    if (unknown) co_return false;
    const auto [refused, endpoint] = co_await stream.async_connect(endpoints, quietly);
    co_return !refused;
  }

  std::unique_ptr<Connection> take() {
    const std::lock_guard lock{mutex_};
    if (idle_.empty()) return std::make_unique<Connection>(executor_);
    auto connection = std::move(idle_.back());
    idle_.pop_back();
    return connection;
  }

  void keep(std::unique_ptr<Connection> connection) {
    connection->used = true;
    connection->stream.expires_never();
    const std::lock_guard lock{mutex_};
    if (idle_.size() < limits::idle_connections_max) idle_.push_back(std::move(connection));
  }

  const net::any_io_executor executor_;
  const GatewayUrl url_;
  const std::chrono::milliseconds notice_timeout_;
  std::mutex mutex_;
  std::vector<std::unique_ptr<Connection>> idle_;  ///< Guarded by the mutex.
};

HttpGateway::HttpGateway(const net::any_io_executor& executor, GatewayUrl url,
                         std::chrono::milliseconds notice_timeout)
    : connections_{std::make_shared<Connections>(executor, std::move(url), notice_timeout)} {}

HttpGateway::~HttpGateway() = default;

net::awaitable<PushAnswer> HttpGateway::notify(service::PushNotice notice) {
  return connections_->notify(notice_body(notice));
}

}  // namespace twostep::push

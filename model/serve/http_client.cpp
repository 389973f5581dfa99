#include "model/serve/http_client.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http.hpp>

#include "model/serve/limits.hpp"

namespace twostep::model::serve {
namespace {

namespace asio = boost::asio;
namespace http = boost::beast::http;
constexpr auto quietly = asio::as_tuple(asio::use_awaitable);

struct Url {
  std::string host;
  std::string port;
  std::string path;
};

std::optional<Url> read_url(std::string url) {
  const std::string scheme = "http://";
  if (!url.starts_with(scheme)) return std::nullopt;
  url.erase(0, scheme.size());
  const auto slash = std::min(url.find('/'), url.size());
  const auto authority = url.substr(0, slash);
  const auto colon = std::min(authority.find(':'), authority.size());
  const auto port = colon < authority.size() ? authority.substr(colon + 1) : "80";
  return Url{authority.substr(0, colon), port, slash < url.size() ? url.substr(slash) : "/"};
}

}  // namespace

asio::awaitable<std::optional<Reply>> post(std::string url_text, Headers headers, std::string body,
                                           std::chrono::steady_clock::duration time_max) {
  const auto url = read_url(std::move(url_text));
  if (!url) co_return std::nullopt;
  const auto executor = co_await asio::this_coro::executor;
  asio::ip::tcp::resolver resolver{executor};
  const auto [unresolved, places] = co_await resolver.async_resolve(url->host, url->port, quietly);
  if (unresolved) co_return std::nullopt;

  boost::beast::tcp_stream stream{executor};
  stream.expires_after(time_max);
  const auto [unconnected, place] = co_await stream.async_connect(places, quietly);
  if (unconnected) co_return std::nullopt;

  http::request<http::string_body> request{http::verb::post, url->path, 11, std::move(body)};
  request.set(http::field::host, url->host + ':' + url->port);
  request.set(http::field::content_type, "application/json");
  request.set(http::field::connection, "close");
  for (const auto& [name, value] : headers) request.set(name, value);
  request.prepare_payload();
  const auto [unwritten, written] = co_await http::async_write(stream, request, quietly);
  if (unwritten) co_return std::nullopt;

  boost::beast::flat_buffer buffer;
  http::response_parser<http::string_body> parser;
  parser.body_limit(limits::answer_bytes_max);
  const auto [unread, read] = co_await http::async_read(stream, buffer, parser, quietly);
  if (unread) co_return std::nullopt;
  Reply reply{.status = static_cast<int>(parser.get().result_int()), .body = parser.get().body()};
  co_return reply;
}

}  // namespace twostep::model::serve

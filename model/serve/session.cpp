#include "model/serve/session.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <charconv>
#include <memory>
#include <nlohmann/json.hpp>

#include "model/serve/head.hpp"
#include "model/serve/limits.hpp"

namespace twostep::model::serve {
namespace {

namespace asio = boost::asio;
template <class T = void>
using Task = asio::awaitable<T>;
constexpr auto quietly = asio::as_tuple(asio::use_awaitable);

/// The connection ended, or its time was up, before what was read was complete. Nobody is left to tell.
struct Ended {};

std::string_view reason_of(int status) {
  switch (status) {
    case 200:
      return "OK";
    case 201:
      return "Created";
    case 204:
      return "No Content";
    case 400:
      return "Bad Request";
    case 401:
      return "Unauthorized";
    case 403:
      return "Forbidden";
    case 404:
      return "Not Found";
    case 405:
      return "Method Not Allowed";
    case 409:
      return "Conflict";
    case 412:
      return "Precondition Failed";
    case 413:
      return "Payload Too Large";
    case 415:
      return "Unsupported Media Type";
    case 422:
      return "Unprocessable Content";
    case 431:
      return "Request Header Fields Too Large";
    case 501:
      return "Not Implemented";
    default:
      return "Status";
  }
}

std::string head_of(const Reply& reply, bool keep_alive) {
  std::string head = "HTTP/1.1 " + std::to_string(reply.status) + ' ' +
                     std::string{reason_of(reply.status)} + "\r\n";
  for (const auto& [name, value] : reply.headers) head += name + ": " + value + "\r\n";
  if (reply.status != 204) {
    if (!reply.body.empty()) head += "Content-Type: " + reply.content_type + "\r\n";
    head += "Content-Length: " + std::to_string(reply.body.size()) + "\r\n";
  }
  return head + (keep_alive ? "\r\n" : "Connection: close\r\n\r\n");
}

[[noreturn]] void too_large(int status, const char* what) {
  throw Refusal{status, status == 413 ? "payload-too-large" : "bad-request", what, {}, true};
}

/// One connection. What was read and not yet used waits in `buffer_`.
class Session : public std::enable_shared_from_this<Session> {
 public:
  Session(Tcp::socket socket, Application& application)
      : socket_{std::move(socket)}, deadline_{socket_.get_executor()}, application_{application} {}

  Task<> run() {
    const auto self = shared_from_this();
    try {
      while (co_await serve_one()) {
      }
    } catch (const Ended&) {
    }
    deadline_.cancel();
  }

 private:
  /// True if the connection is there for another request.
  Task<bool> serve_one() {
    std::optional<Refusal> refusal;
    try {
      co_return co_await answer_one();
    } catch (const Refusal& refused) {
      refusal = refused;
    }
    co_await write(reply_to(*refusal), false);
    co_await linger();
    co_return false;
  }

  Task<bool> answer_one() {
    within(limits::head_time_max);
    const auto head_text = co_await read_through("\r\n\r\n", limits::head_bytes_max, 431);
    auto head = read_head(head_text);
    within(limits::body_time_max);
    co_await read_body(head);
    deadline_.cancel();
    auto response = co_await application_.answer(std::move(head.request));
    if (response.takeover) {
      response.takeover(std::move(socket_), head_text + buffer_);
      co_return false;
    }
    co_await write(response.reply, head.keep_alive);
    if (!head.keep_alive) co_await linger();
    co_return head.keep_alive;
  }

  Task<> read_body(Head& head) {
    const auto bytes_max = application_.body_bytes_max(head.request);
    if (head.content_length > bytes_max) too_large(413, "The body is too large");
    if (head.expects_continue) co_await write_text("HTTP/1.1 100 Continue\r\n\r\n");
    if (head.chunked) {
      co_await read_chunks(head.request.body, bytes_max);
    } else {
      head.request.body = co_await read_exactly(head.content_length);
    }
  }

  Task<> read_chunks(std::string& body, std::size_t bytes_max) {
    for (;;) {
      const auto size =
          chunk_size(co_await read_through("\r\n", limits::chunk_line_bytes_max, 400));
      if (size == 0) break;
      if (size > bytes_max - body.size()) too_large(413, "The body is too large");
      body += co_await read_exactly(size);
      if (co_await read_exactly(2) != "\r\n")
        throw Refusal{400, "bad-request", "Broken chunk", {}, true};
    }
    std::size_t trailers = 0;
    for (;;) {
      const auto line = co_await read_through("\r\n", limits::trailers_bytes_max, 400);
      if (line == "\r\n") co_return;
      trailers += line.size();
      if (trailers > limits::trailers_bytes_max) too_large(400, "The trailers are too large");
    }
  }

  static std::size_t chunk_size(const std::string& line) {
    std::size_t size = 0;
    const auto digits_end = line.find_first_of("; \t\r");
    const auto [end, error] = std::from_chars(line.data(), line.data() + digits_end, size, 16);
    if (error != std::errc{} || end != line.data() + digits_end) {
      throw Refusal{400, "bad-request", "Broken chunk size", {}, true};
    }
    return size;
  }

  /// What comes up to and with `end`, which must be within `bytes_max`.
  Task<std::string> read_through(std::string_view end, std::size_t bytes_max, int refused_with) {
    auto buffer = asio::dynamic_buffer(buffer_, std::max(bytes_max, buffer_.size()));
    const auto [error, size] = co_await asio::async_read_until(socket_, buffer, end, quietly);
    if (error == asio::error::not_found || size > bytes_max)
      too_large(refused_with, "The head is too large");
    if (error) throw Ended{};
    co_return take(size);
  }

  Task<std::string> read_exactly(std::size_t size) {
    while (buffer_.size() < size) {
      constexpr std::size_t step_bytes = 64 * 1024;
      const auto had = buffer_.size();
      buffer_.resize(std::min(size, had + step_bytes));
      const auto space = asio::buffer(buffer_.data() + had, buffer_.size() - had);
      const auto [error, got] = co_await socket_.async_read_some(space, quietly);
      buffer_.resize(had + got);
      if (error) throw Ended{};
    }
    co_return take(size);
  }

  std::string take(std::size_t size) {
    auto taken = buffer_.substr(0, size);
    buffer_.erase(0, size);
    return taken;
  }

  Task<> write(const Reply& reply, bool keep_alive) {
    co_await write_text(head_of(reply, keep_alive) + reply.body);
  }

  Task<> write_text(std::string text) {
    within(limits::write_time_max);
    const auto [error, size] = co_await asio::async_write(socket_, asio::buffer(text), quietly);
    deadline_.cancel();
    if (error) throw Ended{};
  }

  /// Closing while octets arrive would throw away the answer with them.
  Task<> linger() {
    boost::system::error_code ignored;
    socket_.shutdown(Tcp::socket::shutdown_send, ignored);
    within(limits::linger_time_max);
    std::array<char, 4096> rest;
    for (std::size_t all = 0; all < limits::linger_bytes_max;) {
      const auto [error, size] = co_await socket_.async_read_some(asio::buffer(rest), quietly);
      if (error) co_return;
      all += size;
    }
  }

  /// The connection is cut off unless `within` is called again, or `deadline_` cancelled, before then.
  void within(std::chrono::steady_clock::duration time) {
    deadline_.expires_after(time);
    deadline_.async_wait([session = weak_from_this()](boost::system::error_code cancelled) {
      const auto self = session.lock();
      if (!self || cancelled || self->deadline_.expiry() > std::chrono::steady_clock::now()) return;
      boost::system::error_code ignored;
      self->socket_.close(ignored);
    });
  }

  Tcp::socket socket_;
  asio::steady_timer deadline_;
  Application& application_;
  std::string buffer_;
};

Task<> serve(Tcp::socket socket, Application& application, std::shared_ptr<std::size_t> open) {
  const auto session = std::make_shared<Session>(std::move(socket), application);
  ++*open;
  co_await session->run();
  --*open;
}

}  // namespace

Reply reply_to(const Refusal& refusal) {
  if (!refusal.body.empty()) return {.status = refusal.status, .body = refusal.body};
  const nlohmann::json body = {
      {"code", refusal.status}, {"label", refusal.label}, {"message", refusal.message}};
  return {.status = refusal.status, .body = body.dump()};
}

asio::awaitable<void> listen(Tcp::acceptor& acceptor, Application& application) {
  const auto open = std::make_shared<std::size_t>(0);
  while (acceptor.is_open()) {
    auto [error, socket] = co_await acceptor.async_accept(quietly);
    if (error || *open >= limits::connections_max) continue;
    boost::system::error_code ignored;
    socket.set_option(Tcp::no_delay{true}, ignored);
    asio::co_spawn(acceptor.get_executor(), serve(std::move(socket), application, open),
                   asio::detached);
  }
}

}  // namespace twostep::model::serve

#include "bench/macro/traffic.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/connect.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/experimental/channel.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/buffers_to_string.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/websocket/stream.hpp>
#include <cstdint>
#include <list>

#include "bench/macro/schedule.hpp"

namespace twostep::bench {
namespace {

namespace net = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
using net::ip::tcp;
using Addresses = tcp::resolver::results_type;

constexpr auto quietly = net::as_tuple(net::use_awaitable);

std::uint64_t nanoseconds(Clock::duration length) {
  return static_cast<std::uint64_t>(std::chrono::nanoseconds{length}.count());
}

/// One kept-alive connection, opened when it is needed.
class Connection {
 public:
  Connection(net::io_context& context, const Addresses& addresses)
      : stream_{context}, addresses_{addresses} {}

  /// Fills in `status`, `body` and `ended`. Status 0 if anything went wrong.
  net::awaitable<void> exchange(const std::string& request, Exchange& result) {
    const bool complete = co_await attempt(request, result);
    result.ended = Clock::now();
    if (complete) co_return;
    result.status = 0;
    close();
  }

 private:
  net::awaitable<bool> attempt(const std::string& request, Exchange& result) {
    stream_.expires_after(answer_timeout);
    if (!stream_.socket().is_open()) {
      const auto [error, endpoint] = co_await stream_.async_connect(addresses_, quietly);
      if (error) co_return false;
      stream_.socket().set_option(tcp::no_delay{true});
    }
    const auto [not_written, written] =
        co_await net::async_write(stream_, net::buffer(request), quietly);
    if (not_written) co_return false;

    http::response_parser<http::string_body> parser;
    parser.body_limit(answer_bytes_max);
    const auto [not_read, read] = co_await http::async_read(stream_, buffer_, parser, quietly);
    if (not_read) co_return false;
    result.status = parser.get().result_int();
    result.body = std::move(parser.get().body());
    if (!parser.get().keep_alive()) close();
    co_return true;
  }

  void close() {
    beast::error_code ignored;
    stream_.socket().close(ignored);
    buffer_.clear();
  }

  beast::tcp_stream stream_;
  const Addresses& addresses_;
  beast::flat_buffer buffer_;
};

/// A load under way.
class Running {
 public:
  Running(net::io_context& context, const Addresses& addresses, const Pace& pace,
          Workload& workload)
      : context_{context},
        addresses_{addresses},
        pace_{pace},
        workload_{workload},
        due_{context, tasks_waiting_max},
        measured_from_{Clock::now() + std::chrono::duration_cast<Clock::duration>(pace.warm_up)},
        until_{measured_from_ + std::chrono::duration_cast<Clock::duration>(pace.measured)} {}

  Load to_its_end() {
    if (pace_.per_second) net::co_spawn(context_, start_on_time(), net::detached);
    for (std::size_t i = 0; i < pace_.connections; ++i) {
      ++workers_;
      net::co_spawn(context_, pace_.per_second ? work_when_due() : work_without_pause(),
                    [this](const std::exception_ptr& failure) {
                      --workers_;
                      if (failure && !failure_) failure_ = failure;
                    });
    }
    while (workers_ > 0) context_.run_one();
    if (failure_) std::rethrow_exception(failure_);
    load_.elapsed = (pace_.per_second ? last_ended_ : until_) - measured_from_;
    return std::move(load_);
  }

 private:
  struct Due {
    std::size_t task;
    Clock::time_point intended;
  };
  static constexpr std::optional<Due> no_more{};

  net::awaitable<void> start_on_time() {
    const Schedule schedule{Clock::now(), *pace_.per_second};
    const auto tasks = schedule.tasks_within(pace_.warm_up + pace_.measured);
    net::steady_timer timer{context_};
    for (std::size_t task = 0; task < tasks && !load_.overloaded; ++task) {
      const auto intended = schedule.intended(task);
      if (Clock::now() < intended) {
        timer.expires_at(intended);
        co_await timer.async_wait(quietly);
      }
      if (intended >= measured_from_) load_.slip.add(nanoseconds(Clock::now() - intended));
      load_.overloaded =
          !due_.try_send(boost::system::error_code{}, std::optional{Due{task, intended}});
    }
    // Behind everything that still waits: closing the channel would drop it.
    for (std::size_t i = 0; i < pace_.connections; ++i)
      co_await due_.async_send(boost::system::error_code{}, no_more, quietly);
  }

  net::awaitable<void> work_when_due() {
    Connection connection{context_, addresses_};
    for (;;) {
      const auto [error, due] = co_await due_.async_receive(quietly);
      if (error || !due) co_return;
      co_await perform(connection, *due);
    }
  }

  net::awaitable<void> work_without_pause() {
    Connection connection{context_, addresses_};
    for (auto now = Clock::now(); now < until_; now = Clock::now()) {
      co_await perform(connection, {next_++, now});
    }
  }

  net::awaitable<void> perform(Connection& connection, Due due) {
    bool answered = true;
    for (std::size_t step = 0; answered; ++step) {
      const auto request = workload_.request(due.task, step);
      if (!request) break;
      Exchange exchange{due.task, step, due.intended, Clock::now(), {}, 0, {}};
      co_await connection.exchange(*request, exchange);
      answered = exchange.status != 0;
      last_ended_ = exchange.ended;
      workload_.ended(std::move(exchange));
    }
    const bool is_measured = pace_.per_second
                                 ? due.intended >= measured_from_
                                 : last_ended_ >= measured_from_ && last_ended_ <= until_;
    if (!is_measured) co_return;
    ++load_.tasks;
    if (answered) {
      load_.latency.add(nanoseconds(last_ended_ - due.intended));
    } else {
      ++load_.unanswered;
    }
  }

  net::io_context& context_;
  const Addresses& addresses_;
  const Pace& pace_;
  Workload& workload_;
  net::experimental::channel<void(boost::system::error_code, std::optional<Due>)> due_;
  const Clock::time_point measured_from_;
  const Clock::time_point until_;
  Clock::time_point last_ended_ = measured_from_;
  std::size_t next_ = 0;
  std::size_t workers_ = 0;
  std::exception_ptr failure_;
  Load load_;
};

using WebSocket = beast::websocket::stream<beast::tcp_stream>;

net::awaitable<void> read_frames(WebSocket& socket, std::size_t number, Traffic::OnFrame on_frame) {
  beast::flat_buffer buffer;
  for (;;) {
    const auto [error, bytes] = co_await socket.async_read(buffer, quietly);
    if (error) co_return;  // The audit finds what is missing.
    on_frame(number, beast::buffers_to_string(buffer.data()), Clock::now());
    buffer.clear();
  }
}

net::awaitable<void> open(WebSocket& socket, const Addresses& addresses, std::string authority,
                          std::string target, std::string token) {
  namespace websocket = beast::websocket;
  auto& stream = beast::get_lowest_layer(socket);
  stream.expires_after(answer_timeout);
  co_await stream.async_connect(addresses, net::use_awaitable);
  stream.socket().set_option(tcp::no_delay{true});
  socket.set_option(websocket::stream_base::decorator([&](websocket::request_type& request) {
    request.set(http::field::authorization, "Bearer " + token);
  }));
  co_await socket.async_handshake(authority, target, net::use_awaitable);
  stream.expires_never();
}

}  // namespace

struct Traffic::State {
  explicit State(const Endpoint& to) : http{to}, addresses{resolve(to)} {}

  Addresses resolve(const Endpoint& endpoint) {
    boost::system::error_code error;
    auto found = tcp::resolver{context}.resolve(endpoint.host, endpoint.port, error);
    if (error) throw TrafficError{"cannot find " + endpoint.authority() + ": " + error.message()};
    return found;
  }

  /// Runs one coroutine to its end.
  void finish(net::awaitable<void> operation) {
    bool done = false;
    std::exception_ptr failure;
    net::co_spawn(context, std::move(operation), [&](const std::exception_ptr& thrown) {
      failure = thrown;
      done = true;
    });
    context.restart();
    while (!done) context.run_one();
    if (failure) std::rethrow_exception(failure);
  }

  net::io_context context{1};
  Endpoint http;
  Addresses addresses;
  std::list<WebSocket> sockets;
};

Endpoint Endpoint::parse(const std::string& url) {
  const auto scheme = url.find("://");
  const auto rest = scheme == url.npos ? std::string{} : url.substr(scheme + 3);
  const auto colon = rest.rfind(':');
  const bool plain = url.starts_with("http://") || url.starts_with("ws://");
  auto port = colon == rest.npos ? std::string{} : rest.substr(colon + 1);
  while (port.ends_with('/')) port.pop_back();
  if (!plain || port.empty() || port.find_first_not_of("0123456789") != port.npos)
    throw TrafficError{url + " is not http://host:port or ws://host:port"};
  return {rest.substr(0, colon), port};
}

std::string request_bytes(const std::string& method, const Endpoint& to, const std::string& target,
                          const std::string& token, const std::string& content_type,
                          const std::string& body) {
  auto bytes = method + " " + target + " HTTP/1.1\r\nHost: " + to.authority() + "\r\n";
  if (!token.empty()) bytes += "Authorization: Bearer " + token + "\r\n";
  if (!content_type.empty()) {
    bytes += "Content-Type: " + content_type +
             "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n";
  }
  return bytes + "\r\n" + body;
}

Traffic::Traffic(const Endpoint& http) : state_{std::make_unique<State>(http)} {}
Traffic::~Traffic() = default;

void Traffic::open_socket(const Endpoint& to, const std::string& target, const std::string& token,
                          OnFrame on_frame) {
  const auto addresses = state_->resolve(to);
  auto& socket = state_->sockets.emplace_back(state_->context);
  try {
    state_->finish(open(socket, addresses, to.authority(), target, token));
  } catch (const std::exception& error) {
    throw TrafficError{"cannot open a websocket at " + to.authority() + ": " + error.what()};
  }
  net::co_spawn(state_->context,
                read_frames(socket, state_->sockets.size() - 1, std::move(on_frame)),
                net::detached);
}

Load Traffic::run(const Pace& pace, Workload& workload) {
  state_->context.restart();
  return Running{state_->context, state_->addresses, pace, workload}.to_its_end();
}

Exchange Traffic::call(const std::string& request) {
  const auto now = Clock::now();
  Exchange result{0, 0, now, now, {}, 0, {}};
  Connection connection{state_->context, state_->addresses};
  state_->finish(connection.exchange(request, result));
  return result;
}

bool Traffic::wait_until(const std::function<bool()>& done, std::chrono::milliseconds longest) {
  const auto deadline = Clock::now() + longest;
  net::steady_timer alarm{state_->context, deadline};
  alarm.async_wait([](const boost::system::error_code&) {});
  state_->context.restart();
  while (!done() && Clock::now() < deadline) state_->context.run_one();
  return done();
}

}  // namespace twostep::bench

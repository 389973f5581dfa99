#include "impl/server/rig.hpp"

#include <gtest/gtest.h>

#include <boost/asio/buffer.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_future.hpp>
#include <boost/asio/write.hpp>
#include <cctype>
#include <future>
#include <stdexcept>

#include "impl/server/http_session.hpp"
#include "impl/server/routes_system.hpp"
#include "impl/service/change.hpp"

namespace twostep::server {
namespace {

namespace net = boost::asio;

net::awaitable<bool> always_ready() { co_return true; }

Routes routes_of_every_rig() {
  using Answer = net::awaitable<Result<Response>>;
  Routes routes;
  routes.push_back({"GET", "/hello", Access::nobody,
                    [](const Request&) -> Answer { co_return Response{.body = "hello"}; }});
  routes.push_back({"GET", "/who", Access::token, [](const Request& request) -> Answer {
                      co_return Response{.body = std::to_string(request.caller->connection.value)};
                    }});
  routes.push_back({"POST", "/echo", Access::nobody, [](const Request& request) -> Answer {
                      co_return Response{.body = request.body};
                    }});
  routes.push_back({"POST", "/message", Access::token,
                    [](const Request& request) -> Answer {
                      co_return Response{.body = std::to_string(request.body.size())};
                    },
                    BodyLimit::message});
  routes.push_back({"GET", "/fails", Access::nobody, [](const Request&) -> Answer {
                      throw std::runtime_error{"the secret"};
                      co_return Response{};
                    }});
  return routes;
}

std::optional<service::Caller> holder_of(std::string_view token) {
  constexpr std::string_view prefix = "alice-";
  if (!token.starts_with(prefix) || token.size() != prefix.size() + 1) return std::nullopt;
  const auto connection = static_cast<std::uint64_t>(token.back() - '0');
  return service::Caller{.user = Rig::alice, .connection = {connection}, .client = std::nullopt};
}

}  // namespace

const UserId Rig::alice = *UserId::parse("a11ce000-0000-4000-8000-000000000001");

RawConnection::RawConnection(std::uint16_t port) {
  socket_.connect({net::ip::address_v4::loopback(), port});
}

void RawConnection::send(std::string_view octets) {
  boost::system::error_code ignored;
  net::write(socket_, net::buffer(octets), ignored);
}

void RawConnection::send_frame(int opcode, std::string_view payload, bool last) {
  std::string frame;
  frame += static_cast<char>((last ? 0x80 : 0) | opcode);
  if (payload.size() < 126) {
    frame += static_cast<char>(0x80 | payload.size());
  } else {
    frame += static_cast<char>(0x80 | 127);
    for (int shift = 56; shift >= 0; shift -= 8) {
      frame += static_cast<char>(payload.size() >> shift & 0xff);
    }
  }
  frame.append(4, '\0');  // A mask of zeros leaves the payload as it is.
  send(frame.append(payload));
}

void RawConnection::hang_up() { socket_.close(); }

bool RawConnection::read_more() {
  char octets[64 * 1024];
  std::optional<boost::system::error_code> outcome;
  std::size_t count = 0;
  socket_.async_read_some(net::buffer(octets), [&](boost::system::error_code error, std::size_t n) {
    outcome = error;
    count = n;
  });
  context_->restart();
  context_->run_for(patience);
  if (!outcome) {
    ADD_FAILURE() << "the server neither went on nor ended, after: " << received_;
    socket_.close();
    context_->restart();
    context_->run();
  }
  received_.append(octets, count);
  return !*outcome;
}

std::string RawConnection::take(std::size_t count) {
  auto taken = received_.substr(0, count);
  received_.erase(0, count);
  return taken;
}

std::string RawConnection::read_to_end() {
  while (read_more()) continue;
  return take(received_.size());
}

Received RawConnection::read_response(bool has_body) {
  std::size_t end = received_.npos;
  while ((end = received_.find("\r\n\r\n")) == received_.npos) {
    if (!read_more()) {
      ADD_FAILURE() << "no response, but: " << received_;
      return {};
    }
  }
  const auto head = take(end + 4);
  Received response{.status = std::stoi(head.substr(9, 3)), .headers = {}, .body = {}};
  for (auto line = head.find("\r\n") + 2; line < head.size() - 2;) {
    const auto next = head.find("\r\n", line);
    const auto colon = head.find(": ", line);
    auto name = head.substr(line, colon - line);
    for (auto& c : name) c = static_cast<char>(std::tolower(c));
    response.headers[name] = head.substr(colon + 2, next - colon - 2);
    line = next + 2;
  }
  const auto length = response.headers.find("content-length");
  if (!has_body || length == response.headers.end()) return response;
  const auto wanted = std::stoul(length->second);
  while (received_.size() < wanted && read_more()) continue;
  response.body = take(wanted);
  return response;
}

std::optional<ReceivedFrame> RawConnection::read_frame() {
  const auto have = [this](std::size_t count) {
    while (received_.size() < count && read_more()) continue;
    return received_.size() >= count;
  };
  const auto octet = [this](std::size_t at) { return static_cast<unsigned char>(received_[at]); };
  if (!have(2)) return std::nullopt;
  std::size_t head = 2;
  std::size_t length = octet(1);
  const std::size_t more = length == 126 ? 2 : length == 127 ? 8 : 0;
  if (more > 0) {
    if (!have(head + more)) return std::nullopt;
    length = 0;
    for (; head < 2 + more; ++head) length = length << 8 | octet(head);
  }
  if (!have(head + length)) return std::nullopt;
  ReceivedFrame frame{.opcode = octet(0) & 0xf, .close_code = 0, .payload = {}};
  take(head);
  frame.payload = take(length);
  if (frame.opcode == 8 && frame.payload.size() >= 2) {
    const auto code = frame.payload.substr(0, 2);
    frame.close_code =
        static_cast<unsigned char>(code[0]) << 8 | static_cast<unsigned char>(code[1]);
    frame.payload.erase(0, 2);
  }
  return frame;
}

int RawConnection::upgrade(std::string_view target) {
  send("GET " + std::string{target} +
       " HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
       "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
       "Sec-WebSocket-Extensions: permessage-deflate\r\n\r\n");
  return read_response().status;
}

Rig::Rig(Options options)
    : backend{.domain = fakes.backend.domain,
              .id_policy = fakes.backend.id_policy,
              .id_origin = fakes.backend.id_origin,
              .clock = fakes.clock,
              .entropy = fakes.entropy,
              .store = rows,
              .passwords = fakes.passwords,
              .sockets = registry,
              .push = fakes.push} {
  auto routes = routes_of_every_rig();
  for (auto& route : options.routes) routes.push_back(std::move(route));
  for (auto& route : system_routes({.domain = backend.domain, .ready = always_ready}, metrics)) {
    routes.push_back(std::move(route));
  }
  api = std::make_unique<Api>(std::move(routes), holder_of, metrics, log);
  listener = std::make_unique<Listener>(context,
                                        net::ip::tcp::endpoint{net::ip::address_v4::loopback(), 0},
                                        serve_http_with({.api = *api,
                                                         .backend = backend,
                                                         .sockets = registry,
                                                         .log = log,
                                                         .deadlines = options.deadlines}),
                                        log, options.connections_max);
  listener->start();
  for (int i = 0; i < 2; ++i) threads_.emplace_back([this] { context.run(); });
}

Rig::~Rig() {
  EXPECT_TRUE(drain(patience));
  context.stop();
  for (auto& thread : threads_) thread.join();
}

std::string Rig::exchange(std::string_view octets) const {
  auto connection = connect();
  connection.send(octets);
  return connection.read_to_end();
}

void Rig::notify(const std::string& event, std::vector<ClientId> targets) {
  const auto stored = service::run(
      service::change(backend, [&](store::Transaction& transaction, service::Events& events) {
        events.add(transaction, {.user = alice, .targets = targets, .origin = {}, .event = event});
        return Result<void>{};
      }));
  EXPECT_TRUE(stored);
}

bool Rig::drain(std::chrono::steady_clock::duration grace) {
  registry.shut_down();
  return net::co_spawn(context, listener->drain(grace), net::use_future).get();
}

void wait_until(const std::function<bool()>& fact) {
  net::io_context context;
  net::steady_timer tick{context};
  const auto deadline = std::chrono::steady_clock::now() + patience;
  while (!fact() && std::chrono::steady_clock::now() < deadline) {
    tick.expires_after(std::chrono::milliseconds{1});
    tick.wait();
  }
  EXPECT_TRUE(fact());
}

}  // namespace twostep::server

#include "impl/push/gateway.hpp"

#include <gtest/gtest.h>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <string>
#include <vector>

namespace twostep::push {
namespace {

namespace net = boost::asio;
using net::ip::tcp;
using service::PushAnswer;
using namespace std::chrono_literals;

/// A push gateway that says what the test tells it to say.
class Sink {
 public:
  explicit Sink(net::io_context& context)
      : acceptor_{context, {net::ip::address_v4::loopback(), 0}} {
    net::co_spawn(context, accept(), net::detached);
  }

  std::string url() const {
    return "http://127.0.0.1:" + std::to_string(acceptor_.local_endpoint().port()) + "/push";
  }

  std::string answer = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";  ///< Empty: silence.
  bool hang_up = false;  ///< After the next answer, without having said so.
  int connections = 0;
  std::vector<std::string> request_lines;

 private:
  net::awaitable<void> accept() {
    for (;;) {
      auto connection = co_await acceptor_.async_accept(net::use_awaitable);
      ++connections;
      net::co_spawn(acceptor_.get_executor(), serve(std::move(connection)), net::detached);
    }
  }

  net::awaitable<void> serve(tcp::socket connection) {
    constexpr auto quietly = net::as_tuple(net::use_awaitable);
    std::string received;
    for (;;) {
      // The body of a notice ends with the first three closing braces in a row.
      const auto [gone, end] = co_await net::async_read_until(
          connection, net::dynamic_buffer(received), R"("}})", quietly);
      if (gone) co_return;
      request_lines.push_back(received.substr(0, received.find("\r\n")));
      received.erase(0, end);
      if (answer.empty()) continue;
      const auto [lost, written] =
          co_await net::async_write(connection, net::buffer(answer), quietly);
      if (lost || std::exchange(hang_up, false)) co_return;
    }
  }

  tcp::acceptor acceptor_;
};

struct Rig {
  PushAnswer notify(const std::string& url) {
    if (!gateway) gateway.emplace(context.get_executor(), *GatewayUrl::parse(url), timeout);
    std::optional<PushAnswer> answer;
    net::co_spawn(context,
                  gateway->notify({.transport = "GCM",
                                   .app = "app",
                                   .token = "token",
                                   .high_priority = true,
                                   .user = {},
                                   .client = {0xb},
                                   .id = TimeUuid::at(TimeUuid::earliest, {})}),
                  [&](std::exception_ptr failure, PushAnswer said) {
                    EXPECT_FALSE(failure);
                    answer = said;
                    context.stop();
                  });
    context.restart();
    context.run();
    return answer.value();
  }

  PushAnswer notify() { return notify(sink.url()); }

  std::chrono::milliseconds timeout = 5s;
  net::io_context context;
  Sink sink{context};
  std::optional<HttpGateway> gateway;
};

TEST(Dlv18, ANoticeIsPostedToTheUrl) {
  Rig rig;
  EXPECT_EQ(rig.notify(), PushAnswer::accepted);
  EXPECT_EQ(rig.sink.request_lines, std::vector<std::string>{"POST /push HTTP/1.1"});
}

TEST(Dlv18, AConnectionIsKept) {
  Rig rig;
  for (int n = 0; n < 3; ++n) EXPECT_EQ(rig.notify(), PushAnswer::accepted);
  EXPECT_EQ(rig.sink.connections, 1);
}

TEST(Dlv18, AConnectionThatTheGatewayHasClosedIsReplaced) {
  Rig rig;
  rig.sink.hang_up = true;
  EXPECT_EQ(rig.notify(), PushAnswer::accepted);
  EXPECT_EQ(rig.notify(), PushAnswer::accepted);
  EXPECT_EQ(rig.sink.connections, 2);
}

TEST(Dlv22, GoneMeansThatTheTokenIsDead) {
  Rig rig;
  rig.sink.answer = "HTTP/1.1 410 Gone\r\nContent-Length: 2\r\n\r\n{}";
  EXPECT_EQ(rig.notify(), PushAnswer::dead);
}

TEST(Dlv23, WhatIsNeitherIsAFailureAndTheNextMaySucceed) {
  Rig rig;
  for (const auto* nonsense : {"HTTP/1.1 500 Oh\r\nContent-Length: 0\r\n\r\n", "SMTP\r\n\r\n",
                               "HTTP/1.1 429 Slow\r\nContent-Length: 0\r\n\r\n",
                               "HTTP/1.1 200 OK\r\nContent-Length: 999999999\r\n\r\n"}) {
    rig.sink.answer = nonsense;
    EXPECT_EQ(rig.notify(), PushAnswer::failed) << nonsense;
  }
  rig.sink.answer = "HTTP/1.1 201 Created\r\nContent-Length: 0\r\n\r\n";
  EXPECT_EQ(rig.notify(), PushAnswer::accepted);
}

TEST(Dlv23, AGatewayThatRefusesConnectionsIsAFailure) {
  Rig rig;
  tcp::acceptor closed{rig.context, {net::ip::address_v4::loopback(), 0}};
  const auto port = closed.local_endpoint().port();
  closed.close();
  EXPECT_EQ(rig.notify("http://127.0.0.1:" + std::to_string(port)), PushAnswer::failed);
}

TEST(Dlv23, ASilentGatewayIsGivenUp) {
  Rig rig;
  rig.timeout = 20ms;
  rig.sink.answer.clear();
  EXPECT_EQ(rig.notify(), PushAnswer::failed);
  EXPECT_EQ(rig.sink.request_lines.size(), 1u);
}

TEST(GatewayUrlTest, TakesPlainHttpUrls) {
  Rig rig;
  const auto url = GatewayUrl::parse("http://push.example:9191/v1/notices?x=y");
  ASSERT_TRUE(url);
  EXPECT_EQ(url->host, "push.example");
  EXPECT_EQ(url->port, "9191");
  EXPECT_EQ(url->target, "/v1/notices?x=y");
  EXPECT_EQ(GatewayUrl::parse("http://push.example")->port, "80");
  EXPECT_EQ(GatewayUrl::parse("http://push.example")->target, "/");
}

TEST(GatewayUrlTest, RefusesEverythingElse) {
  Rig rig;
  for (const auto* url : {"", "push.example", "https://push.example", "http://", "http://:80",
                          "http://a:b", "http://a:", "http://a:123456", "http://u@a", "http://a b"})
    EXPECT_FALSE(GatewayUrl::parse(url)) << url;
}

}  // namespace
}  // namespace twostep::push

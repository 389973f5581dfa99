#include "impl/server/http_session.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <future>
#include <string>

#include "impl/server/rig.hpp"

namespace twostep::server {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using namespace std::chrono_literals;

std::size_t count_of(std::string_view needle, std::string_view text) {
  std::size_t count = 0;
  for (auto at = text.find(needle); at != text.npos; at = text.find(needle, at + 1)) ++count;
  return count;
}

TEST(HttpSession, AnswersOneRequestAfterAnotherOnOneConnection) {
  Rig rig;
  auto client = rig.connect();
  client.send("GET /hello HTTP/1.1\r\nHost: a\r\n\r\n");

  const auto first = client.read_response();
  client.send("GET /hello HTTP/1.1\r\nHost: a\r\n\r\n");
  const auto second = client.read_response();

  EXPECT_EQ(first.status, 200);
  EXPECT_EQ(first.body, "hello");
  EXPECT_EQ(first.headers.at("connection"), "keep-alive");
  EXPECT_EQ(first.headers.at("keep-alive"), "timeout=60");
  EXPECT_EQ(second.body, "hello");
  EXPECT_NE(first.headers.at("request-id"), second.headers.at("request-id"));
}

TEST(HttpSession, AnswersPipelinedRequestsInTheirOrder) {
  Rig rig;

  const auto text = rig.exchange(
      "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nfirst"
      "POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n6\r\nsecond\r\n0\r\n\r\n"
      "POST /echo HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: 5\r\n\r\nthird");

  EXPECT_EQ(count_of("HTTP/1.1 200", text), 3u);
  EXPECT_LT(text.find("first"), text.find("second"));
  EXPECT_LT(text.find("second"), text.find("third"));
}

TEST(HttpSession, AnOldClientIsAnsweredAndItsConnectionClosed) {
  Rig rig;

  EXPECT_THAT(rig.exchange("GET /hello HTTP/1.0\r\n\r\n"), HasSubstr("Connection: close"));

  auto client = rig.connect();
  client.send("GET /hello HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
  EXPECT_EQ(client.read_response().headers.at("connection"), "keep-alive");
}

TEST(HttpSession, HeadIsGetWithoutItsBody) {
  Rig rig;
  auto client = rig.connect();
  client.send("HEAD /hello HTTP/1.1\r\nHost: a\r\n\r\nGET /hello HTTP/1.1\r\nHost: a\r\n\r\n");

  EXPECT_EQ(client.read_response(false).headers.at("content-length"), "5");
  EXPECT_EQ(client.read_response().body, "hello");
}

TEST(HttpSession, ARequestIdIsTakenOverIfItIsSane) {
  Rig rig;
  auto client = rig.connect();

  client.send("GET /hello HTTP/1.1\r\nHost: a\r\nRequest-Id: Snd-02.try_1\r\n\r\n");
  EXPECT_EQ(client.read_response().headers.at("request-id"), "Snd-02.try_1");
  client.send("GET /hello HTTP/1.1\r\nHost: a\r\nRequest-Id: \"}{\"\r\n\r\n");
  EXPECT_THAT(client.read_response().headers.at("request-id"), Not(HasSubstr("}")));
}

TEST(HttpSession, ABodyMayComeCompressed) {
  using namespace std::string_literals;
  const auto body =
      "\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\x03\xcb\x48\xcd\xc9\xc9\x57\xc8\x40\x90"
      "\x00\x80\x88\xf9\xe5\x11\x00\x00\x00"s;
  Rig rig;
  auto client = rig.connect();
  client.send("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Encoding: gzip\r\nContent-Length: " +
              std::to_string(body.size()) + "\r\n\r\n" + body);

  EXPECT_EQ(client.read_response().body, "hello hello hello");
}

TEST(HttpSession, AHandlerThatFailsCostsOneAnswerAndTellsNothing) {
  Rig rig;
  auto client = rig.connect();

  client.send("GET /fails HTTP/1.1\r\nHost: a\r\n\r\n");
  const auto failed = client.read_response();
  client.send("GET /hello HTTP/1.1\r\nHost: a\r\n\r\n");

  EXPECT_EQ(failed.status, 500);
  EXPECT_THAT(failed.body, HasSubstr("\"label\":\""));
  EXPECT_EQ(client.read_response().body, "hello");
  EXPECT_THAT(rig.log.text(), HasSubstr("handler-failed"));
  EXPECT_THAT(failed.body + rig.log.text(), Not(HasSubstr("secret")));
}

TEST(HttpSession, TheTokenOfTheHeaderComesBeforeTheOneOfTheQuery) {
  Rig rig;
  auto client = rig.connect();
  const auto status_of = [&](std::string_view target, std::string_view header) {
    client.send("GET " + std::string{target} + " HTTP/1.1\r\nHost: a\r\n" + std::string{header} +
                "\r\n");
    const auto response = client.read_response();
    return response.status == 200 ? response.body : std::to_string(response.status);
  };

  EXPECT_EQ(status_of("/who", ""), "401");
  EXPECT_EQ(status_of("/who", "Authorization: Bearer alice-1\r\n"), "1");
  EXPECT_EQ(status_of("/who", "Authorization: bEARER alice-1\r\n"), "1");
  EXPECT_EQ(status_of("/who?access_token=alice-2", ""), "2");
  EXPECT_EQ(status_of("/who?access_token=alice-2", "Authorization: Bearer alice-1\r\n"), "1");
  EXPECT_EQ(status_of("/who?access_token=alice-2", "Authorization: Bearer nobody\r\n"), "401");
  EXPECT_EQ(status_of("/who?access_token=alice-2", "Authorization: Basic alice-1\r\n"), "401");
  EXPECT_EQ(status_of("/who", "Z-User: a11ce000-0000-4000-8000-000000000001\r\n"), "401");
}

TEST(Rob25, LogsAndMetricsNameTheRouteAndNeverTheTarget) {
  Rig rig;
  auto client = rig.connect();
  client.send("GET /who?access_token=alice-7 HTTP/1.1\r\nHost: a\r\nCookie: zuid=crumb\r\n\r\n");
  client.read_response();

  EXPECT_THAT(rig.log.text(), HasSubstr("\"route\":\"/who\""));
  EXPECT_THAT(rig.log.text(), HasSubstr(Rig::alice.text()));
  EXPECT_THAT(rig.metrics.text(),
              HasSubstr("twostep_requests_total{method=\"GET\",route=\"/who\",status=\"200\"} 1"));
  EXPECT_THAT(rig.log.text() + rig.metrics.text(), Not(HasSubstr("alice-7")));
  EXPECT_THAT(rig.log.text(), Not(HasSubstr("crumb")));
}

TEST(HttpSession, AnUnknownPathOrMethodIsSaidToBe) {
  Rig rig;
  auto client = rig.connect();

  client.send("GET /nowhere HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_THAT(client.read_response().body, HasSubstr("\"no-endpoint\""));
  client.send("GET /v8/hello HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_THAT(client.read_response().body, HasSubstr("\"unsupported-version\""));
  client.send("DELETE /hello HTTP/1.1\r\nHost: a\r\n\r\n");
  const auto refused = client.read_response();
  EXPECT_EQ(refused.status, 405);
  EXPECT_EQ(refused.headers.at("allow"), "GET");
}

TEST(HttpSession, ABodyOverTheLimitIsRefusedBeforeItIsRead) {
  Rig rig;
  const auto limit = twostep::limits::body_bytes_max;
  const auto post = [](std::size_t length) {
    return "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: " + std::to_string(length) +
           "\r\n\r\n";
  };

  auto client = rig.connect();
  client.send(post(limit) + std::string(limit, 'x'));
  EXPECT_EQ(client.read_response().body.size(), limit);
  client.send(post(limit + 1));
  EXPECT_EQ(client.read_response().status, 413);
}

TEST(HttpSession, AMessageMayBeManyMebibytes) {
  Rig rig;
  auto client = rig.connect();
  const std::string body(3 * twostep::limits::mebibyte, 'x');
  client.send(
      "POST /message HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer alice-1\r\nContent-Length: " +
      std::to_string(body.size()) + "\r\n\r\n" + body);

  EXPECT_EQ(client.read_response().body, std::to_string(body.size()));
}

TEST(HttpSession, AChunkedBodyOverTheLimitIsRefused) {
  Rig rig;
  auto client = rig.connect();
  client.send("POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n");
  const std::string chunk = "10000\r\n" + std::string(0x10000, 'x') + "\r\n";
  for (int i = 0; i < 9; ++i) client.send(chunk);

  EXPECT_EQ(client.read_response().status, 413);
}

TEST(HttpSession, WhoMayNotAskIsToldSoBeforeTheBody) {
  Rig rig;
  auto client = rig.connect();
  client.send(
      "POST /message HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 9\r\n\r\n");

  const auto refused = client.read_response();

  EXPECT_EQ(refused.status, 401);
  EXPECT_EQ(refused.headers.at("connection"), "close");
}

TEST(HttpSession, AClientThatWaitsToBeAskedForTheBodyIsAsked) {
  Rig rig;
  auto client = rig.connect();
  client.send(
      "POST /echo HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\n");

  EXPECT_EQ(client.read_response().status, 100);
  client.send("yes");
  EXPECT_EQ(client.read_response().body, "yes");
}

// Chunk extensions and trailers are read into the connection's buffer, and that has an end.
TEST(HttpSession, EndlessChunkExtensionsAndTrailersAreCutOff) {
  for (const auto* const beginning : {"5;", "0\r\nx: "}) {
    Rig rig;
    auto client = rig.connect();
    client.send("POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n");
    client.send(beginning + std::string(limits::read_ahead_bytes_max + 1, 'x'));

    EXPECT_EQ(client.read_response().status, 400) << beginning;
  }
}

TEST(HttpSession, SlowHeadsSlowBodiesAndIdleConnectionsAreClosed) {
  Rig rig{
      {.routes = {}, .deadlines = {.head = 20ms, .idle = 20ms, .transfer = 20ms, .linger = 20ms}}};
  auto idle = rig.connect();
  auto slow_head = rig.connect();
  auto slow_body = rig.connect();
  slow_head.send("GET /hel");
  slow_body.send("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nx");

  EXPECT_EQ(idle.read_to_end(), "");
  EXPECT_EQ(slow_head.read_to_end(), "");
  EXPECT_EQ(slow_body.read_to_end(), "");
}

TEST(HttpSession, BeyondTheMostConnectionsTheNextOneWaits) {
  Rig rig{{.routes = {}, .deadlines = {}, .connections_max = 2}};
  const std::string request = "GET /hello HTTP/1.1\r\nHost: a\r\n\r\n";
  auto first = std::make_unique<RawConnection>(rig.connect());
  auto second = rig.connect();
  first->send(request);
  second.send(request);
  first->read_response();
  second.read_response();

  auto third = rig.connect();
  third.send(request);
  second.send(request);
  EXPECT_EQ(second.read_response().status, 200);
  EXPECT_EQ(rig.listener->connections(), 2u);

  first.reset();
  EXPECT_EQ(third.read_response().status, 200);
}

TEST(Rob28, WhatWasBegunIsAnsweredAndWhatIsIdleIsClosed) {
  std::promise<void> begun;
  std::promise<void> go_on;
  auto may_go_on = go_on.get_future().share();
  Rig rig{{.routes = {{"GET", "/slow", Access::nobody,
                       [&](const Request&) -> boost::asio::awaitable<Result<Response>> {
                         begun.set_value();
                         may_go_on.wait();
                         // Whatever the session has been asked meanwhile, it hears of now.
                         co_await boost::asio::post(boost::asio::use_awaitable);
                         co_return Response{.body = "slow"};
                       }}}}};
  auto idle = rig.connect();
  idle.send("GET /hello HTTP/1.1\r\nHost: a\r\n\r\n");
  idle.read_response();
  auto busy = rig.connect();
  busy.send("GET /slow HTTP/1.1\r\nHost: a\r\n\r\n");
  begun.get_future().wait();

  auto drained = std::async(std::launch::async, [&] { return rig.drain(patience); });
  EXPECT_EQ(idle.read_to_end(), "");
  go_on.set_value();
  const auto answer = busy.read_response();

  EXPECT_EQ(answer.body, "slow");
  EXPECT_EQ(answer.headers.at("connection"), "close");
  idle.hang_up();
  busy.hang_up();
  EXPECT_TRUE(drained.get());
}

}  // namespace
}  // namespace twostep::server

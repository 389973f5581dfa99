#include "impl/federation/inbound_session.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "impl/federation/rig.hpp"

namespace twostep::federation {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::StartsWith;
using namespace std::chrono_literals;

const std::string call_of_b =
    "POST /federation/brig/api-version HTTP/1.1\r\nHost: a.example\r\n"
    "Wire-Origin-Domain: b.example\r\nContent-Length: 2\r\n\r\n[]";

TEST(InboundSession, CallsAreAnsweredOneAfterAnotherOnOneConnection) {
  Listening a;
  auto b = a.connect();

  for (int i = 0; i < 3; ++i) {
    b.send(call_of_b);
    const auto response = b.read_response();
    EXPECT_EQ(response.status, 200);
    EXPECT_EQ(response.body, "[]");
    EXPECT_EQ(response.headers.at("content-type"), "application/json");
  }
  EXPECT_THAT(a.calls(), ElementsAre("b.example brig/api-version", "b.example brig/api-version",
                                     "b.example brig/api-version"));
}

TEST(InboundSession, ABodyMayComeInChunks) {
  Listening a;

  EXPECT_THAT(a.exchange("POST /federation/brig/api-version HTTP/1.1\r\nHost: a\r\nConnection: "
                         "close\r\nWire-Origin-Domain: b.example\r\nTransfer-Encoding: chunked\r\n"
                         "\r\n1\r\n[\r\n1\r\n]\r\n0\r\n\r\n"),
              StartsWith("HTTP/1.1 200"));
}

TEST(Fed02, WhatIsNotLetInIsAnsweredAndLeavesOneLine) {
  struct Row {
    const char* request;
    const char* status;
    const char* label;
  };
  const Row rows[] = {
      {"POST /i/status HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", "404", "no-endpoint"},
      {"GET /federation/brig/api-version HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", "403",
       "invalid-endpoint"},
      {"POST /federation/brig/x%20y HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", "400",
       "bad-request"},
      {"POST /federation/brig/x HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", "400",
       "bad-request"},
      {"POST /federation/brig/x HTTP/1.1\r\nHost: a\r\nWire-Origin-Domain: c.example\r\n"
       "Content-Length: 100000\r\n\r\nsecret",
       "400", "federation-denied"},
      {"POST /federation/brig/x HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n"
       "\r\n",
       "400", "bad-request"},
      {"\x16\x03\x01 TLS to a plain port", "400", "bad-request"},
      {"POST /federation/brig/x HTTP/1.1\r\nHost: a\r\nWire-Origin-Domain: b.example\r\n"
       "Content-Length: 999999999999\r\n\r\n",
       "413", "bad-request"},
      {"POST /federation/brig/x HTTP/1.1\r\nHost: a\r\nWire-Origin-Domain: b.example\r\n"
       "Transfer-Encoding: chunked\r\n\r\nno chunk\r\n",
       "400", "bad-request"},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.request);
    Listening a;

    const auto response = a.exchange(row.request);

    EXPECT_THAT(response, AllOf(StartsWith(std::string{"HTTP/1.1 "} + row.status),
                                HasSubstr(std::string{"\"label\":\""} + row.label + '"')));
    EXPECT_THAT(a.calls(), IsEmpty());
    const auto log = a.log.text();
    EXPECT_EQ(std::count(log.begin(), log.end(), '\n'), 1) << log;
    EXPECT_THAT(log,
                AllOf(HasSubstr("peer-refused"), HasSubstr("127.0.0.1"), Not(HasSubstr("secret"))));
  }
}

TEST(Fed05, ARefusedCallMakesNoSeriesOfItsOwn) {
  Listening a;
  a.answer = {.status = 404, .body = "{}"};
  auto b = a.connect();
  b.send(
      "POST /federation/brig/made-up HTTP/1.1\r\nHost: a\r\nWire-Origin-Domain: b.example\r\n\r\n");

  EXPECT_EQ(b.read_response().status, 404);
  EXPECT_THAT(a.metrics.text(), AllOf(HasSubstr("route=\"/federation/\",status=\"404\"} 1"),
                                      Not(HasSubstr("made-up"))));
  EXPECT_THAT(a.log.text(), HasSubstr("b.example"));
}

TEST(InboundSession, WhatWasIgnoredIsSaidInTheLog) {
  Listening a;
  a.answer.remark = "no member of that conversation";
  auto b = a.connect();
  b.send(call_of_b);

  EXPECT_EQ(b.read_response().status, 200);
  server::wait_until([&] { return !a.log.text().empty(); });
  EXPECT_THAT(a.log.text(), AllOf(HasSubstr("peer-ignored"), HasSubstr("b.example"),
                                  HasSubstr("no member of that conversation")));
}

TEST(InboundSession, EachPhaseHasAnEnd) {
  const std::string beginnings[] = {
      "",
      call_of_b.substr(0, 20),
      call_of_b.substr(0, call_of_b.size() - 1),
  };
  for (const auto& beginning : beginnings) {
    SCOPED_TRACE(beginning);
    Listening a{{.deadlines = {.head = 20ms, .transfer = 20ms, .idle = 20ms}}};
    auto b = a.connect();
    b.send(beginning);

    EXPECT_THAT(b.read_to_end(), IsEmpty());
    EXPECT_THAT(a.calls(), IsEmpty());
  }
}

TEST(InboundSession, ASilentHandshakeHasAnEnd) {
  const auto& authority = TestAuthority::instance();
  auto tls = load_certificates(authority.good("a.example"), domain_of("a.example")).value();
  Listening a{{.tls = std::move(tls.as_server), .deadlines = {.handshake = 20ms}}};

  EXPECT_THAT(a.connect().read_to_end(), IsEmpty());
  server::wait_until([&] { return !a.log.text().empty(); });
  EXPECT_THAT(a.log.text(), HasSubstr("not in time"));
}

TEST(InboundSession, PlainHttpToTheTlsPortIsRefused) {
  const auto& authority = TestAuthority::instance();
  auto tls = load_certificates(authority.good("a.example"), domain_of("a.example")).value();
  Listening a{{.tls = std::move(tls.as_server)}};

  EXPECT_THAT(a.exchange(call_of_b), Not(HasSubstr("HTTP/1.1 200")));
  EXPECT_THAT(a.calls(), IsEmpty());
  EXPECT_THAT(a.log.text(), HasSubstr("peer-handshake-failed"));
}

}  // namespace
}  // namespace twostep::federation

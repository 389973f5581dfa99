#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "impl/server/rig.hpp"

// What a request must not be. Each of these can be read in two ways, or in none: it is answered at
// most once, with the right status, and nothing after it on its connection is read as a request.

namespace twostep::server {
namespace {

const std::string follower = "GET /hello HTTP/1.1\r\nHost: a\r\n\r\n";

struct Hostile {
  const char* what;
  std::string request;
  int status;
};

std::string get(const std::string& headers) { return "GET /hello HTTP/1.1\r\n" + headers + "\r\n"; }

std::string post(const std::string& headers, const std::string& body) {
  return "POST /echo HTTP/1.1\r\nHost: a\r\n" + headers + "\r\n" + body;
}

const std::vector<Hostile>& hostile_requests() {
  using namespace std::string_literals;
  static const std::vector<Hostile> table{
      {"length and chunks",
       post("Content-Length: 5\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n"), 400},
      {"two lengths", post("Content-Length: 5\r\nContent-Length: 6\r\n", "hello"), 400},
      {"the same length twice", post("Content-Length: 5\r\nContent-Length: 5\r\n", "hello"), 400},
      {"a list of lengths", post("Content-Length: 5, 5\r\n", "hello"), 400},
      {"a length with a plus", post("Content-Length: +5\r\n", "hello"), 400},
      {"a negative length", post("Content-Length: -5\r\n", "hello"), 400},
      {"an endless length", post("Content-Length: 18446744073709551616\r\n", "hello"), 400},
      {"a hexadecimal length", post("Content-Length: 0x5\r\n", "hello"), 400},
      {"an empty length", post("Content-Length: \r\n", "hello"), 400},
      {"an unknown coding", post("Transfer-Encoding: xchunked\r\n", "0\r\n\r\n"), 501},
      {"two codings", post("Transfer-Encoding: chunked, identity\r\n", "0\r\n\r\n"), 501},
      {"chunked twice",
       post("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n"), 400},
      {"chunks to an old version",
       "POST /echo HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400},
      {"a space before the colon", get("Host : a\r\n"), 400},
      {"a bare line feed", "GET /hello HTTP/1.1\nHost: a\n\n", 400},
      {"a bare line feed in a header", get("Host: a\nX: b\r\n"), 400},
      {"a bare carriage return", get("Host: a\rX: b\r\n"), 400},
      {"a NUL in a header", get("Host: a\r\nX: a\0b\r\n"s), 400},
      {"a folded header", get("Host: a\r\nX: a\r\n b\r\n"), 400},
      {"no host", get(""), 400},
      {"two hosts", get("Host: a\r\nHost: b\r\n"), 400},
      {"a header without a name", get("Host: a\r\n: b\r\n"), 400},
      {"an unknown version", "GET /hello HTTP/1.9\r\nHost: a\r\n\r\n", 505},
      {"the preface of HTTP/2", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505},
      {"no version", "GET /hello\r\nHost: a\r\n\r\n", 400},
      {"a leading empty line", "\r\nGET /hello HTTP/1.1\r\nHost: a\r\n\r\n", 400},
      {"TLS", "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03"s, 400},
      {"a method with a bracket", "GE[T /hello HTTP/1.1\r\nHost: a\r\n\r\n", 400},
      {"two spaces", "GET  /hello HTTP/1.1\r\nHost: a\r\n\r\n", 400},
      {"a target with an octet above ASCII", "GET /h\xc3\xa9llo HTTP/1.1\r\nHost: a\r\n\r\n", 400},
      {"a target with a NUL", "GET /hello%00 HTTP/1.1\r\nHost: a\r\n\r\n", 400},
      {"a long target", "GET /" + std::string(9'000, 'a') + " HTTP/1.1\r\nHost: a\r\n\r\n", 414},
      {"a long head", get("Host: a\r\nX: " + std::string(20'000, 'a') + "\r\n"), 431},
      {"many headers",
       get("Host: a\r\n" +
           [] {
             std::string many;
             for (int i = 0; i < 200; ++i) many += "X: y\r\n";
             return many;
           }()),
       431},
      {"a chunk without a size", post("Transfer-Encoding: chunked\r\n", "\r\n\r\n"), 400},
      {"a chunk size that is none", post("Transfer-Encoding: chunked\r\n", "g\r\nhello\r\n"), 400},
      {"a chunk size without end",
       post("Transfer-Encoding: chunked\r\n", "ffffffffffffffffff\r\nhello\r\n"), 400},
      {"a chunk that is longer than it says",
       post("Transfer-Encoding: chunked\r\n", "2\r\nhello\r\n0\r\n\r\n"), 400},
  };
  return table;
}

TEST(HostileRequests, AreAnsweredOnceAndEndTheirConnection) {
  Rig rig;
  for (const auto& [what, request, status] : hostile_requests()) {
    SCOPED_TRACE(what);

    const auto text = rig.exchange(request + follower);

    EXPECT_EQ(text.substr(0, 13), "HTTP/1.1 " + std::to_string(status) + " ");
    EXPECT_EQ(text.find("HTTP/1.1 ", 1), text.npos) << text;
    EXPECT_NE(text.find("\"label\":"), text.npos) << text;
  }
}

// A body that lies about its coding or its size harms only its own request.
TEST(HostileRequests, ABodyThatCannotBeInflatedIsRefused) {
  Rig rig;
  auto client = rig.connect();
  const auto send = [&](const std::string& encoding, const std::string& body) {
    client.send(post("Content-Encoding: " + encoding +
                         "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n",
                     body));
    return client.read_response().status;
  };

  EXPECT_EQ(send("br", "hello"), 415);
  EXPECT_EQ(send("gzip", "hello"), 400);
  EXPECT_EQ(send("identity", "hello"), 200);
}

}  // namespace
}  // namespace twostep::server

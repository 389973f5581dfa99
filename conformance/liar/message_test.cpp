#include "conformance/liar/message.hpp"

#include <gtest/gtest.h>

#include "conformance/liar/fault.hpp"
#include "conformance/liar/websocket_frame.hpp"

namespace twostep::conformance::liar {
namespace {

HttpRequest request(const std::string& first_line) {
  return {*parse_head(first_line + "\r\n\r\n"), ""};
}

TEST(LiarMessage, ReadsARequestWithoutItsVersionPrefix) {
  const auto asked = request("GET /v9/notifications?size=100&since=x HTTP/1.1");

  EXPECT_EQ(asked.method(), "GET");
  EXPECT_EQ(asked.path(), "/notifications");
  EXPECT_EQ(asked.query("since"), "x");
  EXPECT_EQ(asked.query("client"), "");
}

TEST(LiarMessage, ChangesAParameterAndKeepsTheOthers) {
  auto asked = request("GET /notifications?size=100&since=x HTTP/1.1");

  asked.set_query("size", "200");
  EXPECT_EQ(asked.target(), "/notifications?since=x&size=200");
  asked.set_query("since", "");
  EXPECT_EQ(asked.target(), "/notifications?size=200");
}

TEST(LiarMessage, LeavesAloneWhatIsNotPlainlyHttp) {
  EXPECT_FALSE(parse_head("GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n"));
  EXPECT_FALSE(parse_head("GET / HTTP/1.1\r\nHost : a\r\n\r\n"));
  EXPECT_FALSE(parse_head("GET / HTTP/1.1\r\nX: a\r\n folded\r\n\r\n"));
  EXPECT_FALSE(parse_head("nonsense\r\n\r\n"));
}

TEST(LiarMessage, MatchesARouteSegmentBySegment) {
  const Route route{"GET", "/users/*/*/clients"};

  EXPECT_TRUE(route.matches(request("GET /users/a.example/u/clients HTTP/1.1")));
  EXPECT_FALSE(route.matches(request("POST /users/a.example/u/clients HTTP/1.1")));
  EXPECT_FALSE(route.matches(request("GET /users/a.example/u/clients/1 HTTP/1.1")));
  EXPECT_FALSE(route.matches(request("GET /users/a.example/clients HTTP/1.1")));
}

TEST(LiarFrame, IsWrittenAsItWasRead) {
  for (const std::size_t length : {0u, 125u, 126u, 65'535u, 65'536u}) {
    const ServerFrame frame{0x82, std::string(length, 'x')};
    auto buffer = frame.bytes() + "next";

    const auto taken = take_frame(buffer);

    ASSERT_TRUE(taken) << length;
    EXPECT_EQ(taken->payload, frame.payload);
    EXPECT_EQ(buffer, "next");
  }
}

TEST(LiarFrame, WaitsUntilItIsComplete) {
  auto buffer = ServerFrame{0x82, std::string(200, 'x')}.bytes();
  buffer.pop_back();

  EXPECT_FALSE(take_frame(buffer));
}

}  // namespace
}  // namespace twostep::conformance::liar

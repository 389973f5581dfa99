#include "impl/server/response_head.hpp"

#include <gtest/gtest.h>

namespace twostep::server {
namespace {

TEST(ResponseHead, AResponseHeadIsComplete) {
  const Response response{.status = 404, .headers = {{"Request-Id", "7"}}};
  const std::chrono::sys_seconds now{std::chrono::sys_days{std::chrono::year{2021} / 11 / 7} +
                                     std::chrono::seconds{30'497}};

  EXPECT_EQ(response_head(response, 2, {.stays = true, .idle = std::chrono::seconds{60}}, now),
            "HTTP/1.1 404 Not Found\r\n"
            "Date: Sun, 07 Nov 2021 08:28:17 GMT\r\n"
            "Content-Type: application/json\r\n"
            "Content-Length: 2\r\n"
            "Connection: keep-alive\r\n"
            "Keep-Alive: timeout=60\r\n"
            "Request-Id: 7\r\n"
            "\r\n");
}

TEST(ResponseHead, AnEmptyResponseSaysSoAndANoContentSaysNothing) {
  const std::chrono::sys_seconds epoch{};

  EXPECT_EQ(response_head({.status = 200}, 0, {.stays = false}, epoch),
            "HTTP/1.1 200 OK\r\n"
            "Date: Thu, 01 Jan 1970 00:00:00 GMT\r\n"
            "Content-Length: 0\r\n"
            "Connection: close\r\n"
            "\r\n");
  EXPECT_EQ(response_head({.status = 204}, 0, {.stays = false}, epoch),
            "HTTP/1.1 204 No Content\r\n"
            "Date: Thu, 01 Jan 1970 00:00:00 GMT\r\n"
            "Connection: close\r\n"
            "\r\n");
}

}  // namespace
}  // namespace twostep::server

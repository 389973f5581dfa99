#include "model/serve/head.hpp"

#include <gtest/gtest.h>

namespace twostep::model::serve {
namespace {

std::string head(const std::string& line, const std::string& fields) {
  return line + "\r\nHost: a.example\r\n" + fields + "\r\n";
}

int status_of(const std::string& text) {
  try {
    read_head(text);
    return 200;
  } catch (const Refusal& refusal) {
    return refusal.status;
  }
}

TEST(ReadHead, TakesApartWhatIsPlain) {
  const auto read = read_head(head("POST /users/a%2fb?size=1&since=%41&size=2 HTTP/1.1",
                                   "Content-Length: 12\r\nX-Name:  some value \r\n"));

  EXPECT_EQ(read.request.method, "POST");
  EXPECT_EQ(read.request.path, (std::vector<std::string>{"users", "a/b"}));
  EXPECT_EQ(read.request.query.at("size"), "1");
  EXPECT_EQ(read.request.query.at("since"), "A");
  EXPECT_EQ(read.content_length, 12u);
  EXPECT_EQ(find_header(read.request.headers, "x-name"), "some value");
  EXPECT_TRUE(read.keep_alive);
}

TEST(ReadHead, RefusesWhatCanBeReadInTwoWays) {
  const std::string get = "GET /self HTTP/1.1";
  for (const auto* fields :
       {"Content-Length: 1\r\nContent-Length: 1\r\n", "Content-Length: +1\r\n",
        "Content-Length:\r\n", "Content-Length: 1\r\nTransfer-Encoding: chunked\r\n",
        "Host: b.example\r\n", "Bad Name: x\r\n", "Name : x\r\n", " folded: x\r\n", "no colon\r\n",
        "Name: a\nb\r\n"}) {
    EXPECT_EQ(status_of(head(get, fields)), 400) << fields;
  }
  EXPECT_EQ(status_of(head(get, "Transfer-Encoding: gzip, chunked\r\n")), 501);
  EXPECT_EQ(status_of(get + "\r\n\r\n"), 400) << "without a host";
}

TEST(ReadHead, RefusesBrokenRequestLines) {
  for (const auto* line : {"GET  /self HTTP/1.1", "GET self HTTP/1.1", "GET /self HTTP/2.0",
                           "GET /self", "G@T /self HTTP/1.1", "GET /a%zz HTTP/1.1",
                           "GET /a%00 HTTP/1.1", "GET /%c0%af HTTP/1.1", "GET /a#b HTTP/1.1"}) {
    EXPECT_EQ(status_of(head(line, "")), 400) << line;
  }
}

}  // namespace
}  // namespace twostep::model::serve

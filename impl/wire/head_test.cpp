#include "impl/wire/head.hpp"

#include <gtest/gtest.h>

#include <ostream>
#include <string>
#include <vector>

#include "impl/core/limits.hpp"

namespace twostep::wire {

void PrintTo(const HeadRead& read, std::ostream* out) {
  if (const auto* refusal = std::get_if<HeadRefusal>(&read)) {
    *out << refusal->status << ' ' << refusal->why;
  } else {
    *out << "a head";
  }
}

namespace {

using namespace std::string_literals;

// 200 for a head that is let through.
int status_of(const std::string& head) {
  const auto read = read_head(head);
  const auto* refusal = std::get_if<HeadRefusal>(&read);
  return refusal ? refusal->status : 200;
}

std::string with(const std::string& fields) {
  return "POST /a HTTP/1.1\r\nHost: a.example\r\n" + fields + "\r\n";
}

std::string line(const std::string& request_line) { return request_line + "\r\nHost: a\r\n\r\n"; }

struct Case {
  std::string name;
  std::string head;
  int status;
};

void PrintTo(const Case& each, std::ostream* out) { *out << each.name; }

class ReadHead : public testing::TestWithParam<Case> {};

TEST_P(ReadHead, Answers) {
  EXPECT_EQ(status_of(GetParam().head), GetParam().status)
      << testing::PrintToString(read_head(GetParam().head));
}

const std::vector<Case> fine = {
    {"Plain", line("GET / HTTP/1.1"), 200},
    {"Http10WithoutHost", "GET / HTTP/1.0\r\n\r\n", 200},
    {"AnyMethodThatIsAToken", line("M-SEARCH /a?b=c%20d&e=~!* HTTP/1.1"), 200},
    {"ContentLength", with("Content-Length: 0\r\n"), 200},
    {"LargestContentLength", with("content-length:9223372036854775807\r\n"), 200},
    {"Chunked", with("Transfer-Encoding: Chunked\r\n"), 200},
    {"EmptyValue", with("X-Empty:\r\n"), 200},
    {"OctetsAboveAsciiInAValue", with("X-Name: \xc3\xa9\r\n"), 200},
    {"Continue", with("Expect: 100-Continue\r\n"), 200},
    {"HostWithPort", "GET / HTTP/1.1\r\nHost: [::1]:8080\r\n\r\n", 200},
    {"AsManyFieldsAsMayBe", with([] {
       std::string fields;
       for (std::size_t i = 1; i < limits::header_fields_max; ++i) fields += "A: 1\r\n";
       return fields;
     }()),
     200},
};

const std::vector<Case> body_length = {
    {"LengthAndChunks", with("Content-Length: 4\r\nTransfer-Encoding: chunked\r\n"), 400},
    {"ChunksAndLength", with("Transfer-Encoding: chunked\r\nContent-Length: 4\r\n"), 400},
    {"TwoLengths", with("Content-Length: 4\r\nContent-Length: 5\r\n"), 400},
    {"TheSameLengthTwice", with("Content-Length: 4\r\nContent-Length: 4\r\n"), 400},
    {"AListOfLengths", with("Content-Length: 4, 4\r\n"), 400},
    {"LengthWithPlus", with("Content-Length: +4\r\n"), 400},
    {"LengthWithMinus", with("Content-Length: -1\r\n"), 400},
    {"LengthInHexadecimal", with("Content-Length: 0x4\r\n"), 400},
    {"LengthWithFraction", with("Content-Length: 4.0\r\n"), 400},
    {"LengthWithSpaceInside", with("Content-Length: 4 4\r\n"), 400},
    {"EmptyLength", with("Content-Length:\r\n"), 400},
    {"LengthOf2To63", with("Content-Length: 9223372036854775808\r\n"), 400},
    {"LengthOf2To64", with("Content-Length: 18446744073709551616\r\n"), 400},
    {"XChunked", with("Transfer-Encoding: xchunked\r\n"), 501},
    {"ChunkedIdentity", with("Transfer-Encoding: chunked, identity\r\n"), 501},
    {"GzipChunked", with("Transfer-Encoding: gzip, chunked\r\n"), 501},
    {"QuotedChunked", with("Transfer-Encoding: \"chunked\"\r\n"), 501},
    {"ChunkedWithParameter", with("Transfer-Encoding: chunked;a=b\r\n"), 501},
    {"EmptyTransferEncoding", with("Transfer-Encoding:\r\n"), 501},
    {"ChunkedTwice", with("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n"), 400},
    {"ChunkedThenIdentity", with("Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n"),
     400},
    {"ChunksInHttp10", "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n", 400},
};

const std::vector<Case> lines = {
    {"LeadingEmptyLine", "\r\n"s + with(""), 400},
    {"LeadingBareLf", "\n"s + with(""), 400},
    {"LeadingSpace", " "s + with(""), 400},
    {"BareLfAfterRequestLine", "GET / HTTP/1.1\nHost: a\r\n\r\n", 400},
    {"BareLfEndsAField", with("A: 1\nB: 2\r\n"), 400},
    {"BareLfEndsTheHead", "GET / HTTP/1.1\r\nHost: a\r\n\n", 400},
    {"BareCrInAValue", with("A: 1\rB: 2\r\n"), 400},
    {"TwoCrs", with("A: 1\r\r\n"), 400},
    {"NulInAValue", with("A: 1\0\r\n"s), 400},
    {"NulInAName", with("A\0: 1\r\n"s), 400},
    {"NulInTheTarget", line("GET /\0 HTTP/1.1"s), 400},
    {"ControlInAValue", with("A: \x01\r\n"), 400},
    {"DeleteInAValue", with("A: \x7f\r\n"), 400},
    {"FoldedLine", with("A: 1\r\n 2\r\n"), 400},
    {"FoldedLineWithTab", with("A: 1\r\n\t2\r\n"), 400},
    {"FoldedFirstField", "GET / HTTP/1.1\r\n A: 1\r\nHost: a\r\n\r\n", 400},
    {"SpaceBeforeColon", with("Content-Length : 4\r\n"), 400},
    {"TabBeforeColon", with("Transfer-Encoding\t: chunked\r\n"), 400},
    {"NoColon", with("Content-Length\r\n"), 400},
    {"NoName", with(": 4\r\n"), 400},
    {"NameWithSlash", with("A/B: 4\r\n"), 400},
    {"NameAboveAscii", with("\xc3\xa9: 4\r\n"), 400},
    {"CutOff", "GET / HTTP/1.1\r\nHost: a\r\n", 400},
    {"OctetsAfterTheHead", with("") + "x", 400},
    {"Nothing", "", 400},
};

const std::vector<Case> hosts = {
    {"NoHost", "GET / HTTP/1.1\r\n\r\n", 400},
    {"TwoHosts", with("Host: b\r\n"), 400},
    {"TheSameHostTwice", with("host: a.example\r\n"), 400},
    {"TwoHostsInHttp10", "GET / HTTP/1.0\r\nHost: a\r\nHost: b\r\n\r\n", 400},
    {"HostWithSpace", "GET / HTTP/1.1\r\nHost: a b\r\n\r\n", 400},
    {"HostWithPath", "GET / HTTP/1.1\r\nHost: a/b\r\n\r\n", 400},
    {"HostWithUser", "GET / HTTP/1.1\r\nHost: u@a\r\n\r\n", 400},
};

const std::vector<Case> request_lines = {
    {"Http2Preface", "PRI * HTTP/2.0\r\n\r\n", 505},
    {"Http19", line("GET / HTTP/1.9"), 505},
    {"Http09", line("GET / HTTP/0.9"), 505},
    {"Http3", line("GET / HTTP/3.0"), 505},
    {"VersionInLowerCase", line("GET / http/1.1"), 400},
    {"VersionWithTwoDigits", line("GET / HTTP/1.10"), 400},
    {"VersionWithSpace", line("GET / HTTP/1.1 "), 400},
    {"NoVersion", line("GET /"), 400},
    {"OnlyAMethod", line("GET"), 400},
    {"TwoSpaces", line("GET  / HTTP/1.1"), 400},
    {"TabBetween", line("GET\t/\tHTTP/1.1"), 400},
    {"EmptyTarget", line("GET  HTTP/1.1"), 400},
    {"MethodWithBracket", line("G[T / HTTP/1.1"), 400},
    {"AbsoluteTarget", line("GET http://a.example/ HTTP/1.1"), 400},
    {"AuthorityTarget", line("CONNECT a.example:443 HTTP/1.1"), 400},
    {"AsteriskTarget", line("OPTIONS * HTTP/1.1"), 400},
    {"TargetWithoutSlash", line("GET a HTTP/1.1"), 400},
    {"SpaceInTarget", line("GET /a b HTTP/1.1"), 400},
    {"FragmentInTarget", line("GET /a#b HTTP/1.1"), 400},
    {"Utf8InTarget", line("GET /\xc3\xa9 HTTP/1.1"), 400},
    {"EscapedNulInTarget", line("GET /a%00 HTTP/1.1"), 400},
    {"LongTarget", line("GET /" + std::string(limits::target_bytes_max, 'a') + " HTTP/1.1"), 414},
    {"Tls", "\x16\x03\x01\x02", 400},
    {"ExpectSomethingElse", with("Expect: 200-ok\r\n"), 417},
};

const std::vector<Case> sizes = {
    {"TooManyFields", with([] {
       std::string fields;
       for (std::size_t i = 0; i < limits::header_fields_max; ++i) fields += "A: 1\r\n";
       return fields;
     }()),
     431},
    {"TooLarge", with("A: " + std::string(limits::head_bytes_max, 'a') + "\r\n"), 431},
};

std::string name_of(const testing::TestParamInfo<Case>& info) { return info.param.name; }

INSTANTIATE_TEST_SUITE_P(Fine, ReadHead, testing::ValuesIn(fine), name_of);
INSTANTIATE_TEST_SUITE_P(BodyLength, ReadHead, testing::ValuesIn(body_length), name_of);
INSTANTIATE_TEST_SUITE_P(Lines, ReadHead, testing::ValuesIn(lines), name_of);
INSTANTIATE_TEST_SUITE_P(Hosts, ReadHead, testing::ValuesIn(hosts), name_of);
INSTANTIATE_TEST_SUITE_P(RequestLines, ReadHead, testing::ValuesIn(request_lines), name_of);
INSTANTIATE_TEST_SUITE_P(Sizes, ReadHead, testing::ValuesIn(sizes), name_of);

Head head_of(const std::string& head) { return std::get<Head>(read_head(head)); }

TEST(Head, SaysHowTheBodyEnds) {
  EXPECT_EQ(head_of(with("")).content_length, std::nullopt);
  EXPECT_EQ(head_of(with("Content-Length: \t42 \r\n")).content_length, 42u);
  EXPECT_TRUE(head_of(with("Transfer-Encoding: chunked\r\n")).chunked);
  EXPECT_TRUE(head_of(with("Expect: 100-continue\r\n")).expects_continue);
}

TEST(Head, SaysWhetherTheConnectionIsKept) {
  EXPECT_TRUE(head_of(with("")).keep_alive);
  EXPECT_FALSE(head_of(with("Connection: Upgrade , Close\r\n")).keep_alive);
  EXPECT_FALSE(head_of("GET / HTTP/1.0\r\n\r\n").keep_alive);
  EXPECT_TRUE(head_of("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n").keep_alive);
  EXPECT_FALSE(head_of(with("Connection: keep-alive, close\r\n")).keep_alive);
}

TEST(HeadSize, IsKnownOnceTheEmptyLineIsThere) {
  const auto head = with("A: 1\r\n");
  for (std::size_t i = 0; i < head.size(); ++i)
    EXPECT_EQ(head_size(head.substr(0, i)), std::nullopt);
  EXPECT_EQ(head_size(head), head.size());
  EXPECT_EQ(head_size(head + head), head.size());
}

TEST(HeadSize, AnyEmptyLineEndsAHead) {
  EXPECT_EQ(head_size("GET / HTTP/1.1\n\nGET"), 16u);
  EXPECT_EQ(head_size("GET / HTTP/1.1\r\n\nGET"), 17u);
  EXPECT_EQ(head_size("GET / HTTP/1.1\n\r\nGET"), 17u);
}

TEST(HeadSize, WhatCannotBecomeAHeadIsNotWaitedFor) {
  for (const auto* octets : {"\x16\x03\x01", "\r", "\n", " ", "\x80"}) {
    EXPECT_EQ(head_size(octets), 1u);
    EXPECT_EQ(status_of(octets), 400);
  }
}

TEST(Head, EveryTruncationAndEveryChangedOctetIsReadOrRefused) {
  const auto head = with("Content-Length: 4\r\nConnection: close\r\nExpect: 100-continue\r\n");
  for (std::size_t i = 0; i < head.size(); ++i) {
    EXPECT_EQ(status_of(head.substr(0, i)), 400) << i;
    for (int octet = 0; octet < 256; ++octet) {
      auto changed = head;
      changed[i] = static_cast<char>(octet);
      const auto status = status_of(changed);
      EXPECT_TRUE(status == 200 || status == 400 || status == 417 || status == 505) << changed;
    }
  }
}

}  // namespace
}  // namespace twostep::wire

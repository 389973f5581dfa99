#include "impl/server/router.hpp"

#include <gtest/gtest.h>

#include "impl/core/limits.hpp"

namespace twostep::server {
namespace {

using Pairs = std::vector<std::pair<std::string, std::string>>;

Route route(std::string method, std::string pattern) {
  return {.method = std::move(method),
          .pattern = std::move(pattern),
          .access = Access::nobody,
          .handler = {}};
}

const Router& router() {
  static const Router some{{
      route("GET", "/notifications/:id"),
      route("GET", "/notifications/last"),
      route("GET", "/notifications"),
      route("POST", "/conversations/:domain/:conversation/members"),
      route("GET", "/conversations/:domain/:conversation"),
      route("DELETE", "/conversations/:domain/:conversation"),
      route("POST", "/conversations/list"),
  }};
  return some;
}

std::string found(std::string_view method, std::string_view target) {
  const auto read = read_target(target);
  if (!read) return "refused";
  const auto match = router().find(method, read->segments);
  if (!match.route) return match.allow.empty() ? "nothing" : "allow " + match.allow;
  auto text = match.route->pattern;
  for (const auto& capture : match.captures) text += " <" + capture + ">";
  return text;
}

TEST(Router, ALiteralSegmentIsPreferredToACapture) {
  EXPECT_EQ(found("GET", "/notifications/last"), "/notifications/last");
  EXPECT_EQ(found("GET", "/notifications/other"), "/notifications/:id <other>");
  EXPECT_EQ(found("GET", "/notifications"), "/notifications");
}

TEST(Router, CapturesAreDecodedOnceAndNeverSplitASegment) {
  EXPECT_EQ(found("GET", "/conversations/a.example/x%2Fy"),
            "/conversations/:domain/:conversation <a.example> <x/y>");
  EXPECT_EQ(found("GET", "/conversations/a%2525/c"),
            "/conversations/:domain/:conversation <a%25> <c>");
  EXPECT_EQ(found("GET", "/conversations/a+b/.."),
            "/conversations/:domain/:conversation <a+b> <..>");
}

TEST(Router, AKnownPathWithAnotherMethodSaysWhichMethodsItHas) {
  EXPECT_EQ(found("PUT", "/conversations/a.example/c"), "allow GET, DELETE");
  EXPECT_EQ(found("get", "/notifications"), "allow GET");
}

TEST(Router, HeadIsGetWithoutTheBody) {
  EXPECT_EQ(found("HEAD", "/notifications"), "/notifications");
  EXPECT_EQ(found("HEAD", "/conversations/list"), "allow POST");
}

TEST(Router, EmptySegmentsMatchNothing) {
  for (const auto* path : {"/", "//", "/notifications/", "//notifications", "/nothing",
                           "/conversations//c", "/notifications/../notifications/last"}) {
    EXPECT_EQ(found("GET", path), "nothing") << path;
  }
}

TEST(Target, AVersionPrefixIsTakenOff) {
  EXPECT_EQ(read_target("/v9/self")->version, 9);
  EXPECT_EQ(read_target("/v9/self")->path(), "/self");
  EXPECT_EQ(read_target("/self")->version, 0);
  EXPECT_EQ(read_target("/v/self")->path(), "/v/self");
  EXPECT_EQ(read_target("/v9x/self")->path(), "/v9x/self");
}

TEST(Target, AVersionThatIsNotServedIsRefused) {
  for (const auto* text : {"/v8/self", "/v10/self", "/v0/self", "/v09/self", "/v9/i/status", "/v1",
                           "/v99999999999999999999/api-version"}) {
    const auto target = read_target(text);
    ASSERT_FALSE(target) << text;
    EXPECT_EQ(target.error().reason, Reason::unsupported_version) << text;
  }
}

TEST(Target, TheQueryIsDecodedInOrder) {
  EXPECT_EQ(read_target("/a?x=1&y=%26+b&x=2&flag&=empty&")->query,
            (Pairs{{"x", "1"}, {"y", "& b"}, {"x", "2"}, {"flag", ""}, {"", "empty"}}));
  EXPECT_EQ(read_target("/a?")->query, Pairs{});
}

TEST(Target, BrokenTargetsAreRefused) {
  std::string flood = "/a?";
  for (std::size_t i = 0; i <= limits::query_parameters_max; ++i) flood += "x=1&";
  for (const auto& text :
       {std::string{}, std::string{"self"}, std::string{"*"}, std::string{"http://a/b"},
        std::string{"/%"}, std::string{"/%4"}, std::string{"/%zz"}, std::string{"/a%00b"},
        std::string{"/a?b=%00"}, std::string{"/a?%4"}, flood}) {
    const auto target = read_target(text);
    ASSERT_FALSE(target) << text;
    EXPECT_EQ(target.error().reason, Reason::bad_request) << text;
  }
}

TEST(Cookies, AreFoundByNameWhateverStandsAroundThem) {
  Request request;
  request.headers = {{"cookie", "a=1; zuid=x.y=z==;  b=\"2\";zuid=later; c"}};

  EXPECT_EQ(request.cookie("zuid"), "x.y=z==");
  EXPECT_EQ(request.cookie("b"), "\"2\"");
  EXPECT_EQ(request.cookie("c"), std::nullopt);
  EXPECT_EQ(Request{}.cookie("zuid"), std::nullopt);
}

}  // namespace
}  // namespace twostep::server

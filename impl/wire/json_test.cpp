#include "impl/wire/json.hpp"

#include <gtest/gtest.h>

#include "impl/core/limits.hpp"

namespace twostep::wire {
namespace {

std::string nested(std::size_t depth) {
  return R"({"a":)" + std::string(depth - 1, '[') + std::string(depth - 1, ']') + "}";
}

TEST(ParseObject, TakesOneObject) {
  EXPECT_EQ((*parse_object(R"( {"a":[1,"\ud83d\ude00"]} )")), (Json{{"a", {1, "\U0001f600"}}}));
}

TEST(ParseObject, RefusesEverythingElse) {
  using namespace std::string_literals;
  for (const auto& body : {""s,
                           " "s,
                           "1"s,
                           "[]"s,
                           "\"a\""s,
                           "null"s,
                           "{"s,
                           "{}{}"s,
                           "{}x"s,
                           "{}\0"s,
                           "{\"a\":1,}"s,
                           "{\"a\":NaN}"s,
                           "{\"a\":1e400}"s,
                           "{\"a\":-1e400}"s,
                           "{\"a\":01}"s,
                           "{'a':1}"s,
                           "{a:1}"s,
                           "\xEF\xBB\xBF{}"s,
                           "{\"a\":\"\\ud800\"}"s,
                           "{\"a\":\"\\udc00\\ud800\"}"s,
                           "{\"a\":\"\xed\xa0\x80\"}"s,
                           "{\"a\":\"\xc0\xaf\"}"s,
                           "{\"a\":\"\xff\"}"s,
                           "{\"a\":\"\x01\"}"s,
                           "{\"a\":\"\n\"}"s,
                           "{\"\xff\":1}"s,
                           "//\n{}"s,
                           "{\"a\":tru}"s,
                           "{\"a\":\"\\x\"}"s}) {
    const auto read = parse_object(body);
    ASSERT_FALSE(read) << body;
    EXPECT_EQ(read.error().reason, Reason::bad_request);
    EXPECT_NE(read.error().detail, "");
  }
}

TEST(ParseObject, NestsToTheBoundAndNoFurther) {
  EXPECT_TRUE(parse_object(nested(limits::json_depth_max)));
  EXPECT_FALSE(parse_object(nested(limits::json_depth_max + 1)));
  EXPECT_FALSE(parse_object(std::string(200'000, '[')));
  EXPECT_FALSE(parse_object(R"({"a":)" + std::string(200'000, '{')));
}

TEST(ParseObject, HoldsValuesToTheBoundAndNoMore) {
  const auto holding = [](std::size_t values) {
    return R"({"a":[1)" + [&] {
      std::string more;
      while (more.size() < 2 * (values - 2)) more += ",1";
      return more;
    }() + "]}";
  };
  EXPECT_TRUE(parse_object(holding(limits::json_values_max)));
  const auto refused = parse_object(holding(limits::json_values_max + 1));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().reason, Reason::payload_too_large);
}

TEST(ParseObject, BracketsInTextAreText) {
  const auto text = std::string(100, '[') + R"(\"{)";
  EXPECT_TRUE(parse_object(R"({"a":")" + text + R"("})"));
}

TEST(ParseObject, OfTwoMembersOfOneNameTheLastCounts) {
  EXPECT_EQ((*parse_object(R"({"a":1,"b":2,"a":3})"))["a"], 3);
}

TEST(ParseObject, NothingIsAnEmptyObjectOnlyWhereABodyMayBeLeftOut) {
  EXPECT_FALSE(parse_object(""));
  EXPECT_EQ(*parse_object_or_nothing(""), Json::object());
  EXPECT_FALSE(parse_object_or_nothing(" "));
}

TEST(ParseObject, EveryTruncationIsRefused) {
  const std::string body = R"({"a":[1,{"b":"\ud83d\ude00"},null,-1.5e3],"c":true})";
  ASSERT_TRUE(parse_object(body));
  for (std::size_t i = 0; i < body.size(); ++i) EXPECT_FALSE(parse_object(body.substr(0, i))) << i;
}

}  // namespace
}  // namespace twostep::wire

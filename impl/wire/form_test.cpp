#include "impl/wire/form.hpp"

#include <gtest/gtest.h>

#include "impl/core/limits.hpp"

namespace twostep::wire {
namespace {

TEST(Form, APathIsDecodedOnce) {
  EXPECT_EQ(*decode_path("/conversations/%61.example/"), "/conversations/a.example/");
  EXPECT_EQ(*decode_path("/a%2525+b"), "/a%25+b");
  EXPECT_EQ(*decode_path("/%c3%A9"), "/\u00e9");
  EXPECT_EQ(*decode_path("/a/../b//c"), "/a/../b//c");
}

TEST(Form, ABadEscapeIsRefused) {
  for (const auto* path : {"/%", "/%4", "/%zz", "/%4g", "/%+4", "/%-1", "/% 4", "/%00", "/%ff",
                           "/%c0%af", "/%ed%a0%80", "/a%2fb", "/a%2Fb"}) {
    EXPECT_FALSE(decode_path(path)) << path;
  }
}

TEST(Form, AQueryIsNamesAndValuesInOrder) {
  EXPECT_EQ(*parse_query("since=a%2Fb&client=0+1&&empty=&flag&since=2&x=y=z"),
            (Parameters{{"since", "a/b"},
                        {"client", "0 1"},
                        {"empty", ""},
                        {"flag", ""},
                        {"since", "2"},
                        {"x", "y=z"}}));
  EXPECT_EQ(*parse_query(""), Parameters{});
  EXPECT_FALSE(parse_query("a=%00"));
  EXPECT_FALSE(parse_query("%zz=1"));
}

TEST(Form, AQueryHasABound) {
  std::string query;
  for (std::size_t i = 0; i < limits::query_parameters_max; ++i) query += "a=1&";
  EXPECT_TRUE(parse_query(query));
  EXPECT_FALSE(parse_query(query + "a=1"));
}

TEST(Form, ACookieIsFoundByItsWholeName) {
  const std::string_view field = "a=1; zuid=x.y=z ;zuid=second; flag; b=";
  EXPECT_EQ(find_cookie(field, "zuid"), "x.y=z");
  EXPECT_EQ(find_cookie(field, "a"), "1");
  EXPECT_EQ(find_cookie(field, "b"), "");
  EXPECT_EQ(find_cookie(field, "flag"), std::nullopt);
  EXPECT_EQ(find_cookie(field, "uid"), std::nullopt);
  EXPECT_EQ(find_cookie("", "zuid"), std::nullopt);
  EXPECT_EQ(find_cookie(" ; ;=; ", "zuid"), std::nullopt);
}

}  // namespace
}  // namespace twostep::wire

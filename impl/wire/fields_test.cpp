#include "impl/wire/fields.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <limits>

namespace twostep::wire {
namespace {

constexpr const char* uuid = "f81d4fae-7dec-41d0-a765-00a0c91e6bf6";

struct Example {
  std::string name;
  std::optional<std::int64_t> accent;
  std::vector<QualifiedUser> friends;
};

Result<Example> decode(const Json& json) {
  Fields fields{json};
  Example example{.name = fields.required("name", read::Text{1, 3}),
                  .accent = fields.optional("accent", read::Integer{0, 9}),
                  .friends = fields.required("friends", read::List{read::qualified_user, 2})};
  return fields.done(std::move(example));
}

std::string detail_of(const Json& json) {
  const auto read = decode(json);
  EXPECT_FALSE(read) << json;
  if (read) return {};
  EXPECT_EQ(read.error().reason, Reason::bad_request);
  return read.error().detail;
}

TEST(Fields, MakeAValueOfAnObject) {
  const auto example = decode({{"name", "\u00e9\u20acx"},
                               {"accent", 9},
                               {"other", "ignored"},
                               {"friends", {{{"id", uuid}, {"domain", "a.example"}}}}});
  ASSERT_TRUE(example);
  EXPECT_EQ(example->accent, 9);
  EXPECT_EQ(example->friends.at(0).id.text(), uuid);
  EXPECT_EQ(example->friends.at(0).domain.text(), "a.example");
}

TEST(Fields, NullIsAbsent) {
  const auto example = decode({{"name", "a"}, {"accent", nullptr}, {"friends", Json::array()}});
  ASSERT_TRUE(example);
  EXPECT_EQ(example->accent, std::nullopt);
}

TEST(Fields, TheFirstThatIsWrongIsNamed) {
  const Json none = Json::array();
  const Json user{{"id", uuid}, {"domain", "a.example"}};
  EXPECT_EQ(detail_of({{"friends", none}}), "name: is missing");
  EXPECT_EQ(detail_of({{"name", ""}, {"friends", none}}), "name: too short");
  EXPECT_EQ(detail_of({{"name", "abcd"}, {"friends", none}}), "name: too long");
  EXPECT_EQ(detail_of({{"name", std::string{"\0", 1}}, {"friends", none}}), "name: a NUL in text");
  EXPECT_EQ(detail_of({{"name", 1}, {"friends", none}}), "name: not text");
  EXPECT_EQ(detail_of({{"name", "a"}, {"friends", 1}}), "friends: not an array");
  EXPECT_EQ(detail_of({{"name", "a"}, {"friends", {user, user, user}}}),
            "friends: too many elements");
  EXPECT_EQ(detail_of({{"name", "a"}, {"friends", {{{"id", "x"}, {"domain", "a.example"}}}}}),
            "friends: id: not a UUID");
  EXPECT_EQ(detail_of({{"name", "a"}, {"friends", {{{"id", uuid}, {"domain", "x"}}}}}),
            "friends: domain: not a domain");
  EXPECT_EQ(detail_of(none), "not an object");
}

TEST(Fields, AnIntegerIsAWholeNumberWithinItsBounds) {
  const read::Integer digit{-9, 9};
  EXPECT_EQ(*digit(-9), -9);
  EXPECT_EQ(*digit(9u), 9);
  for (const Json& wrong : {Json{10}, Json{-10}, Json{1.0}, Json{"1"}, Json{true}, Json{nullptr},
                            Json{~std::uint64_t{0}}}) {
    EXPECT_FALSE(digit(wrong)) << wrong;
  }
}

TEST(Fields, AnIntegerMayBeAsLargeAsThereAre) {
  constexpr auto largest = std::numeric_limits<std::int64_t>::max();
  constexpr auto smallest = std::numeric_limits<std::int64_t>::min();
  const read::Integer any{smallest, largest};
  EXPECT_EQ(*any(Json::parse("9223372036854775807")), largest);
  EXPECT_EQ(*any(Json::parse("-9223372036854775808")), smallest);
  EXPECT_FALSE(any(Json::parse("9223372036854775808")));
}

TEST(Fields, AMapIsKeyedByNames) {
  const read::Map clients{read::user_id, read::List{read::client_id, 8}, 1};
  const auto read = clients(Json{{uuid, {"ff", "0A"}}});
  ASSERT_TRUE(read);
  EXPECT_EQ(read->at(*UserId::parse(uuid)), (std::vector{ClientId{0xff}, ClientId{0x0a}}));
  EXPECT_FALSE(clients(Json{{"x", {"ff"}}}));
  EXPECT_FALSE(clients(Json{{uuid, {"xx"}}}));
  EXPECT_FALSE(clients(Json::array()));
}

TEST(Fields, AWordStandsForAValue) {
  const read::OneOf<int> number{{{"one", 1}, {"two", 2}}};
  EXPECT_EQ(*number("two"), 2);
  EXPECT_FALSE(number("three"));
  EXPECT_FALSE(number(2));
}

}  // namespace
}  // namespace twostep::wire

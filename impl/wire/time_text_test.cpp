#include "impl/wire/time_text.hpp"

#include <gtest/gtest.h>

#include "impl/wire/json_text.hpp"

namespace twostep::wire {
namespace {

TEST(TimeText, IsReadWithAnyFraction) {
  const auto second = parse_time("2021-05-12T10:52:02Z").value();
  EXPECT_EQ(second_time(second), "2021-05-12T10:52:02Z");
  EXPECT_EQ(parse_time("2021-05-12T10:52:02.5Z"), second + std::chrono::milliseconds{500});
  EXPECT_EQ(parse_time("2021-05-12T10:52:02.1234567Z"), second + Ticks{1'234'567});
  EXPECT_EQ(parse_time("2021-05-12T10:52:02.123456789012Z"), second + Ticks{1'234'567});
}

TEST(TimeText, OfAnythingElseIsNone) {
  for (const auto* text :
       {"", "2021", "2021-05-12", "2021-05-12T10:52:02", "2021-05-12 10:52:02Z",
        "2021-05-12T10:52:02.Z", "2021-05-12T10:52:02ZZ", "2021-13-12T10:52:02Z",
        "2021-02-29T10:52:02Z", "2021-05-12T24:00:00Z", "2021-05-12T10:60:02Z",
        "1969-12-31T23:59:59Z", "-021-05-12T10:52:02Z", "2021-05-12T10:52:02+00:00"})
    EXPECT_FALSE(parse_time(text)) << text;
}

}  // namespace
}  // namespace twostep::wire

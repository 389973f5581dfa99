#include "impl/core/time_uuid.hpp"

#include <gtest/gtest.h>

namespace twostep {
namespace {

const Origin some_origin{.sequence = 0x1234, .node = 0xa1b2c3d4e5f6};

// Version 1 stores the low 32 bits of the time first. One tick past their rollover, the text sorts
// before its predecessor; the order of the inbox must not.
TEST(TimeUuid, OrdersByTimeAndNotByText) {
  const Instant last_tick = TimeUuid::earliest + Ticks{0x1'ffff'ffff};
  const auto older = TimeUuid::at(last_tick, some_origin);
  const auto newer = TimeUuid::at(last_tick + Ticks{1}, some_origin);

  EXPECT_GT(older.text(), newer.text());
  EXPECT_LT(older, newer);
  EXPECT_LT(older.sort_key(), newer.sort_key());
}

TEST(TimeUuid, KeepsEveryBitOfTimeAndOrigin) {
  for (const auto at : {TimeUuid::earliest, TimeUuid::latest, Instant{std::chrono::days{20'000}}}) {
    const auto id = TimeUuid::at(at, some_origin);

    EXPECT_EQ(id.instant(), at);
    EXPECT_EQ(id.origin(), some_origin);
    EXPECT_EQ(TimeUuid::parse(id.text()), id);
    EXPECT_EQ(TimeUuid::from_sort_key(id.sort_key()), id);
  }
}

TEST(TimeUuid, AgreesWithTheExampleOfRfc9562) {
  const auto id = TimeUuid::parse("C232AB00-9414-11EC-B3C8-9F6BDECED846");

  ASSERT_TRUE(id);
  const auto at = std::chrono::sys_days{std::chrono::year{2022} / 2 / 22} + std::chrono::hours{19} +
                  std::chrono::minutes{22} + std::chrono::seconds{22};
  EXPECT_EQ(id->instant(), Instant{at});
}

TEST(TimeUuid, RefusesEveryOtherVersionAndVariant) {
  EXPECT_FALSE(TimeUuid::parse("919108f7-52d1-4320-9bac-f847db4148a8"));  // Version 4.
  EXPECT_FALSE(TimeUuid::parse("00000000-0000-0000-0000-000000000000"));
  EXPECT_FALSE(TimeUuid::parse("c232ab00-9414-11ec-33c8-9f6bdeced846"));  // Variant 0b00.
  EXPECT_FALSE(TimeUuid::from_sort_key("short"));
}

TEST(TimeUuid, RefusesASortKeyOfMoreBitsThanThereAre) {
  const auto key = TimeUuid::at(TimeUuid::latest, some_origin).sort_key();
  for (const std::size_t first : {0, 8}) {  // Of the time, of the origin.
    auto longer = key;
    longer[first] = '\xff';
    EXPECT_FALSE(TimeUuid::from_sort_key(longer));
  }
}

}  // namespace
}  // namespace twostep

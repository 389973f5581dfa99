#include "model/serve/formats.hpp"

#include <gtest/gtest.h>

#include "model/serve/runner.hpp"

namespace twostep::model::serve {
namespace {

TEST(Formats, AUuidHasOneSpelling) {
  const std::string id = "0a1b2c3d-0000-4000-8000-00000000000f";
  EXPECT_EQ(read_uuid("0A1B2C3D-0000-4000-8000-00000000000F"), id);
  EXPECT_EQ(uuid_text(uuid_octets(id)), id);
  for (const auto* other :
       {"0a1b2c3d00004000800000000000000f", "{0a1b2c3d-0000-4000-8000-00000000000f}", "",
        "0a1b2c3d-0000-4000-8000-00000000000g"}) {
    EXPECT_FALSE(read_uuid(other)) << other;
  }
}

// The values are those of any implementation of the rule (specs/09).
TEST(Fed50, BothBackendsFindTheSameName) {
  const QualifiedId alice{"a.example", "00000000-0000-4000-8000-000000000001"};
  const QualifiedId bob{"b.example", "00000000-0000-4000-8000-000000000004"};
  const QualifiedId ben{"b.example", "00000000-0000-4000-8000-000000000005"};
  const QualifiedId at_a{"a.example", "2033525e-7122-472b-8b25-23b2d642389e"};
  const QualifiedId at_b{"b.example", "326e0592-3d5e-4d5e-b8f0-3a733a7614c8"};
  EXPECT_EQ(one_to_one_of(alice, bob), at_a);
  EXPECT_EQ(one_to_one_of(bob, alice), at_a);
  EXPECT_EQ(one_to_one_of(ben, alice), at_b);
}

TEST(Formats, AClientIsANumberInHexadecimal) {
  EXPECT_EQ(read_client("00fF"), 255u);
  EXPECT_EQ(read_client("0"), 0u);
  EXPECT_EQ(client_text(255), "ff");
  for (const auto* other : {"", "0x1", "-1", "1 ", "11111111111111111"}) {
    EXPECT_FALSE(read_client(other)) << other;
  }
}

TEST(Formats, ADomainHasTwoLabelsAndEndsInAName) {
  EXPECT_EQ(read_domain("A.example"), "a.example");
  EXPECT_TRUE(read_domain("localhost"));
  for (const auto* other :
       {"", "b", "b..example", "-.example", "b.1", "b.example:1", "b example.com"}) {
    EXPECT_FALSE(read_domain(other)) << other;
  }
}

TEST(Formats, TimesAreReadAsTheyAreWritten) {
  const std::string text = "2021-05-12T10:52:02.671Z";
  ASSERT_TRUE(read_time(text));
  EXPECT_EQ(time_text(*read_time(text)), text);
  EXPECT_EQ(whole_time_text(*read_time(text)), "2021-05-12T10:52:02Z");
  EXPECT_EQ(moment_of(time_of(*read_time(text))), *read_time(text));
  for (const auto* other :
       {"", "2021-05-12", "2021-13-12T10:52:02Z", "2021-05-12T10:52:02", "noon"}) {
    EXPECT_FALSE(read_time(other)) << other;
  }
}

TEST(Formats, ANotificationsIdIsAUuidOfVersionOne) {
  const NotificationId id{.ticks = 0x1ec30a5b2c3d4e5, .sequence = 0x3fff, .node = 0x0123456789ab};
  const auto uuid = uuid_of(id);
  EXPECT_EQ(uuid[14], '1');
  EXPECT_EQ(notification_id(uuid), id);
  EXPECT_FALSE(notification_id("0a1b2c3d-0000-4000-8000-00000000000f"));
}

TEST(Formats, Base64HasPadding) {
  EXPECT_EQ(base64("hello"), "aGVsbG8=");
  EXPECT_EQ(from_base64("aGVsbG8="), "hello");
  for (const auto* other : {"aGVsbG8", "-_-_", "!", "aGVs\nbG8="})
    EXPECT_FALSE(from_base64(other)) << other;
}

}  // namespace
}  // namespace twostep::model::serve

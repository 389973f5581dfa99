#include "impl/core/ids.hpp"

#include <gtest/gtest.h>

namespace twostep {
namespace {

TEST(Ids, AUuidIsReadInEitherCaseAndWrittenInLowerCase) {
  const auto id = Uuid::parse("F81D4FAE-7DEC-11d0-A765-00a0c91e6bf6");

  ASSERT_TRUE(id);
  EXPECT_EQ(id->text(), "f81d4fae-7dec-11d0-a765-00a0c91e6bf6");
  EXPECT_EQ(id->version(), 1);
  EXPECT_EQ(Uuid::from_bytes(id->bytes()), id);
}

TEST(Ids, AnythingButThe36CharactersIsNoUuid) {
  for (const auto* text :
       {"", "f81d4fae-7dec-11d0-a765-00a0c91e6bf", "f81d4fae-7dec-11d0-a765-00a0c91e6bf66",
        "{f81d4fae-7dec-11d0-a765-00a0c91e6bf}", "f81d4fae+7dec-11d0-a765-00a0c91e6bf6",
        "f81d4fae-7dec-11d0-a765-00a0c91e6bfg", "f81d4fae7dec11d0a76500a0c91e6bf6"}) {
    EXPECT_FALSE(Uuid::parse(text)) << text;
  }
}

TEST(Ids, AClientIdIsHexadecimalWithoutLeadingZeros) {
  EXPECT_EQ(ClientId::parse("00fF")->text(), "ff");
  EXPECT_EQ(ClientId::parse("0")->text(), "0");
  EXPECT_EQ(ClientId::parse("00fedcba9876543210")->text(), "fedcba9876543210");
  EXPECT_EQ(ClientId::parse("ffffffffffffffff")->value, ~std::uint64_t{0});
  for (const auto* text : {"", "g", "-1", "+1", " 1", "0x1", "10000000000000000"}) {
    EXPECT_FALSE(ClientId::parse(text)) << text;
  }
}

TEST(Ids, ADomainHasOneSpelling) {
  EXPECT_EQ(Domain::parse("A.Example")->text(), "a.example");
  EXPECT_EQ(Domain::parse("localhost")->text(), "localhost");
  for (const auto* text : {"", "example", "a..b", ".a.b", "a.b.", "a.1b", "-a.b", "a-.b", "a_b.c",
                           "a.b:80", "user@a.b", "a.b/c", "127.0.0.1"}) {
    EXPECT_FALSE(Domain::parse(text)) << text;
  }
  std::string longest;
  while (longest.size() < Domain::text_chars_max - 1) longest += "a.";
  longest.resize(Domain::text_chars_max - 1);
  longest += 'z';
  EXPECT_TRUE(Domain::parse(longest));
  EXPECT_FALSE(Domain::parse("a." + longest));
}

}  // namespace
}  // namespace twostep

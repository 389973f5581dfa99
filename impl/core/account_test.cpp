#include "impl/core/account.hpp"

#include <gtest/gtest.h>

#include <string>

namespace twostep {
namespace {

TEST(Acc02, AnAddressHasOneSpelling) {
  EXPECT_EQ(EmailAddress::parse("Alice@Example.ORG"), EmailAddress::parse("alice@example.org"));
  EXPECT_EQ(EmailAddress::parse("AZAZ@EXAMPLE.ORG"), EmailAddress::parse("azaz@example.org"));
  EXPECT_EQ(EmailAddress::parse("alice+1@example.org")->text(), "alice+1@example.org");
}

TEST(Acc03, WhatIsNoAddressIsRefused) {
  for (const auto* text :
       {"", "alice", "@example.org", "alice@", "alice@example", "a b@example.org",
        "alice@bob@example.org", ".alice@example.org", "alice.@example.org", "al..ice@example.org",
        "alice@-example.org", "al\nice@example.org"}) {
    SCOPED_TRACE(text);
    EXPECT_FALSE(EmailAddress::parse(text));
  }
  EXPECT_TRUE(EmailAddress::parse(std::string(64, 'a') + "@example.org"));
  EXPECT_FALSE(EmailAddress::parse(std::string(65, 'a') + "@example.org"));
}

TEST(Acc04, AHandleIsShownAsItIs) {
  EXPECT_EQ(Handle::parse("alice_1-a.b")->text(), "alice_1-a.b");
  for (const auto* text : {"", "a", "Alice", "al ice", "al@ice", "älice"}) {
    SCOPED_TRACE(text);
    EXPECT_FALSE(Handle::parse(text));
  }
}

}  // namespace
}  // namespace twostep

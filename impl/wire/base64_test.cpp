#include "impl/wire/base64.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace twostep::wire {
namespace {

TEST(Base64, TheExamplesOfTheRfc) {
  for (const auto& [octets, text] :
       std::initializer_list<std::pair<const char*, const char*>>{{"", ""},
                                                                  {"f", "Zg=="},
                                                                  {"fo", "Zm8="},
                                                                  {"foo", "Zm9v"},
                                                                  {"foob", "Zm9vYg=="},
                                                                  {"fooba", "Zm9vYmE="},
                                                                  {"foobar", "Zm9vYmFy"}}) {
    EXPECT_EQ(base64(octets), text);
    EXPECT_EQ(from_base64(text), octets);
  }
}

TEST(Base64, OnlyTheOneTextOfSomeOctetsIsRead) {
  for (const auto* text :
       {"Z",     "Zg",   "Zg=",  "Zg===",      "Zg==Zg==", "Z===",    "====", "=",
        "==",    "Zh==", "Zm9=", "Zm8",        "Zm 8",     "Zm8=\n",  " Zm8", "Zm-_",
        "Zm9v=", "Z=9v", "=m9v", "Zm\xc3\xa9", "Zm9vZ===", "Zm9v===="}) {
    EXPECT_FALSE(from_base64(text)) << text;
  }
  EXPECT_FALSE(from_base64(std::string_view{"Zm9\0", 4}));
}

RC_GTEST_PROP(Base64, AnyOctetsComeBack, (const std::string& octets)) {
  RC_ASSERT(from_base64(base64(octets)) == octets);
}

RC_GTEST_PROP(Base64, WhatIsReadIsWrittenTheSame, (const std::string& text)) {
  if (const auto octets = from_base64(text)) RC_ASSERT(base64(*octets) == text);
}

}  // namespace
}  // namespace twostep::wire

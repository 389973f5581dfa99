#include "impl/wire/json_text.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>

#include "impl/wire/utf8.hpp"

namespace twostep::wire {
namespace {

using namespace std::chrono_literals;

std::string json_string(std::string_view text) {
  std::string out;
  append_json_string(out, text);
  return out;
}

constexpr Instant noon = std::chrono::sys_days{std::chrono::year{2021} / 5 / 12} + 10h + 52min + 2s;

TEST(JsonText, TimesAreCutToTheirUnit) {
  EXPECT_EQ(millisecond_time(noon + 671ms), "2021-05-12T10:52:02.671Z");
  EXPECT_EQ(millisecond_time(noon), "2021-05-12T10:52:02.000Z");
  EXPECT_EQ(millisecond_time(noon + 999ms + 999us), "2021-05-12T10:52:02.999Z");
  EXPECT_EQ(millisecond_time(Instant{} - 1ms), "1969-12-31T23:59:59.999Z");
  EXPECT_EQ(second_time(noon + 999ms), "2021-05-12T10:52:02Z");
}

TEST(JsonText, AQualifiedIdIsIdAndDomain) {
  std::string out;
  append_qualified_id(out, *Domain::parse("a.example"),
                      *Uuid::parse("F81D4FAE-7DEC-41D0-A765-00A0C91E6BF6"));
  EXPECT_EQ(out, R"({"id":"f81d4fae-7dec-41d0-a765-00a0c91e6bf6","domain":"a.example"})");
}

RC_GTEST_PROP(JsonText, AnyTextComesBackFromItsJson, (const std::string& octets)) {
  const auto read = nlohmann::json::parse(json_string(octets)).get<std::string>();
  if (utf8_characters(octets)) RC_ASSERT(read == octets);
}

TEST(JsonText, CharactersOfEveryLengthStayWhatTheyAre) {
  const std::string text = "a\u00e9\u20ac\U0001f600\u202e";
  EXPECT_EQ(nlohmann::json::parse(json_string(text)), text);
  EXPECT_EQ(utf8_characters(text), 5u);
}

TEST(JsonText, WhatIsNoCharacterBecomesAReplacement) {
  for (const auto* octets : {"\x80", "\xc0\xaf", "\xe0\x80\x80", "\xed\xa0\x80", "\xf4\x90\x80\x80",
                             "\xf5\x80\x80\x80", "\xc3", "\xe2\x82", "\xf0\x9f\x98"}) {
    EXPECT_FALSE(utf8_characters(octets));
    const auto read = nlohmann::json::parse(json_string(octets)).get<std::string>();
    EXPECT_EQ(read.substr(0, 3), "\xEF\xBF\xBD");
  }
}

/// RFC 3629 section 3, by arithmetic alone.
std::string utf8_of(std::uint32_t code) {
  if (code < 0x80) return {static_cast<char>(code)};
  const int more = code < 0x800 ? 1 : code < 0x1'0000 ? 2 : 3;
  std::string text{static_cast<char>(0xff00 >> (more + 1) | code >> 6 * more)};
  for (int i = more - 1; i >= 0; --i) text += static_cast<char>(0x80 | (code >> 6 * i & 0x3f));
  return text;
}

TEST(Utf8, EveryCharacterIsOneAndNothingElseIs) {
  for (std::uint32_t code = 0; code < 0x20'0000; ++code) {
    const bool is_character = code < 0xd800 || (code > 0xdfff && code <= 0x10'ffff);
    const auto text = utf8_of(code);
    ASSERT_EQ(utf8_character(text), is_character ? text.size() : 0) << code;
  }
}

}  // namespace
}  // namespace twostep::wire

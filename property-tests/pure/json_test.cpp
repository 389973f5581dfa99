// JSON that arrives: against nlohmann's own opinion of it, and values of known shape.
#include "impl/wire/json.hpp"

#include <algorithm>
#include <cmath>
#include <map>

#include "impl/core/limits.hpp"
#include "impl/wire/fields.hpp"
#include "property-tests/pure/generators.hpp"
#include "property-tests/pure/property.hpp"

namespace twostep::properties {
namespace {

using wire::Json;

Json any_number() {
  switch (*below(5)) {
    case 0:
      return static_cast<std::int64_t>(*number(INT64_MAX));
    case 1:
      return -1 - static_cast<std::int64_t>(*number(INT64_MAX));
    case 2:
      return *number(UINT64_MAX);
    case 3:
      return static_cast<double>(*below(100)) / 8;
    default:
      return *below(10);
  }
}

Json any_json(std::uint64_t depth) {
  switch (*below(depth == 0 ? 4 : 6)) {
    case 0:
      return nullptr;
    case 1:
      return *one_in(2);
    case 2:
      return any_number();
    case 3:
      return *text();
    case 4: {
      auto array = Json::array();
      for (auto count = *below(4); count > 0; --count) array.push_back(any_json(depth - 1));
      return array;
    }
    default: {
      auto object = Json::object();
      for (auto count = *below(4); count > 0; --count) object[*text()] = any_json(depth - 1);
      return object;
    }
  }
}

std::size_t depth_of(const Json& value) {
  std::size_t deepest = 0;
  if (!value.is_structured()) return 0;
  for (const auto& each : value) deepest = std::max(deepest, depth_of(each));
  return deepest + 1;
}

// Strings that JSON cannot have, numbers that no type can hold, and everything between.
const std::vector<std::string> pieces{"{",
                                      "}",
                                      "[",
                                      "]",
                                      ",",
                                      ":",
                                      "\"",
                                      "\"a\":",
                                      "\"a\"",
                                      "1",
                                      "-",
                                      "0",
                                      "01",
                                      "1.",
                                      "1.5",
                                      "1e5",
                                      "1e999",
                                      "-0",
                                      "true",
                                      "null",
                                      "nul",
                                      "NaN",
                                      " ",
                                      "\n",
                                      "\t",
                                      "\x0b",
                                      "//",
                                      "/**/",
                                      "\\",
                                      "\"\\\"\"",
                                      "\"\\u00e4\"",
                                      "\"\\ud83d\\ude00\"",
                                      "\"\\ud83d\"",
                                      "\"\\ude00\"",
                                      "\"\\u0000\"",
                                      "\"\xff\"",
                                      "\"\xed\xa0\x80\"",
                                      "\"\x01\"",
                                      std::string(1, '\0'),
                                      "\xef\xbb\xbf",
                                      "18446744073709551615",
                                      "18446744073709551616",
                                      "'a'"};

std::string any_body() {
  switch (*below(5)) {
    case 0:
      return any_json(3).dump();
    case 3: {
      const auto& intruder = pieces[*below(pieces.size())];
      return *one_in(2) ? any_json(2).dump() + intruder : intruder + any_json(2).dump();
    }
    case 1:
      return *damaged(any_json(3).dump());
    case 2:
      return any_json(2).dump(static_cast<int>(*below(3)), '\t', *one_in(2));
    default:
      return *made_of(pieces);
  }
}

using Parse = std::function<Result<Json>(const std::string&)>;

Property json_is_read_as_by_the_library(const Parse& parse) {
  return [parse] {
    const auto body = any_body();
    const bool marked = body.starts_with("\xef\xbb\xbf") || body.find('\0') != body.npos;
    const bool expected = Json::accept(body) && !marked;
    reached("read", expected);
    reached("refused", !expected);
    reached("a mark or a NUL", marked && Json::accept(body.substr(0, body.find('\0'))));
    reached("structured", expected && body.size() > 20);
    const auto read = parse(body);
    RC_ASSERT(read.has_value() == expected);
    if (!read) {
      RC_ASSERT(read.error().reason == Reason::bad_request);
      return;
    }
    RC_ASSERT(*read == Json::parse(body));
    RC_ASSERT(wire::text_of(*read) == Json::parse(body).dump());
    RC_ASSERT(*parse(wire::text_of(*read)) == *read);
    const auto object = wire::parse_object(body);
    RC_ASSERT(object.has_value() == read->is_object());
    if (object) RC_ASSERT(*object == *read);
  };
}

TEST(JsonBodies, AreReadAsByTheLibraryAndNothingElseIs) {
  expect_always(json_is_read_as_by_the_library(&wire::parse_value),
                {"read", "refused", "a mark or a NUL", "structured"});
}

TEST(JsonBodies, ReadersThatLetMoreThroughAreFound) {
  expect_refuted(json_is_read_as_by_the_library(
      [](const std::string& body) { return wire::parse_value(body.substr(0, body.find('\0'))); }));
  expect_refuted(json_is_read_as_by_the_library([](const std::string& body) -> Result<Json> {
    auto read = Json::parse(body, nullptr, false, true);  // Comments.
    if (read.is_discarded()) return Refusal{Reason::bad_request};
    return read;
  }));
  expect_refuted(json_is_read_as_by_the_library([](const std::string& body) {
    auto read = wire::parse_value(body);
    if (read && read->is_number_unsigned()) *read = read->get<double>();
    return read;
  }));
}

TEST(JsonBodies, MayNestAsDeepAsTheBoundAndNoDeeper) {
  expect_always(
      [] {
        const auto depth = *below(2 * limits::json_depth_max);
        std::string body = "1";
        for (std::size_t i = 0; i < depth; ++i)
          body = *one_in(2) ? "[" + body + "]" : R"({"[[":[],"}":)" + body + "}";
        const bool deep = depth_of(Json::parse(body)) > limits::json_depth_max;
        reached("as deep as may be", depth_of(Json::parse(body)) == limits::json_depth_max);
        reached("too deep", deep);
        const auto read = wire::parse_value(body);
        RC_ASSERT(read.has_value() == !deep);
        if (!read) RC_ASSERT(read.error().reason == Reason::bad_request);
      },
      {"too deep", "as deep as may be"});
}

TEST(JsonBodies, MayHoldAsManyValuesAsTheBoundAndNoMore) {
  const auto array_of = [](std::size_t values) {
    std::string body = "[0";
    for (std::size_t i = 1; i < values; ++i) body += ",0";
    return body + "]";
  };
  EXPECT_TRUE(wire::parse_value(array_of(limits::json_values_max)));
  const auto beyond = wire::parse_value(array_of(limits::json_values_max + 1));
  ASSERT_FALSE(beyond);
  EXPECT_EQ(beyond.error().reason, Reason::payload_too_large);
}

TEST(JsonBodies, OfSeveralMembersOfOneNameTheLastCounts) {
  expect_always(
      [] {
        std::string body = "{";
        std::map<std::string, Json> expected;
        for (auto count = *below(6); count > 0; --count) {
          const std::string name(1, static_cast<char>('a' + *below(3)));
          const auto value = any_json(1);
          reached("twice", expected.contains(name));
          expected[name] = value;
          body += (body.size() > 1 ? ",\"" : "\"") + name + "\":" + value.dump();
        }
        const auto read = wire::parse_object(body + "}");
        RC_ASSERT(read.has_value());
        RC_ASSERT(*read == Json(expected) || expected.empty());
        RC_ASSERT(read->size() == expected.size());
      },
      {"twice"});
}

TEST(JsonBodies, OctetsThatAreNoTextAreMendedWhenWritten) {
  expect_always([] {
    const auto given = *nearly_utf8();
    const auto written = wire::text_of(Json{{"text", given}});
    const auto back = wire::parse_object(written);
    RC_ASSERT(back.has_value());
    if (Json::accept(Json(given).dump(-1, ' ', false, Json::error_handler_t::ignore)) &&
        Json(given).dump(-1, ' ', false, Json::error_handler_t::ignore) ==
            written.substr(8, written.size() - 9))
      RC_ASSERT(back->at("text") == given);
  });
}

TEST(JsonBodies, NothingIsAnEmptyObjectWhereItMayBe) {
  expect_always([] {
    const auto body = any_body();
    const auto read = wire::parse_object_or_nothing(body);
    if (body.empty()) {
      RC_ASSERT(read.has_value() && *read == Json::object());
    } else {
      RC_ASSERT(read.has_value() == wire::parse_object(body).has_value());
    }
  });
}

// --- Readers of members --------------------------------------------------------------------

TEST(Members, ANumberIsWholeAndWithinItsBounds) {
  expect_always(
      [] {
        auto low = static_cast<std::int64_t>(*number(UINT64_MAX));
        auto high = *one_in(3) ? low : static_cast<std::int64_t>(*number(UINT64_MAX));
        if (low > high) std::swap(low, high);
        Json value = *one_in(6) ? any_json(1) : any_number();
        if (*one_in(3)) value = *one_in(2) ? low : high;
        if (*one_in(4) && high < INT64_MAX) value = high + 1;
        if (*one_in(4) && low > INT64_MIN) value = low - 1;
        // A wider type than any that could be read wrong.
        const auto wide = value.is_number_unsigned()  ? __int128{value.get<std::uint64_t>()}
                          : value.is_number_integer() ? __int128{value.get<std::int64_t>()}
                                                      : 0;
        const bool expected = value.is_number_integer() && wide >= low && wide <= high;
        reached("at the low end", expected && wide == low);
        reached("at the high end", expected && wide == high);
        reached("below", value.is_number_integer() && wide == __int128{low} - 1);
        reached("above", value.is_number_integer() && wide == __int128{high} + 1);
        reached("larger than its type", value.is_number_unsigned() && wide > INT64_MAX);
        reached("a fraction", value.is_number_float());
        const auto read = wire::read::Integer{low, high}(value);
        RC_ASSERT(read.has_value() == expected);
        if (read) RC_ASSERT(__int128{*read} == wide);
      },
      {"at the low end", "at the high end", "below", "above", "larger than its type",
       "a fraction"});
}

TEST(Members, ATextIsMeasuredInCharacters) {
  expect_always(
      [] {
        const auto value =
            *one_in(6) ? any_json(1) : Json(*text() + (*one_in(8) ? std::string(1, '\0') : ""));
        const auto low = *below(8), high = *below(30);
        std::size_t characters = 0;
        const auto given = value.is_string() ? value.get<std::string>() : "";
        for (const char c : given) characters += (c & 0xc0) != 0x80;
        const bool expected = value.is_string() && characters >= low && characters <= high &&
                              given.find('\0') == given.npos;
        reached("the shortest", expected && characters == low);
        reached("the longest", expected && characters == high);
        reached("too short", characters + 1 == low);
        reached("too long", characters == high + 1);
        reached("a NUL", given.find('\0') != given.npos);
        const auto read = wire::read::Text{low, high}(value);
        RC_ASSERT(read.has_value() == expected);
        if (read) RC_ASSERT(*read == given);
      },
      {"the shortest", "the longest", "too short", "too long", "a NUL"});
}

TEST(Members, AListIsBoundedAndReadsEachOfItsElements) {
  expect_always(
      [] {
        auto value = Json::array();
        bool right = true;
        std::vector<bool> expected;
        for (auto count = *below(6); count > 0; --count) {
          value.push_back(*one_in(8) ? any_json(0) : Json(*one_in(2)));
          right = right && value.back().is_boolean();
          if (right) expected.push_back(value.back().get<bool>());
        }
        const auto low = *below(4), high = *below(7);
        right = right && value.size() >= low && value.size() <= high;
        reached("as many as may be", right && value.size() == high);
        reached("too many", value.size() == high + 1);
        reached("too few", value.size() + 1 == low);
        const auto read = wire::read::List{wire::read::boolean, high, low}(value);
        RC_ASSERT(read.has_value() == right);
        if (read) RC_ASSERT(*read == expected);
        RC_ASSERT(!wire::read::List(wire::read::boolean, std::size_t{9})(any_number()).has_value());
      },
      {"as many as may be", "too many", "too few"});
}

TEST(Members, KeysOfAMapAreNamesInAnySpellingAndEachIsThereOnce) {
  expect_always(
      [] {
        auto value = Json::object();
        std::map<std::uint64_t, bool> expected;
        bool right = true;
        for (auto count = *below(5); count > 0; --count) {
          const auto client = *below(4);
          auto name = std::string(*below(3), '0') + ClientId{client}.text();
          if (*one_in(12)) name = *damaged(name);
          value[name] = *one_in(2);
          right = right && ClientId::parse(name);
        }
        for (const auto& [name, truth] : value.items())
          if (right) expected.insert_or_assign(ClientId::parse(name)->value, truth.get<bool>());
        const auto high = *below(6);
        reached("two spellings of one", right && expected.size() < value.size());
        reached("no name", !right);
        reached("too many", right && value.size() > high);
        const auto read = wire::read::Map{wire::read::client_id, wire::read::boolean, high}(value);
        RC_ASSERT(read.has_value() == (right && value.size() <= high));
        if (!read) return;
        RC_ASSERT(read->size() == expected.size());
        for (const auto& [client, truth] : *read) RC_ASSERT(expected.contains(client.value));
      },
      {"two spellings of one", "no name", "too many"});
}

// The first of the wrong members is named, absent and null are the same, and nothing unread gets out.
TEST(Members, TheFirstThatIsWrongIsNamed) {
  expect_always(
      [] {
        auto object = Json::object();
        const std::vector<std::string> names{"a", "b", "c", "d"};
        std::optional<std::string> wrong;
        std::vector<bool> needed;
        for (const auto& name : names) {
          needed.push_back(*one_in(2));
          const auto what = *below(5);  // Absent, null, wrong, true, false.
          if (what == 1) object[name] = nullptr;
          if (what == 2) object[name] = "true";
          if (what > 2) object[name] = what == 3;
          if (!wrong && (what == 2 || (what < 2 && needed.back()))) wrong = name;
        }
        wire::Fields fields{object};
        std::vector<std::optional<bool>> read;
        for (std::size_t i = 0; i < names.size(); ++i) {
          read.push_back(needed[i] ? fields.required(names[i].c_str(), wire::read::boolean)
                                   : fields.optional(names[i].c_str(), wire::read::boolean));
        }
        reached("all right", !wrong);
        reached("the last one wrong", wrong == "d");
        const auto done = fields.done(read);
        RC_ASSERT(done.has_value() == !wrong);
        RC_ASSERT(fields.refusal().has_value() == wrong.has_value());
        if (wrong) RC_ASSERT(done.error().detail.starts_with(*wrong + ": "));
        if (wrong) return;
        for (std::size_t i = 0; i < names.size(); ++i) {
          const auto member = object.find(names[i]);
          const bool there = member != object.end() && !member->is_null();
          RC_ASSERT((*done)[i] == (there ? std::optional{member->get<bool>()} : std::nullopt));
        }
      },
      {"all right", "the last one wrong"});
}

}  // namespace
}  // namespace twostep::properties

// Times and the small languages of a request's head, against the calendar of the C library and against
// grammars.
#include <time.h>

#include <algorithm>
#include <array>
#include <regex>

#include "impl/core/limits.hpp"
#include "impl/wire/form.hpp"
#include "impl/wire/json_text.hpp"
#include "impl/wire/time_text.hpp"
#include "impl/wire/utf8.hpp"
#include "property-tests/pure/generators.hpp"
#include "property-tests/pure/property.hpp"

namespace twostep::properties {
namespace {

constexpr Instant end_of_times{std::chrono::sys_days{std::chrono::year{10000} / 1 / 1}};

// --- Times, and the C library --------------------------------------------------------------

std::string calendar(Instant at) {
  const auto seconds = std::chrono::floor<std::chrono::seconds>(at).time_since_epoch().count();
  const time_t time{seconds};
  tm fields{};
  gmtime_r(&time, &fields);
  std::array<char, 32> text;
  strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%S", &fields);
  return text.data();
}

Instant any_moment() {
  const auto at = *wire_instant() + Ticks{static_cast<std::int64_t>(*below(10'000))};
  static const std::vector<Instant> corners{
      Instant{}, Instant{std::chrono::sys_days{std::chrono::year{2000} / 2 / 29}},
      Instant{std::chrono::sys_days{std::chrono::year{2100} / 3 / 1}} - Ticks{1},
      Instant{std::chrono::sys_days{std::chrono::year{1972} / 12 / 31}},
      Instant{std::chrono::sys_days{std::chrono::year{2038} / 1 / 19}}};
  return *one_in(4) ? corners[*below(corners.size())] +
                          Ticks{static_cast<std::int64_t>(*below(20'000'000))}
                    : at;
}

TEST(Times, AreWrittenAsTheCalendarHasThemAndComeBack) {
  expect_always(
      [] {
        const auto at = any_moment();
        const auto day = std::chrono::floor<std::chrono::seconds>(at);
        const auto ticks = (at - day).count();
        std::array<char, 8> milliseconds;
        std::snprintf(milliseconds.data(), milliseconds.size(), ".%03dZ",
                      static_cast<int>(ticks / 10'000));
        reached("a fraction with zeros in front", ticks > 0 && ticks < 1'000'000);
        reached("cut, not rounded", ticks % 10'000 >= 5'000);
        RC_ASSERT(wire::second_time(at) == calendar(at) + 'Z');
        RC_ASSERT(wire::millisecond_time(at) == calendar(at) + milliseconds.data());
        RC_ASSERT(wire::parse_time(wire::second_time(at)) == Instant{day});
        RC_ASSERT(wire::parse_time(wire::millisecond_time(at)) ==
                  Instant{std::chrono::floor<std::chrono::milliseconds>(at)});
      },
      {"a fraction with zeros in front", "cut, not rounded"});
}

TEST(Times, InOrderAreInOrderAsTexts) {
  expect_always([] {
    const auto early = any_moment();
    const auto later = early + Ticks{static_cast<std::int64_t>(*below(20'000))};
    const auto late = later < end_of_times ? later : early;
    RC_ASSERT(wire::millisecond_time(early) <= wire::millisecond_time(late));
    RC_ASSERT(wire::second_time(early) <= wire::second_time(late));
  });
}

// Which moment a text means: its fields by a regular expression, whether they are a moment by the way back.
std::optional<Instant> meant(const std::string& text) {
  static const std::regex form{
      "([0-9]{4})-([0-9]{2})-([0-9]{2})T([0-9]{2}):([0-9]{2}):([0-9]{2})(\\.[0-9]+)?Z"};
  std::smatch part;
  if (!std::regex_match(text, part, form)) return std::nullopt;
  tm fields{};
  fields.tm_year = std::stoi(part[1]) - 1900;
  fields.tm_mon = std::stoi(part[2]) - 1;
  fields.tm_mday = std::stoi(part[3]);
  fields.tm_hour = std::stoi(part[4]);
  fields.tm_min = std::stoi(part[5]);
  fields.tm_sec = std::stoi(part[6]);
  auto copy = fields;
  const auto seconds = timegm(&copy);
  const Instant at{std::chrono::seconds{seconds}};
  if (fields.tm_year < 70 || calendar(at) != text.substr(0, 19)) return std::nullopt;
  auto fraction = part[7].str() + std::string(8, '0');
  return at + Ticks{std::stoll(part[7].matched ? fraction.substr(1, 7) : "0")};
}

using ReadTime = std::function<std::optional<Instant>(const std::string&)>;

Property times_are_read_strictly(const ReadTime& read) {
  return [read] {
    auto text = calendar(any_moment());
    if (*one_in(3)) {  // Any two digits in one of its fields.
      static constexpr std::array<std::size_t, 6> fields{0, 5, 8, 11, 14, 17};
      text[fields[*below(6)]] = static_cast<char>('0' + *below(10));
      text[fields[*below(6)] + 1] = static_cast<char>('0' + *below(10));
    }
    if (*one_in(2)) text += '.' + std::to_string(*number(UINT64_MAX));
    text += 'Z';
    if (*one_in(3)) text = *damaged(text);
    const auto expected = meant(text);
    reached("read", expected.has_value());
    reached("a fraction finer than a tick", expected && text.size() > 28);
    reached("no such moment", !expected && text.size() == 20);
    reached("before 1970", !expected && text < "1970" && text.size() == 20);
    RC_ASSERT(read(text) == expected);
  };
}

TEST(Times, AreReadStrictly) {
  expect_always(times_are_read_strictly(&wire::parse_time),
                {"read", "a fraction finer than a tick", "no such moment"});
  expect_always([] {
    const auto at = any_moment();
    const auto read = wire::read::time(wire::Json(wire::second_time(at)));
    RC_ASSERT(read.has_value() && *read == Instant{std::chrono::floor<std::chrono::seconds>(at)});
    RC_ASSERT(!wire::read::time(wire::Json(at.time_since_epoch().count())).has_value());
    RC_ASSERT(!wire::read::time(wire::Json(wire::second_time(at) + ' ')).has_value());
  });
}

TEST(Times, ReadersThatLetMoreThroughAreFound) {
  expect_refuted(times_are_read_strictly([](std::string text) {
    if (text.size() == 20 && text.substr(8, 2) == "31") text[9] = '0';
    return wire::parse_time(text);
  }));
  expect_refuted(times_are_read_strictly([](std::string text) {
    if (!text.ends_with('Z')) text += 'Z';
    return wire::parse_time(text);
  }));
  expect_refuted(times_are_read_strictly([](const std::string& text) {
    return wire::parse_time(text.substr(0, text.find('.')) +
                            (text.find('.') == text.npos ? "" : "Z"));
  }));
}

// --- Percent encoding ----------------------------------------------------------------------

// Every octet escaped, or as it is where it may be, in either case.
std::string escaped(const std::string& text, bool space_is_plus) {
  std::string out;
  for (const char c : text) {
    const bool plain = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    if (plain && !*one_in(4)) {
      out += c;
    } else if (c == ' ' && space_is_plus && *one_in(2)) {
      out += '+';
    } else {
      std::array<char, 4> escape;
      std::snprintf(escape.data(), escape.size(), *one_in(2) ? "%%%02X" : "%%%02x",
                    static_cast<unsigned char>(c));
      out += escape.data();
    }
  }
  return out;
}

TEST(Forms, AnyTextComesBackFromAQuery) {
  expect_always(
      [] {
        wire::Parameters parameters;
        std::string query;
        for (auto count = *one_in(8) ? 60 + *below(8) : *below(6); count > 0; --count) {
          parameters.emplace_back(*text(), *text());
          auto& [name, value] = parameters.back();
          if (name.empty() && value.empty()) name = "n";
          if (*one_in(6)) query += '&';  // Nothing between two of them is nothing.
          const bool bare = value.empty() && *one_in(2);
          query += escaped(name, true) + (bare ? "" : '=' + escaped(value, true)) + '&';
        }
        if (!query.empty() && *one_in(2)) query.pop_back();
        const bool too_many = parameters.size() > limits::query_parameters_max;
        reached("too many", too_many);
        reached("as many as may be", parameters.size() == limits::query_parameters_max);
        reached("none", parameters.empty());
        const auto read = wire::parse_query(query);
        RC_ASSERT(read.has_value() == !too_many);
        if (read) RC_ASSERT(*read == parameters);
        if (!read) RC_ASSERT(read.error().reason == Reason::bad_request);
      },
      {"too many", "as many as may be", "none"});
}

TEST(Forms, AnyTextWithoutASlashComesBackFromAPath) {
  expect_always([] {
    auto segment = *text();
    std::erase(segment, '/');
    const auto read = wire::decode_path("/" + escaped(segment, false));
    RC_ASSERT(read.has_value());
    RC_ASSERT(*read == "/" + segment);
    RC_ASSERT(!wire::decode_path("/a" + std::string{*one_in(2) ? "%2F" : "%2f"} +
                                 escaped(segment, false)));
  });
}

// Decoded by the grammar: `%` with two digits, or an octet that stands for itself.
std::optional<std::string> decoded(const std::string& text, bool plus_is_space) {
  static const std::regex form{"(%[0-9a-fA-F]{2}|[^%])*"};
  if (!std::regex_match(text, form)) return std::nullopt;
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%') {
      out += static_cast<char>(std::stoi(text.substr(i + 1, 2), nullptr, 16));
      i += 2;
    } else {
      out += text[i] == '+' && plus_is_space ? ' ' : text[i];
    }
  }
  const bool fine = wire::utf8_characters(out) && out.find('\0') == out.npos;
  return fine ? std::optional{out} : std::nullopt;
}

const std::vector<std::string> good_pieces{"a", "0", "%41", "%c3%a4", "%C3%A4", "%25",     "41",
                                           "+", "/", "..",  "=",      "&",      "\xc3\xa4"};
const std::vector<std::string> bad_pieces{"%",   "%4",   "%zz", "%2f", "%2F", "%00", "%c3",
                                          "%a4", "\xff", "%-1", "%+1", "% 1", "%%"};

std::string any_escaped() {
  auto text = *made_of(good_pieces);
  if (*one_in(2)) text.insert(*below(text.size() + 1), bad_pieces[*below(bad_pieces.size())]);
  return text;
}

using DecodePath = std::function<Result<std::string>(const std::string&)>;

Property paths_are_read_strictly(const DecodePath& decode) {
  return [decode] {
    const auto path = any_escaped();
    auto expected = decoded(path, false);
    if (path.find("%2f") != path.npos || path.find("%2F") != path.npos) expected.reset();
    reached("read", expected.has_value());
    reached("refused", !expected);
    const auto read = decode(path);
    RC_ASSERT(read.has_value() == expected.has_value());
    if (read) RC_ASSERT(*read == *expected);
    if (!read) RC_ASSERT(read.error().reason == Reason::bad_request);
  };
}

TEST(Forms, APathIsDecodedOnceAndStrictly) {
  expect_always(paths_are_read_strictly(&wire::decode_path), {"read", "refused"});
  expect_refuted(paths_are_read_strictly([](const std::string& path) {
    const auto once = wire::decode_path(path);
    return once ? wire::decode_path(*once) : once;
  }));
  expect_refuted(paths_are_read_strictly([](std::string path) {
    std::replace(path.begin(), path.end(), '+', ' ');
    return wire::decode_path(path);
  }));
}

TEST(Forms, AQueryIsCutAtItsMarksAndThenDecoded) {
  expect_always(
      [] {
        const auto query = any_escaped();
        std::optional<wire::Parameters> expected{std::in_place};
        static const std::regex mark{"&"};
        for (std::sregex_token_iterator part{query.begin(), query.end(), mark, -1}, end;
             part != end; ++part) {
          const std::string each = *part;
          if (each.empty() || !expected) continue;
          const auto equals = std::min(each.find('='), each.size());
          const auto name = decoded(each.substr(0, equals), true);
          const auto value = decoded(each.substr(std::min(equals + 1, each.size())), true);
          if (name && value) expected->emplace_back(*name, *value);
          if (!name || !value) expected.reset();
        }
        reached("read", expected && !expected->empty());
        reached("refused", !expected);
        const auto read = wire::parse_query(query);
        RC_ASSERT(read.has_value() == expected.has_value());
        if (read) RC_ASSERT(*read == *expected);
      },
      {"read", "refused"});
}

TEST(Forms, TheFirstCookieOfANameIsFound) {
  expect_always(
      [] {
        static const std::vector<std::string> words{"a", "zuid", "b", "zuid=", "=", "x=y"};
        std::string field;
        std::optional<std::string> expected;
        for (auto count = *below(5); count > 0; --count) {
          const auto name = words[*below(words.size())];
          const bool bare = *one_in(5);
          const auto value = bare ? "" : words[*below(words.size())];
          const auto cookie = bare ? name : name + '=' + value;
          if (!field.empty()) field += *one_in(3) ? ";" : " ; ";
          field += cookie;
          const auto equals = cookie.find('=');
          if (!expected && equals != cookie.npos && cookie.substr(0, equals) == "zuid")
            expected = cookie.substr(equals + 1);
        }
        reached("found", expected.has_value());
        reached("not found", !expected);
        const auto found = wire::find_cookie(field, "zuid");
        RC_ASSERT(found.has_value() == expected.has_value());
        if (found) RC_ASSERT(*found == *expected);
      },
      {"found", "not found"});
}

}  // namespace
}  // namespace twostep::properties

#include "impl/wire/json_text.hpp"

#include <array>
#include <cassert>
#include <cstdio>

#include "impl/wire/utf8.hpp"

namespace twostep::wire {
namespace {

using std::chrono::floor;

constexpr std::string_view hex_digits = "0123456789abcdef";

void append_escaped(std::string& out, char c) {
  switch (c) {
    case '"':
      out += R"(\")";
      return;
    case '\\':
      out += R"(\\)";
      return;
    case '\n':
      out += R"(\n)";
      return;
    case '\r':
      out += R"(\r)";
      return;
    case '\t':
      out += R"(\t)";
      return;
    default:
      break;
  }
  const auto octet = static_cast<unsigned char>(c);
  out += R"(\u00)";
  out += hex_digits[octet >> 4];
  out += hex_digits[octet & 0x0f];
}

constexpr bool stands_as_it_is(char c) {
  return static_cast<unsigned char>(c) >= 0x20 && c != '"' && c != '\\';
}

std::string calendar_time(std::chrono::sys_seconds at) {
  const auto day = floor<std::chrono::days>(at);
  const std::chrono::year_month_day date{day};
  const std::chrono::hh_mm_ss time{at - day};
  const int year{date.year()};
  assert(year >= 1 && year <= 9999);
  std::array<char, 24> text;
  const int length = std::snprintf(
      text.data(), text.size(), "%04u-%02u-%02uT%02u:%02u:%02u",
      static_cast<unsigned>(year) % 10000, static_cast<unsigned>(date.month()),
      static_cast<unsigned>(date.day()), static_cast<unsigned>(time.hours().count()),
      static_cast<unsigned>(time.minutes().count()), static_cast<unsigned>(time.seconds().count()));
  return {text.data(), static_cast<std::size_t>(length)};
}

}  // namespace

void append_json_string(std::string& out, std::string_view text) {
  out += '"';
  while (!text.empty()) {
    const auto octets = utf8_character(text);
    if (octets == 0) {
      out += "\xEF\xBF\xBD";
      text.remove_prefix(1);
    } else if (octets == 1 && !stands_as_it_is(text.front())) {
      append_escaped(out, text.front());
      text.remove_prefix(1);
    } else {
      out += text.substr(0, octets);
      text.remove_prefix(octets);
    }
  }
  out += '"';
}

void append_qualified_id(std::string& out, const Domain& domain, const Uuid& id) {
  out += R"({"id":")";
  out += id.text();
  out += R"(","domain":")";
  out += domain.text();  // Of letters, digits, dots and dashes: nothing to escape.
  out += R"("})";
}

std::string millisecond_time(Instant at) {
  const auto second = floor<std::chrono::seconds>(at);
  const auto milliseconds = floor<std::chrono::milliseconds>(at - second).count();
  std::string text = calendar_time(second);
  text += '.';
  text += static_cast<char>('0' + milliseconds / 100);
  text += static_cast<char>('0' + milliseconds / 10 % 10);
  text += static_cast<char>('0' + milliseconds % 10);
  text += 'Z';
  return text;
}

std::string second_time(Instant at) { return calendar_time(floor<std::chrono::seconds>(at)) + 'Z'; }

}  // namespace twostep::wire

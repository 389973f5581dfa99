#include "model/serve/formats.hpp"

#include <sodium.h>

#include <algorithm>
#include <array>
#include <cassert>
#include <charconv>
#include <cstdio>
#include <utility>

#include "model/serve/http.hpp"

namespace twostep::model::serve {
namespace {

constexpr std::size_t uuid_chars = 36;
constexpr std::size_t uuid_size = 16;

bool is_dash_position(std::size_t i) { return i == 8 || i == 13 || i == 18 || i == 23; }

bool is_hex(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

std::string hex(std::string_view octets) {
  std::string text(octets.size() * 2 + 1, '\0');
  sodium_bin2hex(text.data(), text.size(), reinterpret_cast<const unsigned char*>(octets.data()),
                 octets.size());
  text.pop_back();
  return text;
}

std::string random_octets(std::size_t size) {
  std::string octets(size, '\0');
  randombytes_buf(octets.data(), octets.size());
  return octets;
}

std::string version_4_of(std::string octets) {
  octets[6] = static_cast<char>((octets[6] & 0x0f) | 0x40);
  octets[8] = static_cast<char>((octets[8] & 0x3f) | 0x80);
  return uuid_text(octets);
}

bool is_label(std::string_view label) {
  const auto letter_or_digit = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
  };
  return !label.empty() && label.size() <= 63 && letter_or_digit(label.front()) &&
         letter_or_digit(label.back()) && std::all_of(label.begin(), label.end(), [&](char c) {
           return letter_or_digit(c) || c == '-';
         });
}

/// A moment to the second, without the zone.
std::string date_and_time(Moment moment) {
  const auto day = std::chrono::floor<std::chrono::days>(moment);
  const std::chrono::year_month_day date{day};
  const std::chrono::hh_mm_ss time{std::chrono::floor<std::chrono::seconds>(moment) - day};
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "%04d-%02u-%02uT%02d:%02d:%02d",
                static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
                static_cast<unsigned>(date.day()), static_cast<int>(time.hours().count()),
                static_cast<int>(time.minutes().count()), static_cast<int>(time.seconds().count()));
  return text.data();
}

}  // namespace

std::optional<std::string> read_uuid(std::string_view text) {
  if (text.size() != uuid_chars) return std::nullopt;
  for (std::size_t i = 0; i < uuid_chars; ++i) {
    if (is_dash_position(i) ? text[i] != '-' : !is_hex(text[i])) return std::nullopt;
  }
  return lower(text);
}

std::string uuid_text(std::string_view octets) {
  assert(octets.size() == uuid_size);
  auto text = hex(octets);
  for (const std::size_t position : {8u, 13u, 18u, 23u}) text.insert(position, "-");
  return text;
}

std::string uuid_octets(std::string_view uuid) {
  std::string octets(uuid_size, '\0');
  std::size_t size = 0;
  sodium_hex2bin(reinterpret_cast<unsigned char*>(octets.data()), octets.size(), uuid.data(),
                 uuid.size(), "-", &size, nullptr);
  assert(size == uuid_size);
  return octets;
}

std::string random_uuid() { return version_4_of(random_octets(uuid_size)); }

QualifiedId one_to_one_of(const QualifiedId& one, const QualifiedId& other) {
  std::pair first{one.domain + "/" + one.id, one.domain};
  std::pair second{other.domain + "/" + other.id, other.domain};
  if (second < first) std::swap(first, second);
  const auto names = first.first + "\n" + second.first;
  std::array<unsigned char, crypto_hash_sha256_BYTES> hash;
  crypto_hash_sha256(hash.data(), reinterpret_cast<const unsigned char*>(names.data()),
                     names.size());
  const bool first_owns = hash[uuid_size] % 2 == 0;
  return {(first_owns ? first : second).second,
          version_4_of({hash.begin(), hash.begin() + uuid_size})};
}

std::optional<std::string> read_domain(std::string_view text) {
  constexpr std::size_t domain_bytes_max = 253;
  if (text.empty() || text.size() > domain_bytes_max) return std::nullopt;
  std::size_t labels = 0;
  std::string_view last;
  for (auto rest = text;; rest.remove_prefix(last.size() + 1)) {
    last = rest.substr(0, rest.find('.'));
    if (!is_label(last)) return std::nullopt;
    ++labels;
    if (last.size() == rest.size()) break;
  }
  const bool ends_as_name = last.front() < '0' || last.front() > '9';
  if (!ends_as_name || (labels < 2 && text != "localhost")) return std::nullopt;
  return lower(text);
}

std::optional<ClientNumber> read_client(std::string_view text) {
  const auto zeros = std::min(text.find_first_not_of('0'), text.empty() ? 0 : text.size() - 1);
  text.remove_prefix(zeros);
  ClientNumber client = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), client, 16);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return client;
}

std::string client_text(ClientNumber client) {
  std::array<char, 16> text{};
  const auto [end, error] = std::to_chars(text.data(), text.data() + text.size(), client, 16);
  return {text.data(), end};
}

std::string time_text(Moment moment) {
  const auto milliseconds = (moment - std::chrono::floor<std::chrono::seconds>(moment)).count();
  const auto digits = std::to_string(1000 + milliseconds).substr(1);
  return date_and_time(moment) + '.' + digits + 'Z';
}

std::string whole_time_text(Moment moment) { return date_and_time(moment) + 'Z'; }

std::optional<Moment> read_time(const std::string& text) {
  int year = 0;
  unsigned month = 0;
  unsigned day = 0;
  int hours = 0;
  int minutes = 0;
  double seconds = 0;
  int end = 0;
  const int fields = std::sscanf(text.c_str(), "%4d-%2u-%2uT%2d:%2d:%lfZ%n", &year, &month, &day,
                                 &hours, &minutes, &seconds, &end);
  const std::chrono::year_month_day date{std::chrono::year{year}, std::chrono::month{month},
                                         std::chrono::day{day}};
  const bool complete = fields == 6 && end > 0 && static_cast<std::size_t>(end) == text.size();
  if (!complete || !date.ok() || hours > 23 || minutes > 59 || !(seconds >= 0 && seconds < 61))
    return std::nullopt;
  const std::chrono::milliseconds fraction{static_cast<std::int64_t>(seconds * 1000 + 0.5)};
  return Moment{std::chrono::sys_days{date} + std::chrono::hours{hours} +
                std::chrono::minutes{minutes} + fraction};
}

std::string base64(std::string_view octets) {
  constexpr int variant = sodium_base64_VARIANT_ORIGINAL;
  std::string text(sodium_base64_encoded_len(octets.size(), variant), '\0');
  sodium_bin2base64(text.data(), text.size(), reinterpret_cast<const unsigned char*>(octets.data()),
                    octets.size(), variant);
  text.pop_back();
  return text;
}

std::optional<std::string> from_base64(std::string_view text) {
  std::string octets(text.size(), '\0');
  std::size_t size = 0;
  if (sodium_base642bin(reinterpret_cast<unsigned char*>(octets.data()), octets.size(), text.data(),
                        text.size(), nullptr, &size, nullptr,
                        sodium_base64_VARIANT_ORIGINAL) != 0) {
    return std::nullopt;
  }
  octets.resize(size);
  return octets;
}

std::string random_secret() {
  constexpr std::size_t secret_size = 24;
  return hex(random_octets(secret_size));
}

std::size_t characters(std::string_view text) {
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return (c & 0xc0) != 0x80; }));
}

}  // namespace twostep::model::serve

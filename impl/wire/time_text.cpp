#include "impl/wire/time_text.hpp"

#include <chrono>
#include <cstdint>

namespace twostep::wire {
namespace {

/// Takes what was read from the front of a text; after the first mistake nothing is right any more.
class Reading {
 public:
  explicit Reading(std::string_view text) : rest_{text} {}

  unsigned number(std::size_t digits) {
    unsigned value = 0;
    for (std::size_t i = 0; i < digits; ++i) value = value * 10 + digit();
    return value;
  }

  void expect(char c) {
    if (rest_.empty() || rest_.front() != c) failed_ = true;
    if (!rest_.empty()) rest_.remove_prefix(1);
  }

  /// A fraction in ticks, if there is one: a dot and some digits.
  Ticks fraction() {
    if (rest_.empty() || rest_.front() != '.') return Ticks{};
    rest_.remove_prefix(1);
    if (!at_digit()) failed_ = true;
    std::int64_t worth = Ticks::period::den / 10;
    std::int64_t ticks = 0;
    for (; at_digit(); worth /= 10) ticks += worth * digit();
    return Ticks{ticks};
  }

  bool done() const { return rest_.empty() && !failed_; }

 private:
  bool at_digit() const { return !rest_.empty() && rest_.front() >= '0' && rest_.front() <= '9'; }

  unsigned digit() {
    if (!at_digit()) {
      failed_ = true;
      return 0;
    }
    const auto value = static_cast<unsigned>(rest_.front() - '0');
    rest_.remove_prefix(1);
    return value;
  }

  std::string_view rest_;
  bool failed_ = false;
};

}  // namespace

std::optional<Instant> parse_time(std::string_view text) {
  Reading reading{text};
  const auto year = reading.number(4);
  reading.expect('-');
  const auto month = reading.number(2);
  reading.expect('-');
  const auto day = reading.number(2);
  reading.expect('T');
  const auto hour = reading.number(2);
  reading.expect(':');
  const auto minute = reading.number(2);
  reading.expect(':');
  const auto second = reading.number(2);
  const auto fraction = reading.fraction();
  reading.expect('Z');

  const std::chrono::year_month_day date{std::chrono::year{static_cast<int>(year)},
                                         std::chrono::month{month}, std::chrono::day{day}};
  if (!reading.done() || !date.ok() || year < 1970 || hour > 23 || minute > 59 || second > 59)
    return std::nullopt;
  return Instant{std::chrono::sys_days{date}} + std::chrono::hours{hour} +
         std::chrono::minutes{minute} + std::chrono::seconds{second} + fraction;
}

Result<Instant> read::Time::operator()(const Json& value) const {
  if (const auto* text = value.get_ptr<const std::string*>()) {
    if (const auto time = parse_time(*text)) return *time;
  }
  return Refusal{Reason::bad_request, "not a time"};
}

}  // namespace twostep::wire

#pragma once

#include <cstdint>
#include <initializer_list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

/// What an operator reads afterwards: one JSON object per line.
///
/// Never in it: tokens, cookies, passwords, ciphertext, bodies, query strings, or the text of an
/// exception, which may quote any of them.
///
/// Shape      `{"time":…,"level":…,"event":…, fields…}`.
/// Threads    Any. Writing never waits: when the reader of the log falls behind, the oldest lines
///            are dropped, not the requests held up.
/// Source     docs/ARCHITECTURE.md, "Operation".
namespace twostep::server {

enum class LogLevel { debug, info, warning, error };

std::string_view name_of(LogLevel level);
std::optional<LogLevel> log_level_of(std::string_view name);

struct LogField {
  std::string_view name;
  std::variant<std::string_view, std::int64_t> value;
};
using LogFields = std::initializer_list<LogField>;

class Log {
 public:
  virtual ~Log() = default;
  virtual void write(LogLevel level, std::string_view event, LogFields fields = {}) = 0;
};

/// The line without its time: what every log agrees on.
std::string log_line(LogLevel level, std::string_view event, LogFields fields);

/// Lines of this level and above, to standard error.
std::unique_ptr<Log> log_to_stderr(LogLevel lowest);

}  // namespace twostep::server

#include "impl/server/log.hpp"

#include <spdlog/async.h>
#include <spdlog/async_logger.h>
#include <spdlog/sinks/stdout_sinks.h>

#include <array>
#include <utility>

#include "impl/wire/json_text.hpp"

namespace twostep::server {
namespace {

/// Lines that wait to be written: a second of a busy server.
constexpr std::size_t waiting_lines_max = 8'192;

constexpr auto names = std::to_array<std::pair<LogLevel, std::string_view>>({
    {LogLevel::debug, "debug"},
    {LogLevel::info, "info"},
    {LogLevel::warning, "warning"},
    {LogLevel::error, "error"},
});

spdlog::level::level_enum spdlog_level(LogLevel level) {
  switch (level) {
    case LogLevel::debug:
      return spdlog::level::debug;
    case LogLevel::info:
      return spdlog::level::info;
    case LogLevel::warning:
      return spdlog::level::warn;
    case LogLevel::error:
      return spdlog::level::err;
  }
  return spdlog::level::off;
}

class StderrLog final : public Log {
 public:
  explicit StderrLog(LogLevel lowest)
      : threads_{std::make_shared<spdlog::details::thread_pool>(waiting_lines_max, 1)},
        logger_{std::make_shared<spdlog::async_logger>(
            "twostep", std::make_shared<spdlog::sinks::stderr_sink_mt>(), threads_,
            spdlog::async_overflow_policy::overrun_oldest)} {
    logger_->set_pattern(R"({"time":"%Y-%m-%dT%H:%M:%S.%eZ",%v)", spdlog::pattern_time_type::utc);
    logger_->set_level(spdlog_level(lowest));
    logger_->flush_on(spdlog::level::warn);
  }

  // The thread that writes ends before what it writes with.
  ~StderrLog() override { threads_.reset(); }

  void write(LogLevel level, std::string_view event, LogFields fields) override {
    if (!logger_->should_log(spdlog_level(level))) return;
    const auto line = log_line(level, event, fields);
    logger_->log(spdlog_level(level), std::string_view{line}.substr(1));
  }

 private:
  std::shared_ptr<spdlog::details::thread_pool> threads_;
  std::shared_ptr<spdlog::async_logger> logger_;
};

}  // namespace

std::string_view name_of(LogLevel level) {
  for (const auto& [known, name] : names) {
    if (known == level) return name;
  }
  return {};
}

std::optional<LogLevel> log_level_of(std::string_view name) {
  for (const auto& [level, known] : names) {
    if (known == name) return level;
  }
  return std::nullopt;
}

std::string log_line(LogLevel level, std::string_view event, LogFields fields) {
  std::string line = "{\"level\":";
  wire::append_json_string(line, name_of(level));
  line += ",\"event\":";
  wire::append_json_string(line, event);
  for (const auto& field : fields) {
    line += ',';
    wire::append_json_string(line, field.name);
    line += ':';
    if (const auto* text = std::get_if<std::string_view>(&field.value)) {
      wire::append_json_string(line, *text);
    } else {
      line += std::to_string(std::get<std::int64_t>(field.value));
    }
  }
  line += '}';
  return line;
}

std::unique_ptr<Log> log_to_stderr(LogLevel lowest) { return std::make_unique<StderrLog>(lowest); }

}  // namespace twostep::server

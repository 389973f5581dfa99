#include "conformance/support/history.hpp"

#include <array>
#include <regex>

#include "conformance/support/bytes.hpp"

namespace twostep::conformance {
namespace {

/// Most of one body that is kept. A page of ten thousand notifications would make a history that
/// nobody can open; what was in it is in the failure's text.
constexpr std::size_t body_bytes_max = 16'384;

double milliseconds(Clock::duration duration) {
  return std::chrono::duration<double, std::milli>(duration).count();
}

}  // namespace

History::History(const std::string& file) : out_(file, std::ios::trunc) {}

void History::add(Json entry) {
  const std::lock_guard lock{mutex_};
  const auto now = milliseconds(Clock::now() - begun_);
  if (entry.contains("ago_ms")) {
    entry["begun_ms"] = now - entry["ago_ms"].get<double>();
    entry.erase("ago_ms");
  }
  entry["at_ms"] = now;
  out_ << entry.dump(-1, ' ', false, Json::error_handler_t::replace) << std::endl;
}

Json ago(Clock::time_point moment) { return milliseconds(Clock::now() - moment); }

void put_body(Json& entry, const std::string& key, const std::string& body) {
  if (body.empty()) return;
  const auto kept = body.substr(0, body_bytes_max);
  if (is_utf8(body)) {
    entry[key] = redacted(kept);
  } else {
    entry[key + "_base64"] = to_base64(kept);
  }
  if (kept.size() < body.size()) entry[key + "_bytes"] = body.size();
}

std::string redacted(const std::string& text) {
  static const std::array<std::regex, 4> secrets = {
      std::regex{R"re(("(?:password|access_token|old_password|new_password)"\s*:\s*)"[^"]*")re"},
      std::regex{R"re((zuid=)[^;\s"]+)re"},
      std::regex{R"re(([?&]access_token=)[^&\s"]+)re"},
      std::regex{R"re((Bearer )[^\s"]+)re"},
  };
  constexpr std::array<const char*, 4> instead = {"$1\"…\"", "$1…", "$1…", "$1…"};
  if (text.find("password") == text.npos && text.find("token") == text.npos &&
      text.find("zuid=") == text.npos && text.find("Bearer ") == text.npos) {
    return text;
  }
  auto result = text;
  for (std::size_t i = 0; i < secrets.size(); ++i) {
    result = std::regex_replace(result, secrets[i], instead[i]);
  }
  return result;
}

std::vector<Json> read_history(const std::string& file) {
  std::vector<Json> entries;
  std::ifstream in{file};
  for (std::string line; std::getline(in, line);) {
    auto entry = Json::parse(line, nullptr, false);
    if (!entry.is_discarded()) entries.push_back(std::move(entry));
  }
  return entries;
}

}  // namespace twostep::conformance

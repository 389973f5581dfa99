#include "impl/server/router.hpp"

#include <algorithm>
#include <cassert>
#include <charconv>
#include <optional>

#include "impl/core/limits.hpp"

namespace twostep::server {
namespace {

constexpr bool is_capture(std::string_view segment) { return segment.starts_with(':'); }

std::optional<int> hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return std::nullopt;
}

enum class Plus { itself, space };

// RFC 3986 section 2.1; a plus is a space in a query only. No text of ours holds a NUL, so one that
// is smuggled in by its escape is refused here, before anything else could stop reading at it.
std::optional<std::string> decoded(std::string_view text, Plus plus) {
  std::string plain;
  plain.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '+' && plus == Plus::space) {
      plain += ' ';
    } else if (text[i] != '%') {
      plain += text[i];
    } else {
      if (text.size() - i < 3) return std::nullopt;
      const auto high = hex_digit(text[i + 1]);
      const auto low = hex_digit(text[i + 2]);
      if (!high || !low || (*high == 0 && *low == 0)) return std::nullopt;
      plain += static_cast<char>(*high * 16 + *low);
      i += 2;
    }
  }
  return plain;
}

// `/a/b` has two segments; `/` has one, which is empty.
std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  while (true) {
    const auto end = text.find(separator);
    parts.push_back(text.substr(0, end));
    if (end == text.npos) return parts;
    text.remove_prefix(end + 1);
  }
}

// A first segment of `v` and digits is a version, whether or not we serve it.
bool is_version(std::string_view segment) {
  return segment.size() > 1 && segment[0] == 'v' &&
         segment.find_first_not_of("0123456789", 1) == segment.npos;
}

std::optional<std::vector<std::pair<std::string, std::string>>> read_query(std::string_view text) {
  std::vector<std::pair<std::string, std::string>> query;
  if (text.empty()) return query;
  for (const auto part : split(text, '&')) {
    if (part.empty()) continue;
    if (query.size() == limits::query_parameters_max) return std::nullopt;
    const auto equals = std::min(part.find('='), part.size());
    auto name = decoded(part.substr(0, equals), Plus::space);
    auto value = decoded(part.substr(std::min(equals + 1, part.size())), Plus::space);
    if (!name || !value) return std::nullopt;
    query.emplace_back(std::move(*name), std::move(*value));
  }
  return query;
}

bool matches(const std::vector<std::string>& pattern, const std::vector<std::string>& segments) {
  return std::equal(pattern.begin(), pattern.end(), segments.begin(), segments.end(),
                    [](const auto& wanted, const auto& segment) {
                      return is_capture(wanted) ? !segment.empty() : wanted == segment;
                    });
}

}  // namespace

std::string Target::path() const {
  std::string path;
  for (const auto& segment : segments) path.append("/").append(segment);
  return path;
}

Result<Target> read_target(std::string_view text) {
  if (!text.starts_with('/')) return Refusal{Reason::bad_request, "not a path"};
  const auto question = std::min(text.find('?'), text.size());

  Target target;
  auto query = read_query(text.substr(std::min(question + 1, text.size())));
  if (!query) return Refusal{Reason::bad_request, "not a query string"};
  target.query = std::move(*query);

  for (const auto part : split(text.substr(1, question - 1), '/')) {
    auto segment = decoded(part, Plus::itself);
    if (!segment) return Refusal{Reason::bad_request, "not a path"};
    target.segments.push_back(std::move(*segment));
  }

  if (is_version(target.segments.front())) {
    const bool served = target.segments.front() == "v" + std::to_string(api_version);
    const bool internal = target.segments.size() > 1 && target.segments[1] == "i";
    if (!served || internal) return Refusal{Reason::unsupported_version};
    target.version = api_version;
    target.segments.erase(target.segments.begin());
  }
  return target;
}

Router::Router(Routes routes) {
  for (auto& route : routes) {
    const auto parts = split(std::string_view{route.pattern}.substr(1), '/');
    std::vector<std::string> segments{parts.begin(), parts.end()};
    entries_.push_back({std::move(route), std::move(segments)});
  }
  // Literal before capture, segment by segment, so that the first match is the preferred one.
  std::stable_sort(entries_.begin(), entries_.end(), [](const Entry& left, const Entry& right) {
    return std::lexicographical_compare(
        left.segments.begin(), left.segments.end(), right.segments.begin(), right.segments.end(),
        [](const auto& a, const auto& b) { return !is_capture(a) && is_capture(b); });
  });
  for (auto entry = entries_.begin(); entry != entries_.end(); ++entry) {
    assert(std::none_of(entries_.begin(), entry, [&](const Entry& other) {
      return other.route.method == entry->route.method &&
             other.route.pattern == entry->route.pattern;
    }));
  }
}

Match Router::find(std::string_view method, const std::vector<std::string>& segments) const {
  if (method == "HEAD") method = "GET";
  Match match;
  for (const auto& entry : entries_) {
    if (!matches(entry.segments, segments)) continue;
    if (entry.route.method == method) {
      for (std::size_t i = 0; i < segments.size(); ++i) {
        if (is_capture(entry.segments[i])) match.captures.push_back(segments[i]);
      }
      match.route = &entry.route;
      match.allow.clear();
      return match;
    }
    if (!match.allow.empty()) match.allow += ", ";
    match.allow += entry.route.method;
  }
  return match;
}

}  // namespace twostep::server

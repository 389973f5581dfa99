#include "impl/wire/json.hpp"

#include <optional>
#include <string>

#include "impl/core/limits.hpp"

namespace twostep::wire {
namespace {

Refusal wrong_at(std::size_t octet, std::string_view what) {
  return {Reason::bad_request, "JSON, octet " + std::to_string(octet) + ": " + std::string{what}};
}

// What the parser must not be asked to do: nest deeper, or hold more values, than the bounds. Looks
// only at brackets and commas; whether they make sense is for the parser to say.
std::optional<Refusal> beyond_bounds(std::string_view body) {
  std::size_t depth = 0;
  std::size_t values = 0;
  bool in_string = false;
  for (std::size_t i = 0; i < body.size(); ++i) {
    const char c = body[i];
    if (in_string) {
      if (c == '\\') ++i;
      if (c == '"') in_string = false;
      continue;
    }
    if (c == '"') in_string = true;
    if (c == '{' || c == '[') ++depth;
    if ((c == '}' || c == ']') && depth > 0) --depth;
    if (c == '{' || c == '[' || c == ',') ++values;
    if (depth > limits::json_depth_max) return wrong_at(i, "nested too deeply");
    if (values > limits::json_values_max) {
      return Refusal{Reason::payload_too_large, "JSON: too many values"};
    }
  }
  return std::nullopt;
}

}  // namespace

Result<Json> parse_value(std::string_view body) {
  if (auto refusal = beyond_bounds(body)) return *std::move(refusal);
  if (body.starts_with("\xEF\xBB\xBF")) return wrong_at(0, "a byte order mark");
  // The parser takes a NUL for the end of its input, and would not see what follows.
  if (const auto octet = body.find('\0'); octet != body.npos) return wrong_at(octet, "a NUL");
  try {
    return Json::parse(body);
  } catch (const Json::parse_error& error) {
    return wrong_at(error.byte, "not JSON");
  } catch (const Json::out_of_range&) {
    return Refusal{Reason::bad_request, "JSON: a number that is too large"};
  }
}

Result<Json> parse_object(std::string_view body) {
  auto value = parse_value(body);
  if (value && !value->is_object()) return wrong_at(0, "an object is needed");
  return value;
}

Result<Json> parse_object_or_nothing(std::string_view body) {
  if (body.empty()) return Json::object();
  return parse_object(body);
}

std::string text_of(const Json& value) {
  return value.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace twostep::wire

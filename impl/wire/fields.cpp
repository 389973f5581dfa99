#include "impl/wire/fields.hpp"

#include "impl/wire/utf8.hpp"

namespace twostep::wire {
namespace read {

Result<std::string> Text::operator()(const Json& value) const {
  const auto* text = value.get_ptr<const std::string*>();
  if (!text) return Refusal{Reason::bad_request, "not text"};
  if (text->find('\0') != std::string::npos) {
    return Refusal{Reason::bad_request, "a NUL in text"};
  }
  const auto chars = utf8_characters(*text).value_or(0);  // The parser let UTF-8 in only.
  if (chars < chars_min) return Refusal{Reason::bad_request, "too short"};
  if (chars > chars_max) return Refusal{Reason::bad_request, "too long"};
  return *text;
}

Result<std::int64_t> Integer::operator()(const Json& value) const {
  const auto within = [&](std::int64_t number) { return number >= min && number <= max; };
  // Unsigned first: what does not fit the signed type would come out negative.
  if (const auto* large = value.get_ptr<const std::uint64_t*>()) {
    if (*large <= std::uint64_t{INT64_MAX} && within(static_cast<std::int64_t>(*large))) {
      return static_cast<std::int64_t>(*large);
    }
  } else if (const auto* number = value.get_ptr<const std::int64_t*>()) {
    if (within(*number)) return *number;
  }
  return Refusal{Reason::bad_request,
                 "not a whole number from " + std::to_string(min) + " to " + std::to_string(max)};
}

Result<bool> Boolean::operator()(const Json& value) const {
  if (const auto* truth = value.get_ptr<const bool*>()) return *truth;
  return Refusal{Reason::bad_request, "not true or false"};
}

}  // namespace read

Fields::Fields(const Json& object) : object_{object} {
  if (!object.is_object()) refusal_ = Refusal{Reason::bad_request, "not an object"};
}

const Json* Fields::find(const char* name) const {
  if (!object_.is_object()) return nullptr;
  const auto member = object_.find(name);
  return member == object_.end() || member->is_null() ? nullptr : &*member;
}

void Fields::refuse(std::string_view name, Refusal refusal) {
  if (refusal_) return;
  refusal.detail = std::string{name} + ": " + refusal.detail;
  refusal_ = std::move(refusal);
}

}  // namespace twostep::wire

#pragma once

#include <stdexcept>

namespace twostep::conformance {

/// What is read of an answer may not be there. The library would end the process, or without assertions
/// read past the end; a test is to fail instead.
inline void must_be_there(bool holds) {
  if (!holds) throw std::logic_error("a member is missing in the JSON that was received");
}

}  // namespace twostep::conformance

#define JSON_ASSERT(holds) ::twostep::conformance::must_be_there(static_cast<bool>(holds))
#include <nlohmann/json.hpp>
#include <string>

namespace twostep::conformance {

/// What the suite reads and writes as JSON. Its own codec, not the backend's.
using Json = nlohmann::json;

/// The part at a JSON pointer ("/members/self/qualified_id"); null if there is none.
inline Json part(const Json& whole, const std::string& pointer) {
  const Json::json_pointer where{pointer};
  return whole.contains(where) ? whole.at(where) : Json{};
}

}  // namespace twostep::conformance

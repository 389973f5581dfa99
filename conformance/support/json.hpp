#pragma once

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

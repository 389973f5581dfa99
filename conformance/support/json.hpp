#pragma once

#include <nlohmann/json.hpp>

namespace twostep::conformance {

/// What the suite reads and writes as JSON. Its own codec, not the backend's.
using Json = nlohmann::json;

}  // namespace twostep::conformance

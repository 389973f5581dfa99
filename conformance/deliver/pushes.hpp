#pragma once

#include <functional>
#include <string>
#include <vector>

#include "conformance/support/backend.hpp"
#include "conformance/support/push_sink.hpp"

/// What the tests of native push have in common.
namespace twostep::conformance {

/// Registers a fresh push token for the device. Setup.
std::string pushed_to(const Device& device, const PushSink& gateway);

/// The notifications that the pushes name; "?" for one that names none.
std::vector<std::string> ids_of(const std::vector<Push>& pushes);

/// Asks again and again until it is so, or the deadline has passed. For what the backend does after its
/// answer and tells nobody; each question should be a request, which takes its time.
bool becomes_true(const std::function<bool()>& fact);

}  // namespace twostep::conformance

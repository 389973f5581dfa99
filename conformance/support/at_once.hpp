#pragma once

#include <functional>
#include <vector>

namespace twostep::conformance {

/// Does all of these at the same time, each on a thread of its own, and returns when all are done.
/// An exception of one of them (setup that failed) is thrown again here.
void at_once(const std::vector<std::function<void()>>& actions);

}  // namespace twostep::conformance

#pragma once

#include <string>
#include <vector>

#include "conformance/three_backends/between.hpp"
#include "conformance/three_backends/cast.hpp"

/// Three backends with something between each two of them, which sees every call.
namespace twostep::conformance {

/// Calls as text, sorted: "c asks a: galley/send-message".
using Calls = std::vector<std::string>;

std::string asks(const std::string& caller, const std::string& callee, const std::string& rpc);

/// Each of these once, sorted.
Calls sorted(Calls calls);

struct Rig {
  Between before_a{"a"};
  Between before_b{"b"};
  Between before_c{"c"};
  Cast cast;

  Between& before(const std::string& name);
  const Server& server(const std::string& name) const;
  const Device& sender_at(const std::string& name) const;

  /// All calls since it was asked last, or since `forget`; each has the form that calls have (FED-01).
  Calls calls();
  void forget();
  void pass_on();  ///< Everything, again.
};

}  // namespace twostep::conformance

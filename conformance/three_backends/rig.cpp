#include "conformance/three_backends/rig.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <iterator>

namespace twostep::conformance {

std::string asks(const std::string& caller, const std::string& callee, const std::string& rpc) {
  return caller + " asks " + callee + ": " + rpc;
}

Calls sorted(Calls calls) {
  std::ranges::sort(calls);
  return calls;
}

Between& Rig::before(const std::string& name) {
  return name == "a" ? before_a : name == "b" ? before_b : before_c;
}

const Server& Rig::server(const std::string& name) const {
  return name == "a" ? cast.a : name == "b" ? cast.b : cast.c;
}

const Device& Rig::sender_at(const std::string& name) const {
  return name == "a" ? cast.alice : name == "b" ? cast.bob : cast.charlie;
}

Calls Rig::calls() {
  Calls calls;
  for (const std::string name : {"a", "b", "c"}) {
    for (const auto& call : before(name).received()) {
      EXPECT_FALSE(call.rpc.empty()) << "not a POST to /federation/: " << call.bytes;
      EXPECT_FALSE(call.body.is_discarded()) << call.rpc << " without JSON: " << call.bytes;
      EXPECT_TRUE(call.origin.ends_with(".example")) << call.rpc << " from " << call.origin;
      calls.push_back(asks(call.origin.substr(0, call.origin.find('.')), name, call.rpc));
    }
  }
  forget();
  return sorted(std::move(calls));
}

void Rig::forget() {
  for (auto* const each : {&before_a, &before_b, &before_c}) each->forget();
}

void Rig::pass_on() {
  for (auto* const each : {&before_a, &before_b, &before_c}) each->passes_on();
}

}  // namespace twostep::conformance

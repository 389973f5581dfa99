#include <gtest/gtest.h>

#include "model/explore/engine/search.hpp"
#include "model/worlds/named.hpp"
#include "model/worlds/world.hpp"

namespace twostep::model {
namespace {

using explore::End;
using explore::Fault;

class NamedWorld : public testing::TestWithParam<Setup> {};

// A world shows what it is meant to show, and nothing else.
TEST_P(NamedWorld, HoldsUnlessItIsMeantNotTo) {
  const World world{GetParam()};
  explore::Search<World> search{world, {.threads = 2}};
  const auto report = search.run();

  if (GetParam().shows.empty()) {
    EXPECT_EQ(report.end, End::complete);
    for (const auto& finding : report.findings) ADD_FAILURE() << finding.property;
    return;
  }
  ASSERT_EQ(report.findings.size(), 1u);
  EXPECT_EQ(report.findings[0].fault, Fault::violated);
  EXPECT_EQ(report.findings[0].property, GetParam().shows);
}

// Those that take no time in any build; twostep-explore goes through all of them in a release build.
std::vector<Setup> small_setups() {
  std::vector<Setup> small;
  for (const auto* name : {"one-backend", "step-two", "transient", "expiry", "two-nodes-skewed",
                           "two-nodes-slow", "two-nodes-exact", "m1-two", "m1-remote-sender"}) {
    small.push_back(*setup_named(name));
  }
  return small;
}

INSTANTIATE_TEST_SUITE_P(All, NamedWorld, testing::ValuesIn(small_setups()), [](const auto& world) {
  std::string name;
  for (const char letter : world.param.name) {
    if (letter != '-') name += letter;
  }
  return name;
});

}  // namespace
}  // namespace twostep::model

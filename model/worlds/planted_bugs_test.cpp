// Every planted bug is found, by the property that it breaks, with a history as short as any.

#include <gtest/gtest.h>

#include <set>

#include "model/bug.hpp"
#include "model/explore/engine/search.hpp"
#include "model/worlds/named.hpp"
#include "model/worlds/world.hpp"

namespace twostep::model {
namespace {

struct Planted {
  Bug bug;
  std::string_view world;
  std::string_view property;  ///< How its name begins; empty for a deadlock.
  std::size_t steps;
};

const Planted planted[] = {
    {Bug::acknowledges_before_commit, "one-backend", "SND-02", 3},
    {Bug::forgets_on_crash, "one-backend", "SND-02", 7},
    {Bug::stores_for_some, "one-backend", "SND-06", 4},
    {Bug::mismatch_ignores_first_client, "one-backend", "SND-19", 6},
    {Bug::stores_what_it_refuses, "one-backend", "SND-20", 6},
    {Bug::stores_for_strangers, "one-backend", "SND-11", 4},
    {Bug::stores_for_sender, "one-backend", "SND-11", 4},
    {Bug::one_copy_for_all_clients, "one-backend", "SND-11", 4},
    {Bug::since_is_inclusive, "one-backend", "CUP-03", 6},
    {Bug::reuses_ids_after_restart, "one-backend", "TID-02", 10},
    {Bug::releases_head_early, "one-backend", "CUP-21", 9},
    {Bug::forgets_gap, "expiry", "CUP-17", 10},
    {Bug::pushes_what_a_socket_got, "step-two", "S3", 6},
    {Bug::frames_out_of_order, "step-two", "DLV-09", 11},
    {Bug::stores_before_all_answered, "m1-three", "SND-02", 9},
    {Bug::treats_a_down_peer_as_empty, "m1-two", "S13", 7},
    {Bug::tells_again_after_failure, "m1-two", "SND-09", 14},
    {Bug::asks_twice, "m1-two", "S8", 1},
    {Bug::hides_partial_delivery, "m1-two", "S13", 9},
    {Bug::waits_while_forwarding, "m1-two", "", 4},
    {Bug::forgets_what_it_received, "outbox-two", "SND-09", 16},
};

class PlantedBug : public testing::TestWithParam<Planted> {};

TEST_P(PlantedBug, IsFound) {
  const auto& [bug, name, property, steps] = GetParam();
  auto setup = setup_named(name);
  ASSERT_TRUE(setup);
  setup->bug = bug;
  const World world{*setup};
  explore::Search<World> search{world, {.threads = 2}};
  const auto report = search.run();

  for (const auto& finding : report.findings) {
    if (!finding.history || !finding.property.starts_with(property)) continue;
    EXPECT_EQ(finding.history->steps.size(), steps);
    return;
  }
  ADD_FAILURE() << "not found";
}

INSTANTIATE_TEST_SUITE_P(All, PlantedBug, testing::ValuesIn(planted), [](const auto& test) {
  for (const auto& named : all_bugs()) {
    if (named.bug != test.param.bug) continue;
    std::string name;
    for (const char letter : named.name) {
      if (letter != '-') name += letter;
    }
    return name;
  }
  return std::string{"unnamed"};
});

TEST(PlantedBugs, AreAllTested) {
  std::set<Bug> tested;
  for (const auto& test : planted) tested.insert(test.bug);
  EXPECT_EQ(tested.size(), all_bugs().size());
}

}  // namespace
}  // namespace twostep::model

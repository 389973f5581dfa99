#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <set>
#include <sstream>

#include "property-tests/campaign/finding.hpp"

namespace twostep::properties {
namespace {

std::string shown(const std::vector<Violation>& violations) {
  std::string text;
  for (const auto& violation : violations)
    text += violation.property + ": " + violation.what + '\n';
  return text;
}

// A campaign that fits into a test. A longer one is `./run properties`.
TEST(Campaign, EveryPropertyHoldsAndEverySeedRepeatsItself) {
  Coverage coverage;
  Judged judged;
  judged.saw(Rule::repeats_itself);
  for (std::uint64_t seed = 1; seed <= 100; ++seed) {
    SCOPED_TRACE(seed);
    const Start start{.seed = seed, .commands_max = 60};
    const auto first = run(start);
    ASSERT_EQ(shown(first.violations), "");
    ASSERT_EQ(run(start).hash, first.hash);
    coverage += first.coverage;
    judged += first.judged;
  }
  for (const auto situation : coverage.never()) ADD_FAILURE() << "never: " << name_of(situation);
  for (const auto rule : judged.never()) ADD_FAILURE() << "never judged: " << name_of(rule);
}

TEST(Campaign, DecisionsRepeatARunWithoutItsSeedsOfChance) {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    const auto first = run({.seed = seed, .commands_max = 60});
    std::stringstream file;
    write(file, first.decisions);
    const auto decisions = read_decisions(file);
    ASSERT_TRUE(decisions);
    EXPECT_EQ(run({.seed = decisions->seed, .given = decisions}).hash, first.hash);
  }
}

/// Runs until every one of these rules has been seen not to hold. Those of which that was not seen.
std::set<std::string> blind(Plant plant, std::set<std::string> to_see, std::uint64_t seeds) {
  for (std::uint64_t seed = 1; seed <= seeds && !to_see.empty(); ++seed) {
    RunResult result;
    const Start start{.seed = seed, .commands_max = 150, .plant = plant};
    const auto found = first_violation(start, result, plant == Plant::unseeded);
    if (found) to_see.erase(found->property);
    for (const auto& violation : result.violations) to_see.erase(violation.property);
  }
  return to_see;
}

/// A fault, and rules that it breaks.
struct Planting {
  Plant plant;
  std::vector<Rule> breaks;
};

const std::vector<Planting>& plantings();

class Planted : public ::testing::TestWithParam<Planting> {};

// A rule that has never failed is not known to work: each of these is found, and soon.
TEST_P(Planted, FaultIsFound) {
  std::set<std::string> to_see;
  for (const auto rule : GetParam().breaks) to_see.emplace(name_of(rule));
  for (const auto& rule : blind(GetParam().plant, to_see, 800)) ADD_FAILURE() << rule;
}

INSTANTIATE_TEST_SUITE_P(All, Planted, ::testing::ValuesIn(plantings()), [](const auto& of) {
  for (const auto& known : plant_names)
    if (known.plant == of.param.plant) {
      std::string name{known.name};
      std::replace(name.begin(), name.end(), '-', '_');
      return name;
    }
  return std::string{"unnamed"};
});

TEST(Plants, EveryRuleIsBrokenByOneAndEveryOneIsPlanted) {
  std::set<Rule> broken;
  std::set<Plant> planted;
  for (const auto& planting : plantings()) {
    planted.insert(planting.plant);
    broken.insert(planting.breaks.begin(), planting.breaks.end());
  }
  for (std::size_t i = 0; i < rules; ++i) {
    const auto rule = static_cast<Rule>(i);
    EXPECT_TRUE(broken.contains(rule)) << name_of(rule);
  }
  for (const auto& [plant, name] : plant_names) EXPECT_TRUE(planted.contains(plant)) << name;
}

const std::vector<Planting>& plantings() {
  static const std::vector<Planting> all = {
      {Plant::answers_before_commit, {Rule::acknowledged_is_stored, Rule::socket_begins_now}},
      {Plant::loses_last_row,
       {Rule::acknowledged_is_stored, Rule::acknowledged_is_stored_elsewhere,
        Rule::change_is_told}},
      {Plant::keeps_refused, {Rule::refused_is_nowhere, Rule::member_change_lasts}},
      {Plant::tears_commit, {Rule::all_or_nobody}},
      {Plant::forgets_heads, {Rule::id_follows_acknowledgement}},
      {Plant::never_rings, {Rule::socket_tells_all, Rule::push_is_made}},
      {Plant::repeats_frame, {Rule::socket_in_order_once, Rule::transient_once}},
      {Plant::skips_frame, {Rule::walk_skips_nothing}},
      {Plant::delivers_to_neighbour,
       {Rule::socket_tells_own_only, Rule::transient_for_its_client, Rule::page_has_own_only}},
      {Plant::page_without_its_last,
       {Rule::catch_up_after_acknowledgement, Rule::healed_everything}},
      {Plant::ids_by_wall_clock, {Rule::id_follows_acknowledgement}},
      {Plant::pushes_to_everybody, {Rule::push_not_beside_socket}},
      {Plant::never_heals, {Rule::healed_send, Rule::healed_catch_up}},
      {Plant::restart_loses_rows,
       {Rule::seen_stays, Rule::client_change_lasts, Rule::name_change_lasts}},
      {Plant::keeps_expired, {Rule::expired_pointer_is_a_gap, Rule::expired_is_gone}},
      {Plant::drops_transients, {Rule::transient_arrives}},
      {Plant::frame_of_another_kind, {Rule::frame_is_the_notification}},
      {Plant::frame_cut_short, {Rule::frame_is_well_formed}},
      {Plant::push_of_nothing, {Rule::push_names_what_is_stored}},
      {Plant::push_for_another, {Rule::push_for_recipients_only}},
      {Plant::pushes_twice, {Rule::push_once}},
      {Plant::keeps_dead_tokens, {Rule::dead_token_is_removed}},
      {Plant::throws, {Rule::no_exception}},
      {Plant::never_rests, {Rule::comes_to_rest}},
      {Plant::nobody_is_connected, {Rule::set_up}},
      {Plant::unseeded, {Rule::repeats_itself}},
      {Plant::refuses_members, {Rule::member_may_send}},
      {Plant::refuses_clients, {Rule::client_may_send}},
      {Plant::accepts_everybody, {Rule::stranger_is_refused, Rule::unknown_client_is_refused}},
      {Plant::accepted_is_refused,
       {Rule::peer_failed_is_nowhere, Rule::owners_peer_failed_is_nowhere}},
      {Plant::stopped_is_told_wrongly, {Rule::stopped_is_nowhere, Rule::missing_stops}},
      {Plant::forgets_redundant,
       {Rule::outsider_is_redundant, Rule::own_client_is_redundant, Rule::gone_client_is_deleted,
        Rule::elsewhere_by_the_same_rules}},
      {Plant::all_are_redundant, {Rule::valid_is_in_no_set, Rule::outsider_gets_nothing}},
      {Plant::deleted_and_redundant, {Rule::in_one_set}},
      {Plant::invents_redundant, {Rule::only_addressed_is_reported}},
      {Plant::forgets_missing, {Rule::expected_is_missing}},
      {Plant::all_are_missing,
       {Rule::addressed_is_not_missing, Rule::missing_is_expected, Rule::strategy_filters_missing}},
      {Plant::one_fails_alone, {Rule::peer_fails_as_a_whole}},
      {Plant::sender_fails, {Rule::only_peers_fail}},
      {Plant::other_time, {Rule::same_time_for_all}},
      {Plant::stores_transients, {Rule::transient_is_nowhere}},
      {Plant::pushes_unasked, {Rule::push_not_unwanted}},
      {Plant::sends_twice, {Rule::stored_once}},
      {Plant::swaps_ciphertexts, {Rule::for_one_client}},
      {Plant::alters_ciphertexts, {Rule::nothing_invented}},
      {Plant::another_origin, {Rule::event_is_complete}},
      {Plant::page_cut_short, {Rule::page_is_complete}},
      {Plant::page_too_long, {Rule::page_is_no_larger}},
      {Plant::says_more, {Rule::more_only_if_more, Rule::more_needs_some}},
      {Plant::forgets_pointers, {Rule::pointer_is_known}},
      {Plant::row_twice, {Rule::id_is_new}},
  };
  return all;
}

/// The first run in which the planted fault is found.
RunResult seek(Plant plant, std::uint64_t seeds) {
  for (std::uint64_t seed = 1; seed <= seeds; ++seed) {
    auto result = run({.seed = seed, .commands_max = 60, .plant = plant});
    if (!result.violations.empty()) return result;
  }
  return {};
}

TEST(Shrinking, LeavesWhatTheFaultNeedsAndNothingElse) {
  Start start{.seed = 1, .commands_max = 60, .plant = Plant::page_without_its_last};
  const auto failed = seek(start.plant, 150);
  ASSERT_FALSE(failed.violations.empty());
  start.seed = failed.decisions.seed;

  const auto finding = find_smallest(start, failed);

  EXPECT_EQ(finding.violation.property, failed.violations.front().property);
  EXPECT_LE(finding.decisions.commands.size(), 1u);
  EXPECT_FALSE(finding.lines.empty());
}

// Runs that once failed stay, as the decisions that were taken in them.
TEST(Regressions, EveryKeptRunHoldsNow) {
  for (const auto& entry : std::filesystem::directory_iterator{TWOSTEP_REGRESSIONS}) {
    if (entry.path().extension() != ".run") continue;
    SCOPED_TRACE(entry.path());
    const auto decisions = read_kept(entry.path());
    ASSERT_TRUE(decisions);
    EXPECT_EQ(shown(run({.seed = decisions->seed, .given = decisions}).violations), "");
  }
}

}  // namespace
}  // namespace twostep::properties

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "model/explore/compare/difference.hpp"
#include "model/explore/compare/profiles.hpp"
#include "model/explore/compare/reports.hpp"
#include "model/worlds/named.hpp"

namespace twostep::model::explore {
namespace {

using ::testing::ElementsAre;

/// States are numbers; what is seen of a transition is written on it.
struct Labelled {
  using State = std::uint8_t;
  struct Action {
    State to;
    std::string label;
  };

  std::vector<std::vector<Action>> out;
  State rests = 0xff;

  std::vector<State> initial_states() const { return {0}; }
  template <class Visit>
  void next(State state, Visit&& visit) const {
    for (const auto& action : out[state]) visit(action, action.to);
  }
  std::vector<Property<State>> properties() const { return {}; }
  std::string text(State, const Action& action) const { return action.label; }
  std::string seen(State, const Action& action, State) const { return action.label; }
  bool at_rest(State state) const { return state == rests; }
};

std::size_t steps_to_difference(const Labelled& one, const Labelled& other) {
  const auto behaviours = Behaviours::of(other);
  const auto report = explore(Difference{one, *behaviours}, {});
  return report.findings.empty() ? 0 : report.findings[0].history->steps.size();
}

// Which of two equal-looking ways was taken shows only later.
TEST(Behaviours, AreSetsOfWhatMayHaveHappened) {
  const Labelled early{{{{1, "a"}, {2, "a"}}, {{3, "b"}}, {{3, "c"}}, {}}};
  const Labelled late{{{{1, "a"}}, {{2, "b"}, {2, "c"}}, {}}};

  EXPECT_EQ(steps_to_difference(early, late), 0u);
  EXPECT_EQ(steps_to_difference(late, early), 0u);
}

TEST(Behaviours, WhatIsNotSeenMakesNoDifference) {
  const Labelled plain{{{{1, "a"}}, {}}};
  const Labelled busy{{{{1, ""}}, {{2, "a"}, {0, ""}}, {{3, ""}}, {}}};

  EXPECT_EQ(steps_to_difference(plain, busy), 0u);
  EXPECT_EQ(steps_to_difference(busy, plain), 0u);
}

TEST(Behaviours, NothingMoreCanBeADifference) {
  const Labelled stops{{{{1, "a"}}, {{2, "b"}}, {}}, 1};
  const Labelled goes_on{{{{1, "a"}}, {{2, "b"}}, {}}, 2};

  EXPECT_EQ(steps_to_difference(stops, goes_on), 2u);
  EXPECT_EQ(steps_to_difference(goes_on, stops), 3u);
}

TEST(Compare, AProfileAllowsWhatItAllows) {
  for (const auto profile : {Profile::m1, Profile::queued, Profile::outbox}) {
    EXPECT_FALSE(allowed_only_by(profile, profile, {}));
  }
}

// With a backend down, M1 refuses; who queues takes it on trust, and says so.
TEST(Compare, EachOfM1AndQueuedAllowsWhatTheOtherDoesNot) {
  const auto m1 = allowed_only_by(Profile::m1, Profile::queued, {.threads = 2});
  const auto queued = allowed_only_by(Profile::queued, Profile::m1, {.threads = 2});

  ASSERT_TRUE(m1);
  ASSERT_TRUE(queued);
  EXPECT_THAT(m1->seen, ElementsAre("alice sends m1", "alice is told of m1: federation error: B"));
  EXPECT_THAT(queued->seen,
              ElementsAre("alice sends m1", "alice is told of m1: 201, failed to confirm: bob"));
}

// S13, S14: the outbox closes M1's window, and adds nothing that M1 would not allow.
TEST(Compare, TheOutboxAllowsLessThanM1) {
  const auto m1 = allowed_only_by(Profile::m1, Profile::outbox, {});

  ASSERT_TRUE(m1);
  EXPECT_THAT(m1->seen,
              ElementsAre("alice sends m1", "alice is told of m1: 201, failed to send: bob"));
  EXPECT_FALSE(allowed_only_by(Profile::outbox, Profile::m1, {}));
}

// S13, S14: whoever does not have an accepted message is named in `failed_to_send`; nobody gets a refused
// one. Only a sender who got no answer at all does not know.
TEST(Reports, PartialDeliveryIsReportedOrNotAnswered) {
  const auto endings = endings_of(*setup_named("m1-two"), {.threads = 2});

  int partial = 0;
  for (const auto& [told, has_it, has_not, steps] : endings) {
    EXPECT_GT(steps, 0u);
    if (has_it.empty() || has_not.empty()) continue;
    ++partial;
    const bool is_reported = told.find("failed to send: " + has_not) != told.npos;
    EXPECT_TRUE(is_reported || told.find("no answer") != told.npos ||
                told.find("federation error") != told.npos)
        << told << " | " << has_it << " | " << has_not;
  }
  EXPECT_GT(partial, 0);
}

TEST(Compare, ProfilesHaveNames) {
  for (const auto profile : {Profile::m1, Profile::queued, Profile::outbox}) {
    EXPECT_EQ(profile_named(name(profile)), profile);
  }
  EXPECT_FALSE(profile_named("m2"));
}

}  // namespace
}  // namespace twostep::model::explore

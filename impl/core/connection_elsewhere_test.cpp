#include "impl/core/connection_elsewhere.hpp"

#include <gtest/gtest.h>

#include <set>
#include <string>
#include <vector>

namespace twostep {
namespace {

using enum Relation;

// Both rows, and what each backend has told the other, as two backends keep them.
struct Pair {
  std::optional<Relation> a;
  std::optional<Relation> b;

  auto operator<=>(const Pair&) const = default;
};

// One side moves: its backend tells the other, and hears the reaction.
Pair moved(const Pair& before, const Move& move) {
  Pair after{move.mine, before.b};
  if (!move.tell) return after;
  after.b = hear(before.b, *move.tell);
  if (!after.b) return after;
  if (const auto reaction = reaction_to(*move.tell, *after.b)) after.a = hear(after.a, *reaction);
  return after;
}

std::vector<Pair> next(const Pair& pair) {
  std::vector<Pair> all{{pair.b, pair.a}, moved(pair, ask_elsewhere(pair.a))};
  if (!pair.a) return all;
  for (const auto wanted : relations)
    if (const auto move = update_elsewhere(*pair.a, wanted)) all.push_back(moved(pair, *move));
  return all;
}

std::set<Pair> reachable() {
  std::set<Pair> found;
  std::vector<Pair> open{{}};
  while (!open.empty()) {
    const auto pair = open.back();
    open.pop_back();
    if (!found.insert(pair).second) continue;
    for (const auto& each : next(pair)) open.push_back(each);
  }
  return found;
}

TEST(ConnectionElsewhere, IsNeverAcceptedByOneSideAlone) {
  for (const auto& [a, b] : reachable()) {
    if (a != accepted) continue;
    ASSERT_TRUE(b);
    EXPECT_TRUE(*b == accepted || *b == blocked) << name_of(*b);
  }
}

TEST(ConnectionElsewhere, IsAcceptedByBothIfBothAskInAnyOrder) {
  const auto asked = moved({}, ask_elsewhere({}));
  EXPECT_EQ(asked, (Pair{sent, pending}));
  EXPECT_EQ(moved({asked.b, asked.a}, ask_elsewhere(asked.b)), (Pair{accepted, accepted}));
}

TEST(ConnectionElsewhere, ThatIsBlockedLooksAsBefore) {
  for (const auto& pair : reachable()) {
    if (!pair.a) continue;
    const auto blocking = update_elsewhere(*pair.a, blocked);
    ASSERT_TRUE(blocking);
    EXPECT_EQ(moved(pair, *blocking).b, pair.b);
  }
}

TEST(ConnectionElsewhere, ThatWasBlockedIsWhatItWasIfTheOtherStillWantsIt) {
  const Pair both{accepted, accepted};
  const auto blocking = moved(both, *update_elsewhere(accepted, blocked));
  EXPECT_EQ(moved(blocking, *update_elsewhere(blocked, accepted)), both);
}

TEST(ConnectionElsewhere, ThatIsTakenBackIsNoLongerPending) {
  const auto asked = moved({}, ask_elsewhere({}));
  EXPECT_EQ(moved(asked, *update_elsewhere(sent, cancelled)), (Pair{cancelled, cancelled}));
}

}  // namespace
}  // namespace twostep

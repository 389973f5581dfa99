#include "impl/core/connection_state.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <deque>
#include <map>
#include <string>
#include <vector>

namespace twostep {
namespace {

using enum Relation;

// Every state both rows can get into by any sequence of wishes of either side.
std::vector<Relations> reachable() {
  std::vector<Relations> found;
  std::deque<Relations> open{ask_for_connection(std::nullopt)};
  while (!open.empty()) {
    const auto state = open.front();
    open.pop_front();
    if (std::find(found.begin(), found.end(), state) != found.end()) continue;
    found.push_back(state);
    open.push_back({state.theirs, state.mine});  // The other side's turn.
    open.push_back(ask_for_connection(state));
    for (const auto wanted : relations) {
      if (const auto after = update_connection(state, wanted)) open.push_back(*after);
    }
  }
  return found;
}

std::string show(Relations state) {
  return std::string{name_of(state.mine)} + "/" + std::string{name_of(state.theirs)};
}

TEST(ConnectionState, HasTheNamesOfTheWire) {
  for (const auto relation : relations) EXPECT_EQ(relation_named(name_of(relation)), relation);
  EXPECT_EQ(relation_named("missing-legalhold-consent"), std::nullopt);
}

TEST(Cnv01, AskingFirstIsSentHereAndPendingThere) {
  EXPECT_EQ(ask_for_connection(std::nullopt), (Relations{sent, pending}));
}

TEST(Cnv02, AskingAgainChangesNothing) {
  for (const auto state : reachable()) {
    SCOPED_TRACE(show(state));
    const auto after = ask_for_connection(state);
    EXPECT_EQ(ask_for_connection(after), after);
    EXPECT_TRUE(takes_part(after.mine));
  }
}

TEST(Cnv03, WantingWhatTheOtherWantsAcceptsOnBothSides) {
  for (const auto mine : {pending, ignored}) {
    EXPECT_EQ(ask_for_connection(Relations{mine, sent}), (Relations{accepted, accepted}));
    EXPECT_EQ(update_connection({mine, sent}, accepted), (Relations{accepted, accepted}));
  }
}

TEST(Cnv07, EachStateHasItsNextOnes) {
  struct Line {
    Relations before;
    std::map<Relation, Relations> next;
  };
  const std::vector<Line> table = {
      {{pending, sent},
       {{accepted, {accepted, accepted}}, {ignored, {ignored, sent}}, {blocked, {blocked, sent}}}},
      {{ignored, sent}, {{accepted, {accepted, accepted}}, {blocked, {blocked, sent}}}},
      {{sent, pending}, {{cancelled, {cancelled, cancelled}}, {blocked, {blocked, pending}}}},
      {{sent, ignored}, {{cancelled, {cancelled, cancelled}}, {blocked, {blocked, ignored}}}},
      {{sent, blocked}, {{cancelled, {cancelled, blocked}}, {blocked, {blocked, blocked}}}},
      {{accepted, accepted}, {{blocked, {blocked, accepted}}}},
      {{cancelled, cancelled}, {{blocked, {blocked, cancelled}}}},
      {{blocked, accepted}, {{accepted, {accepted, accepted}}, {sent, {accepted, accepted}}}},
      {{blocked, sent}, {{accepted, {accepted, accepted}}, {sent, {accepted, accepted}}}},
      {{blocked, pending}, {{accepted, {sent, pending}}, {sent, {sent, pending}}}},
      {{blocked, ignored}, {{accepted, {sent, ignored}}, {sent, {sent, ignored}}}},
      {{blocked, cancelled}, {{accepted, {cancelled, cancelled}}, {sent, {cancelled, cancelled}}}},
      {{blocked, blocked}, {{accepted, {sent, blocked}}, {sent, {sent, blocked}}}},
  };
  for (const auto& [before, next] : table) {
    for (const auto wanted : relations) {
      SCOPED_TRACE(show(before) + " wants " + std::string{name_of(wanted)});
      const auto after = update_connection(before, wanted);
      if (wanted == before.mine) {
        EXPECT_EQ(after, before);
      } else if (const auto line = next.find(wanted); line != next.end()) {
        EXPECT_EQ(after, line->second);
      } else {
        EXPECT_EQ(after, std::nullopt);
      }
    }
  }
}

TEST(Cnv08, WhatIsAlreadySoChangesNothing) {
  for (const auto state : reachable()) EXPECT_EQ(update_connection(state, state.mine), state);
}

TEST(Cnv08, NobodyAcceptsTheirOwnRequest) {
  EXPECT_EQ(update_connection({sent, pending}, accepted), std::nullopt);
}

TEST(Cnv10, ABlockStandsWhateverTheOtherSideWants) {
  for (const auto state : reachable()) {
    if (state.theirs != blocked) continue;
    SCOPED_TRACE(show(state));
    EXPECT_EQ(ask_for_connection(state).theirs, blocked);
    for (const auto wanted : relations) {
      EXPECT_EQ(update_connection(state, wanted).value_or(state).theirs, blocked);
    }
  }
}

TEST(Cnv10, IgnoringAndBlockingLeaveTheOtherSideAsItIs) {
  for (const auto state : reachable()) {
    for (const auto wanted : {ignored, blocked}) {
      EXPECT_EQ(update_connection(state, wanted).value_or(state).theirs, state.theirs);
    }
  }
}

TEST(ConnectionState, NobodyIsAskedWhoIsNotWanted) {
  for (const auto state : reachable()) {
    if (state.mine != pending && state.mine != ignored) continue;
    EXPECT_TRUE(state.theirs == sent || state.theirs == blocked) << show(state);
  }
}

}  // namespace
}  // namespace twostep

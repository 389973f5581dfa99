// Connections: what two people, each wanting something again and again, can make of theirs.
#include <map>
#include <set>

#include "impl/core/connection_elsewhere.hpp"
#include "impl/core/connection_state.hpp"
#include "impl/core/conversation.hpp"
#include "property-tests/pure/generators.hpp"
#include "property-tests/pure/property.hpp"

namespace twostep {

std::ostream& operator<<(std::ostream& out, Relation relation) { return out << name_of(relation); }

namespace properties {
namespace {

using enum Relation;

Relation any_relation() { return relations[*below(relations.size())]; }

// --- Of one backend ------------------------------------------------------------------------

/// What one of the two does: asks, or wants its row to become something.
struct Act {
  bool by_second = false;
  std::optional<Relation> wanted = {};
};

std::optional<Relations> turned(std::optional<Relations> rows) {
  return rows ? std::optional{Relations{rows->theirs, rows->mine}} : std::nullopt;
}

std::optional<Relations> after(std::optional<Relations> before, const Act& act) {
  if (act.by_second) return turned(after(turned(before), {false, act.wanted}));
  if (!act.wanted) return ask_for_connection(before);
  if (!before) return before;
  const auto done = update_connection(*before, *act.wanted);
  return done ? done : before;
}

/// What a connection can come to be, whatever the two do: every pair of rows (CNV-01 to CNV-10).
const std::set<std::pair<Relation, Relation>> possible{
    {sent, pending},      {sent, ignored},      {sent, blocked},     {cancelled, cancelled},
    {cancelled, blocked}, {accepted, accepted}, {accepted, blocked}, {pending, blocked},
    {ignored, blocked},   {blocked, blocked}};

TEST(ConnectionRows, ComeToBeNothingElse) {
  std::set<std::pair<Relation, Relation>> seen;
  std::vector<std::optional<Relations>> left{std::nullopt};
  while (!left.empty()) {
    const auto rows = left.back();
    left.pop_back();
    for (const bool second : {false, true}) {
      std::vector<std::optional<Relation>> wishes{std::nullopt};
      for (const auto relation : relations) wishes.emplace_back(relation);
      for (const auto& wanted : wishes) {
        const auto next = after(rows, {second, wanted});
        if (next && seen.emplace(next->mine, next->theirs).second) left.push_back(next);
      }
    }
  }
  std::set<std::pair<Relation, Relation>> either_way;
  for (const auto& [mine, theirs] : possible) {
    either_way.emplace(mine, theirs);
    either_way.emplace(theirs, mine);
  }
  EXPECT_EQ(seen, either_way);
}

Relations any_possible_rows() {
  auto which = possible.begin();
  std::advance(which, *below(possible.size()));
  return *one_in(2) ? Relations{which->first, which->second}
                    : Relations{which->second, which->first};
}

using Update = std::function<std::optional<Relations>(Relations, Relation)>;

Property nobody_decides_for_another(const Update& update) {
  return [update] {
    const auto before = any_possible_rows();
    const auto wanted = any_relation();
    const auto done = update(before, wanted);
    reached("not mine to want", !done);
    if (wanted == before.mine) RC_ASSERT(done == before);  // CNV-08.
    if (wanted == blocked) RC_ASSERT(done == (Relations{blocked, before.theirs}));
    if (!done) return;
    reached("both accepted", *done == Relations{accepted, accepted} && before != *done);
    reached("another row changed", done->theirs != before.theirs);
    // Who was blocked cannot tell, and who blocks stays out of it (CNV-10).
    if (before.theirs == blocked) RC_ASSERT(done->theirs == blocked);
    if (wanted == blocked || wanted == ignored) RC_ASSERT(done->theirs == before.theirs);
    if (wanted != blocked && wanted != before.mine) RC_ASSERT(done->mine != blocked);
    // Accepted is who asked and who was asked; nobody accepts what nobody wants.
    if (done->mine == accepted && before.mine != accepted) {
      const bool wants = takes_part(before.theirs) || before.theirs == blocked;
      RC_ASSERT(wants);
    }
    if (done->theirs == accepted) RC_ASSERT(takes_part(before.theirs));
    // Nobody is asked anew by anything but a request.
    if (done->theirs == pending) RC_ASSERT(before.theirs == pending);
  };
}

TEST(ConnectionRows, AreEachItsOwnersAlone) {
  expect_always(nobody_decides_for_another(&update_connection),
                {"not mine to want", "both accepted", "another row changed"});
}

TEST(ConnectionRows, ThatSomebodyElseChangesAreFound) {
  expect_refuted(nobody_decides_for_another([](Relations before, Relation wanted) {
    auto done = update_connection(before, wanted);
    if (done && done->mine == accepted) done->theirs = accepted;
    return done;
  }));
  expect_refuted(nobody_decides_for_another([](Relations before, Relation wanted) {
    return wanted == accepted ? std::optional{Relations{accepted, before.theirs}}
                              : update_connection(before, wanted);
  }));
  expect_refuted(nobody_decides_for_another([](Relations before, Relation wanted) {
    auto done = update_connection(before, wanted);
    if (done && wanted == blocked) done->theirs = cancelled;
    return done;
  }));
}

TEST(ConnectionRows, WhatIsAskedTwiceIsAskedOnce) {
  expect_always([] {
    const auto before = *one_in(10) ? std::nullopt : std::optional{any_possible_rows()};
    const auto once = ask_for_connection(before);
    RC_ASSERT(ask_for_connection(once) == once);  // CNV-02.
    RC_ASSERT(takes_part(once.mine));
    if (before && before->theirs == blocked) RC_ASSERT(once.theirs == blocked);
    if (before && takes_part(before->theirs)) RC_ASSERT(once == (Relations{accepted, accepted}));
    if (!before || before->theirs == cancelled) RC_ASSERT(once == (Relations{sent, pending}));
  });
}

TEST(ConnectionRows, HaveANameEach) {
  expect_always([] {
    const auto relation = any_relation();
    const auto name = std::string{name_of(relation)};
    RC_ASSERT(relation_named(name) == relation);
    const auto other = *damaged(name);
    if (const auto read = relation_named(other)) RC_ASSERT(name_of(*read) == other);
    const auto role = roles[*below(roles.size())];
    RC_ASSERT(role_named(name_of(role)) == role);
    const auto other_role = *damaged(std::string{name_of(role)});
    if (const auto read = role_named(other_role)) RC_ASSERT(name_of(*read) == other_role);
  });
  EXPECT_EQ(name_of(Role::admin), "wire_admin");
  EXPECT_EQ(name_of(Role::member), "wire_member");
}

// --- Of two backends -----------------------------------------------------------------------

/// Two rows, each at home, and what their backends have told each other; all of it arrives, in order.
struct TwoHomes {
  std::optional<Relation> row[2];
  bool told[2] = {false, false};  ///< What each was last told to want.

  void tell(int from, Wish wish) {
    told[from] = wish == Wish::connect;
    const int to = 1 - from;
    row[to] = hear(row[to], wish);
    if (!row[to]) return;
    if (const auto reaction = reaction_to(wish, *row[to])) {
      told[to] = true;
      row[from] = hear(row[from], *reaction);
    }
  }

  void act(int who, std::optional<Relation> wanted) {
    if (wanted && !row[who]) return;
    const auto move =
        wanted ? update_elsewhere(*row[who], *wanted) : std::optional{ask_elsewhere(row[who])};
    if (!move) return;
    row[who] = move->mine;
    if (move->tell) tell(who, *move->tell);
  }
};

TEST(ConnectionsElsewhere, AgreeOnceEverythingHasArrived) {
  expect_always(
      [] {
        TwoHomes homes;
        for (auto count = 1 + *below(12); count > 0; --count) {
          homes.act(static_cast<int>(*below(2)),
                    *one_in(3) ? std::nullopt : std::optional{any_relation()});
          if (!homes.row[0] || !homes.row[1]) {
            RC_ASSERT(!homes.row[0] && !homes.row[1]);
            continue;
          }
          for (const int me : {0, 1}) {
            const auto mine = *homes.row[me], theirs = *homes.row[1 - me];
            RC_LOG() << name_of(homes.row[0].value()) << " and " << name_of(homes.row[1].value())
                     << "\n";
            const auto other = other_takes_part(mine);
            RC_ASSERT(other.has_value() == (mine != blocked));
            if (other == true) RC_ASSERT(homes.told[1 - me]);
            if (mine == blocked || theirs == blocked) continue;
            reached("accepted", mine == accepted);
            reached("cancelled", mine == cancelled);
            reached("ignored", mine == ignored);
            RC_ASSERT(*other == takes_part(theirs));
            RC_ASSERT(possible.contains({mine, theirs}) || possible.contains({theirs, mine}));
          }
        }
        reached("blocked", homes.row[0] == blocked);
      },
      {"accepted", "cancelled", "ignored", "blocked"});
}

// CNV-10 across backends: a block tells nothing, so the other's row is as if nothing had been.
TEST(ConnectionsElsewhere, ABlockIsNotTold) {
  expect_always([] {
    const auto mine = any_relation();
    const auto move = update_elsewhere(mine, blocked);
    RC_ASSERT(move.has_value());
    RC_ASSERT(move->mine == blocked);
    RC_ASSERT(!move->tell.has_value());
    RC_ASSERT(hear(blocked, *one_in(2) ? Wish::connect : Wish::rescind) == blocked);
    RC_ASSERT(reaction_to(Wish::connect, blocked) == std::nullopt);
    const auto wanted = any_relation();
    if (const auto done = update_elsewhere(mine, wanted); done && wanted == ignored)
      RC_ASSERT(!done->tell.has_value());
    if (const auto done = update_elsewhere(mine, wanted); done && wanted == mine)
      RC_ASSERT(done->mine == mine && !done->tell.has_value());
  });
}

// --- Permissions ---------------------------------------------------------------------------

TEST(Permissions, AreAllTheAdminsAndNoneOfAMember) {
  for (const auto action :
       {Action::add_member, Action::remove_member, Action::change_role, Action::rename,
        Action::change_message_timer, Action::change_receipt_mode}) {
    EXPECT_TRUE(permits(Role::admin, action));
    EXPECT_FALSE(permits(Role::member, action));
  }
  for (const auto type : {ConversationType::group, ConversationType::self,
                          ConversationType::one_to_one, ConversationType::connect})
    EXPECT_EQ(can_change(type), type == ConversationType::group);
}

}  // namespace
}  // namespace properties
}  // namespace twostep

#include "impl/service/conversations.hpp"
#include "impl/service/faulty_store.hpp"
#include "impl/service/members.hpp"
#include "impl/service/three_backends.hpp"

namespace twostep::service {
namespace {

using namespace federation;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Not;
using Strings = std::vector<std::string>;

struct Conversations : ThreeBackends {
  Conversations() {
    connect(alice, ann);
    connect(alice, bob);
    connect(alice, charlie);
  }

  Result<ConversationView> create(const std::vector<QualifiedUser>& users) {
    wire::NewConversation wanted;
    wanted.users = users;
    return run(create_conversation(at_a.backend, caller(alice), std::move(wanted)));
  }

  Result<Happened> add_to_talk(const std::vector<QualifiedUser>& users) {
    return run(add_members(at_a.backend, caller(alice), talk, {.users = users}));
  }

  Result<Happened> remove_from_talk(const QualifiedUser& by, const QualifiedUser& who) {
    return run(remove_member(world_of(by.domain).backend, caller(by), talk, who));
  }

  /// Takes the user out everywhere, quietly.
  void expel(const QualifiedUser& user) {
    for (const auto& domain : {a, user.domain})
      write(world_of(domain),
            [&](store::Transaction& rows) { store::erase_member(rows, domain, talk, user); });
  }

  std::vector<QualifiedConversation> listed_by(const QualifiedUser& user) {
    return run(list_conversation_ids(world_of(user.domain).backend, caller(user), {}))->ids;
  }

  std::size_t members_of_talk() {
    std::size_t count = 0;
    store::testing::read(at_a.backend.store, [&](const store::Reader& reader) {
      count = store::member_ids(reader, talk).size();
    }).value();
    return count;
  }
};

TEST(Fed53, EachBackendIsToldOnceAndItsMembersFindTheConversation) {
  Conversations world;
  const auto id = world.create({ann, bob, charlie})->conversation.id;
  EXPECT_EQ(world.asked_by_a(),
            (Strings{"b.example api-version", "b.example on-conversation-created",
                     "c.example api-version", "c.example on-conversation-created"}));
  for (const auto& member : {alice, ann, bob, charlie}) {
    const auto events = world.events_of(member);
    ASSERT_EQ(events.size(), 1u);
    EXPECT_EQ(events[0]["type"], "conversation.create");
    EXPECT_EQ(events[0]["qualified_conversation"], wire::qualified_id(id));
    EXPECT_EQ(events[0]["qualified_from"], wire::qualified_id(alice));
    EXPECT_EQ(events[0]["data"]["members"]["self"]["qualified_id"], wire::qualified_id(member));
    EXPECT_EQ(events[0]["data"]["members"]["others"].size(), 3u);
    EXPECT_THAT(world.listed_by(member), Contains(id));
  }
  EXPECT_THAT(world.events_of(chris), IsEmpty());
}

TEST(Fed54, IfABackendIsDownThereIsNoConversation) {
  for (const auto* rpc : {"api-version", "on-conversation-created"}) {
    Conversations world;
    world.at_a.peers.answers.insert_or_assign(std::string{"c.example "} + rpc,
                                              PeerFailure::unreachable);
    const auto before = world.listed_by(alice);
    const auto created = world.create({ann, bob, charlie});
    ASSERT_FALSE(created);
    EXPECT_EQ(created.error().reason, Reason::unreachable_backends);
    EXPECT_THAT(created.error().fault->domains, ElementsAre(c));
    EXPECT_EQ(world.listed_by(alice), before);
    EXPECT_THAT(world.events_of(ann), IsEmpty());
  }
}

TEST(Fed55, OnlyWhoIsConnectedCanBeInvited) {
  Conversations world;
  EXPECT_EQ(world.create({bob, chris}).error().reason, Reason::not_connected);
  world.expel(chris);
  EXPECT_EQ(world.add_to_talk({chris}).error().reason, Reason::not_connected);
  EXPECT_THAT(world.asked_by_a(), IsEmpty());
}

TEST(Fed56, WhoJoinsIsToldToAllBackends) {
  Conversations world;
  world.expel(bob);
  const auto event = world.add_to_talk({bob}).value();
  ASSERT_TRUE(event);
  EXPECT_EQ(world.asked_by_a(),
            (Strings{"b.example api-version", "b.example on-conversation-updated",
                     "c.example api-version", "c.example on-conversation-updated"}));
  for (const auto& member : {alice, ann, bob, charlie, chris})
    EXPECT_THAT(world.event_types_of(member), ElementsAre("conversation.member-join"));
  EXPECT_THAT(world.listed_by(bob), Contains(talk));
  EXPECT_FALSE(world.add_to_talk({bob}).value());
}

TEST(Fed57, AddingNeedsTheBackendsOfWhoIsAdded) {
  Conversations world;
  world.expel(bob);
  world.at_a.peers.answers.insert_or_assign("b.example api-version", PeerFailure::unreachable);
  const auto members = world.members_of_talk();
  EXPECT_THAT(world.add_to_talk({bob}).error().fault->domains, ElementsAre(b));
  EXPECT_EQ(world.members_of_talk(), members);
  EXPECT_THAT(world.events_of(alice), IsEmpty());

  world.expel(ann);
  world.at_a.peers.backends.clear();
  EXPECT_TRUE(world.add_to_talk({ann}));
  EXPECT_EQ(world.members_of_talk(), members);
}

// B is new, so C, which is a member's, has to be there too; when D's users are in already, it has not.
TEST(Fed57, WithANewBackendAllHaveToBeThere) {
  Conversations world;
  world.expel(bob);
  world.expel(chris);
  world.connect(alice, chris);
  world.at_a.peers.backends.erase(c);
  EXPECT_THAT(world.add_to_talk({bob}).error().fault->domains, ElementsAre(c));
  EXPECT_THAT(world.events_of(bob), IsEmpty());
}

TEST(Fed70, WhatNoCallAsksForIsRefusedAndNobodyIsCalled) {
  Conversations world;
  world.connect(charlie, ann);
  auto& backend = world.at_c.backend;
  const auto by_charlie = ThreeBackends::caller(charlie);
  const auto refusal = [](const auto& result) { return result.error().reason; };
  constexpr auto expected = Reason::federation_not_implemented;
  EXPECT_EQ(refusal(run(rename_conversation(backend, by_charlie, talk, "tea"))), expected);
  EXPECT_EQ(refusal(run(change_message_timer(backend, by_charlie, talk, 1000))), expected);
  EXPECT_EQ(refusal(run(change_receipt_mode(backend, by_charlie, talk, 1))), expected);
  EXPECT_EQ(refusal(run(change_role(backend, by_charlie, talk, bob, Role::member))), expected);
  EXPECT_EQ(refusal(run(add_members(backend, by_charlie, talk, {.users = {ann}}))), expected);
  EXPECT_THAT(world.at_c.peers.calls, IsEmpty());
}

TEST(Fed58, WhatChangesIsToldToAllBackends) {
  Conversations world;
  const auto by_alice = ThreeBackends::caller(alice);
  auto& backend = world.at_a.backend;
  ASSERT_TRUE(run(rename_conversation(backend, by_alice, talk, "tea")));
  ASSERT_TRUE(run(change_message_timer(backend, by_alice, talk, 1000)));
  ASSERT_TRUE(run(change_receipt_mode(backend, by_alice, talk, 1)));
  ASSERT_TRUE(run(change_role(backend, by_alice, talk, charlie, Role::member)));
  EXPECT_EQ(world.asked_by_a().size(), 8u);
  ASSERT_TRUE(world.remove_from_talk(alice, chris));
  for (const auto& member : {ann, bob, charlie, chris})
    EXPECT_THAT(world.event_types_of(member),
                ElementsAre("conversation.rename", "conversation.message-timer-update",
                            "conversation.receipt-mode-update", "conversation.member-update",
                            "conversation.member-leave"));
  EXPECT_THAT(world.listed_by(chris), Not(Contains(talk)));
}

TEST(Fed59, AChangeHoldsThoughABackendDoesNotHearOfIt) {
  Conversations world;
  world.at_a.peers.backends.clear();
  EXPECT_TRUE(world.remove_from_talk(alice, bob).value());
  EXPECT_TRUE(
      run(rename_conversation(world.at_a.backend, ThreeBackends::caller(alice), talk, "tea"))
          .value());
  EXPECT_THAT(world.event_types_of(ann),
              ElementsAre("conversation.member-leave", "conversation.rename"));
}

TEST(Fed61, AMemberLeavesThroughTheOwner) {
  Conversations world;
  const auto event = world.remove_from_talk(charlie, charlie).value();
  ASSERT_TRUE(event);
  EXPECT_EQ(wire::parse_object(*event).value()["data"]["reason"], "left");
  for (const auto& member : {alice, ann, bob, charlie, chris})
    EXPECT_THAT(world.event_types_of(member), ElementsAre("conversation.member-leave"));
  EXPECT_THAT(world.listed_by(charlie), Not(Contains(talk)));
  EXPECT_EQ(world.members_of_talk(), 4u);
  EXPECT_FALSE(world.remove_from_talk(charlie, charlie).value());
}

TEST(Fed61, WhoIsBroughtInAgainMeanwhileStays) {
  Conversations world;
  world.at_c.peers.before = [&](const PeerCall&) {
    ThreeBackends::write(world.at_c, [&](store::Transaction& rows) {
      store::put_joined_at(rows, talk, charlie, Instant{std::chrono::days{20'000}});
    });
  };
  world.at_c.peers.answers.insert_or_assign("a.example leave-conversation",
                                            PeerReply{200, R"({"Right":{}})"});
  world.remove_from_talk(charlie, charlie);
  EXPECT_THAT(world.listed_by(charlie), Contains(talk));
  EXPECT_THAT(world.events_of(charlie), IsEmpty());
}

TEST(Fed61, TheOwnersAnswersAreTheMembers) {
  Conversations world;
  const auto answered = [&](const char* why) {
    world.at_c.peers.answers.insert_or_assign(
        "a.example leave-conversation",
        PeerReply{200, R"({"Left":"RemoveFromConversationError)" + std::string{why} + "\"}"});
    return world.remove_from_talk(charlie, charlie).error().reason;
  };
  EXPECT_EQ(answered("NotFound"), Reason::no_conversation);
  EXPECT_EQ(answered("RemovalNotAllowed"), Reason::action_denied);
}

TEST(Fed62, NobodyRemovesOthersFromAConversationElsewhere) {
  Conversations world;
  EXPECT_EQ(world.remove_from_talk(charlie, chris).error().reason, Reason::action_denied);
  EXPECT_EQ(world.remove_from_talk(charlie, alice).error().reason, Reason::action_denied);
  EXPECT_THAT(world.at_c.peers.made(), IsEmpty());
  EXPECT_EQ(
      run(rename_conversation(world.at_c.backend, ThreeBackends::caller(charlie), talk, "tea"))
          .error()
          .reason,
      Reason::federation_not_implemented);
}

TEST(Fed63, AMemberElsewhereSeesWhatTheOwnerShows) {
  Conversations world;
  auto& backend = world.at_c.backend;
  const auto by_chris = ThreeBackends::caller(chris);
  ASSERT_TRUE(run(change_own_state(backend, by_chris, talk, {.archived = true})));
  const auto view = run(find_conversation(backend, by_chris, talk)).value();
  EXPECT_EQ(view.conversation.id, talk);
  EXPECT_EQ(view.members.at(view.self).user, chris);
  EXPECT_EQ(view.members.size(), 5u);
  EXPECT_EQ(view.own_state.archived, true);

  world.at_c.peers.calls.clear();
  const QualifiedConversation unknown{a, {}};
  EXPECT_EQ(run(find_conversation(backend, by_chris, unknown)).error().reason,
            Reason::no_conversation);
  EXPECT_THAT(world.at_c.peers.made(), IsEmpty());

  ThreeBackends::write(world.at_a,
                       [](store::Transaction& rows) { store::erase_member(rows, a, talk, chris); });
  EXPECT_EQ(run(find_conversation(backend, by_chris, talk)).error().reason,
            Reason::no_conversation);
  world.at_c.peers.backends.clear();
  EXPECT_EQ(run(find_conversation(backend, by_chris, talk)).error().reason, Reason::invalid_domain);
}

TEST(Fed64, EachOwnerIsAskedOnceForItsConversations) {
  Conversations world;
  const QualifiedConversation more{a,
                                   *ConversationId::parse("7a1c0000-0000-4000-8000-0000000000ff")};
  const QualifiedConversation of_b{b,
                                   *ConversationId::parse("7a1c0000-0000-4000-8000-00000000000b")};
  ThreeBackends::write(world.at_a, [&](store::Transaction& rows) {
    store::put_conversation(rows, {.id = more, .creator = alice.id, .access = {"invite"}});
  });
  world.join(chris, more);
  world.join(chris, of_b);
  ThreeBackends::write(world.at_c, [&](store::Transaction& rows) {
    store::put_own_state(rows, chris.id, more, {.archived = true});
  });
  world.at_c.peers.backends.erase(b);
  const auto unknown = QualifiedConversation{a, {}};
  const auto self = self_conversation_of(chris);

  std::vector<QualifiedConversation> ids{talk, more, of_b, unknown, self};
  const auto listed =
      run(list_conversations(world.at_c.backend, ThreeBackends::caller(chris), ids)).value();
  EXPECT_EQ(listed.found.size(), 3u);
  for (const auto& view : listed.found)
    EXPECT_EQ(view.own_state.archived.has_value(), view.conversation.id == more);
  EXPECT_THAT(listed.failed, ElementsAre(of_b));
  EXPECT_THAT(listed.not_found, ElementsAre(unknown));
  EXPECT_EQ(world.at_c.peers.made(),
            (Strings{"a.example get-conversations", "b.example get-conversations"}));
  EXPECT_THAT(world.listed_by(chris), testing::IsSupersetOf({talk, more, of_b}));
}

// The first look is for those that are here, the second for what is known of the others.
TEST(Fed64, IfTheStoreFailsThereIsNoList) {
  store::MemoryStore memory;
  FaultyStore store{memory};
  FakeWorld world{store, "c.example"};
  store.fail_reads_with = store::StoreError::busy;
  for (const std::size_t good : {0, 1}) {
    store.reads_before_failing = good;
    std::vector<QualifiedConversation> ids{talk};
    const auto listed = run(list_conversations(world.backend, ThreeBackends::caller(chris), ids));
    ASSERT_FALSE(listed);
    EXPECT_EQ(listed.error().reason, Reason::too_busy);
  }
  const auto found = run(find_conversation(world.backend, ThreeBackends::caller(chris), talk));
  ASSERT_FALSE(found);
  EXPECT_EQ(found.error().reason, Reason::too_busy);
}

}  // namespace
}  // namespace twostep::service

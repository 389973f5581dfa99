#include "impl/service/conversations.hpp"

#include <gmock/gmock.h>

#include "impl/core/limits.hpp"
#include "impl/service/neighbours.hpp"
#include "impl/store/connections.hpp"

namespace twostep::service {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

struct ConversationTest : testing::Test {
  ConversationTest() {
    neighbours.connect(alice, ann);
    neighbours.connect(alice, adam);
    for (const auto& each : {alice, ann, adam, ada}) neighbours.news(each);
  }

  Result<ConversationView> find(const Caller& by, const QualifiedConversation& id) {
    return run(find_conversation(backend, by, id));
  }

  Neighbours neighbours;
  Backend& backend = neighbours.world.backend;
  Caller alice = neighbours.user("alice");
  Caller ann = neighbours.user("ann");
  Caller adam = neighbours.user("adam");
  Caller ada = neighbours.user("ada");  // Knows nobody.
};

struct Cnv12 : ConversationTest {};
struct Cnv13 : ConversationTest {};
struct Cnv14 : ConversationTest {};
struct Cnv16 : ConversationTest {};
struct Cnv17 : ConversationTest {};
struct Cnv18 : ConversationTest {};
struct Cnv19 : ConversationTest {};

TEST_F(Cnv12, TheCreatorSeesWhatWasAskedFor) {
  auto wanted = neighbours.group_of({ann, adam});
  wanted.name = "tea";
  wanted.message_timer_ms = 1000;
  wanted.receipt_mode = 1;

  const auto view = neighbours.try_create(alice, wanted).value();

  EXPECT_EQ(view.conversation.type, ConversationType::group);
  EXPECT_EQ(view.conversation.creator, alice.user);
  EXPECT_EQ(view.conversation.name, "tea");
  EXPECT_EQ(view.conversation.message_timer_ms, 1000);
  EXPECT_EQ(view.conversation.receipt_mode, 1);
  EXPECT_EQ(view.members.at(view.self).user, neighbours.name_of(alice));
  EXPECT_EQ(view.members.size(), 3U);
}

TEST_F(Cnv12, NamingOneselfOrNobodyIsFine) {
  EXPECT_EQ(neighbours.try_create(alice, neighbours.group_of({alice})).value().members.size(), 1U);
  EXPECT_EQ(neighbours.try_create(ada, {}).value().members.size(), 1U);
}

TEST_F(Cnv13, EveryMemberIsToldWhatItSees) {
  const auto id = neighbours.create(alice, {ann, adam});

  for (const auto& member : {alice, ann, adam}) {
    const auto events = neighbours.news(member);
    ASSERT_EQ(events.size(), 1U);
    const auto& event = events.front();
    EXPECT_EQ(event["type"], "conversation.create");
    EXPECT_EQ(event["qualified_conversation"]["id"], id.id.text());
    EXPECT_EQ(event["qualified_from"]["id"], alice.user.text());
    EXPECT_EQ(event["data"]["members"]["self"]["id"], member.user.text());
    EXPECT_EQ(event["data"]["members"]["others"].size(), 2U);
    EXPECT_EQ(event["data"]["access_role"], "private");  // The word for none, in older shape.
  }
}

TEST_F(Cnv14, OneWhoIsNotConnectedKeepsItFromHappening) {
  const auto created = neighbours.try_create(alice, neighbours.group_of({ann, ada}));

  ASSERT_FALSE(created);
  EXPECT_EQ(created.error().reason, Reason::not_connected);
  EXPECT_THAT(neighbours.news(ann), IsEmpty());
  EXPECT_THAT(neighbours.news(alice), IsEmpty());
}

TEST_F(Cnv14, OneWhoHasBlockedTheCreatorIsNotConnected) {
  const auto blocked =
      run(update_connection(backend, ann, neighbours.name_of(alice), Relation::blocked));
  ASSERT_TRUE(blocked);

  EXPECT_EQ(neighbours.try_create(alice, neighbours.group_of({ann})).error().reason,
            Reason::not_connected);
}

TEST_F(Cnv16, TheCreatorIsOneOfTheMembersThatThereMayBe) {
  wire::NewConversation wanted;
  for (std::size_t i = 0; i < twostep::limits::members_max - 1; ++i)
    wanted.users.push_back({backend.domain, UserId{backend.entropy.uuid()}});
  EXPECT_EQ(neighbours.try_create(alice, wanted).error().reason, Reason::not_connected);

  wanted.users.push_back({backend.domain, UserId{backend.entropy.uuid()}});
  EXPECT_EQ(neighbours.try_create(alice, wanted).error().reason, Reason::client_error);
}

TEST_F(Cnv17, EachMemberSeesItselfAndTheOthers) {
  const auto id = neighbours.create(alice, {ann, adam}, Role::member);

  for (const auto& member : {alice, ann, adam}) {
    const auto view = find(member, id).value();
    EXPECT_EQ(view.members.at(view.self).user, neighbours.name_of(member));
    EXPECT_EQ(view.members.size(), 3U);
    for (const auto& each : view.members) {
      EXPECT_EQ(each.role, each.user.id == alice.user ? Role::admin : Role::member);
    }
  }
}

TEST_F(Cnv18, WhatIsNotOnesOwnIsNotShown) {
  const auto id = neighbours.create(alice, {ann});
  const QualifiedConversation nowhere{backend.domain, ConversationId{backend.entropy.uuid()}};

  EXPECT_EQ(find(ada, id).error().reason, Reason::access_denied);
  EXPECT_EQ(find(alice, nowhere).error().reason, Reason::no_conversation);
}

TEST_F(Cnv19, TheIdsOfAllOnesConversationsCanBePaged) {
  const auto one = neighbours.create(alice, {ann});
  const auto other = neighbours.create(alice, {adam});

  std::vector<QualifiedConversation> listed;
  wire::ListConversationIds list{.size = 1, .after = {}};
  for (bool more = true; more;) {
    const auto page = run(list_conversation_ids(backend, alice, list)).value();
    ASSERT_EQ(page.ids.size(), 1U);
    listed.push_back(page.ids.front());
    list.after = listed.back();
    more = page.has_more;
  }

  EXPECT_EQ(listed.size(), 5U);  // Two groups, two connections, and her own.
  EXPECT_THAT(listed, Contains(one));
  EXPECT_THAT(listed, Contains(other));
  EXPECT_THAT(listed, Contains(self_conversation_of(neighbours.name_of(alice))));
}

TEST_F(Cnv19, WhatIsNotFoundIsSaid) {
  const auto own = neighbours.create(alice, {ann});
  const auto others = neighbours.create(ada, {});
  const QualifiedConversation nowhere{backend.domain, ConversationId{backend.entropy.uuid()}};

  const auto found = run(list_conversations(backend, alice, {own, others, nowhere})).value();

  ASSERT_EQ(found.found.size(), 1U);
  EXPECT_EQ(found.found.front().conversation.id, own);
  EXPECT_THAT(found.not_found, UnorderedElementsAre(others, nowhere));
}

TEST_F(ConversationTest, EverybodyHasASelfConversation) {
  const auto id = self_conversation_of(neighbours.name_of(ada));

  const auto view = find(ada, id).value();
  EXPECT_EQ(view.conversation.type, ConversationType::self);
  EXPECT_EQ(view.conversation.id.id.text(), ada.user.text());
  EXPECT_EQ(view.members.size(), 1U);
  EXPECT_EQ(find(alice, id).error().reason, Reason::access_denied);
}

TEST_F(ConversationTest, ChangesAreToldAndRepetitionsAreNot) {
  const auto id = neighbours.create(alice, {ann});
  neighbours.news(ann);

  ASSERT_TRUE(run(rename_conversation(backend, alice, id, "tea")).value());
  ASSERT_TRUE(run(change_message_timer(backend, alice, id, 1000)).value());
  ASSERT_TRUE(run(change_message_timer(backend, alice, id, std::nullopt)).value());
  ASSERT_TRUE(run(change_receipt_mode(backend, alice, id, 1)).value());
  EXPECT_FALSE(run(rename_conversation(backend, alice, id, "tea")).value());
  EXPECT_FALSE(run(change_message_timer(backend, alice, id, std::nullopt)).value());
  EXPECT_FALSE(run(change_receipt_mode(backend, alice, id, 1)).value());

  const auto events = neighbours.news(ann);
  ASSERT_EQ(events.size(), 4U);
  EXPECT_EQ(events[0]["type"], "conversation.rename");
  EXPECT_EQ(events[0]["data"]["name"], "tea");
  EXPECT_EQ(events[1]["data"]["message_timer"], 1000);
  EXPECT_TRUE(events[2]["data"]["message_timer"].is_null());
  EXPECT_EQ(events[3]["data"]["receipt_mode"], 1);
}

TEST_F(ConversationTest, OnlyAnAdminOfAGroupChangesIt) {
  const auto id = neighbours.create(alice, {ann}, Role::member);
  const auto self = self_conversation_of(neighbours.name_of(alice));

  EXPECT_EQ(run(rename_conversation(backend, ann, id, "tea")).error().reason,
            Reason::action_denied);
  EXPECT_EQ(run(rename_conversation(backend, ada, id, "tea")).error().reason,
            Reason::no_conversation);
  EXPECT_EQ(run(change_message_timer(backend, alice, self, 1000)).error().reason,
            Reason::invalid_op);
}

}  // namespace
}  // namespace twostep::service

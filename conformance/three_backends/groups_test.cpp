#include <gmock/gmock.h>

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "conformance/conversations/connection.hpp"
#include "conformance/conversations/view.hpp"
#include "conformance/federation_m1/told.hpp"
#include "conformance/support/bytes.hpp"
#include "conformance/three_backends/rig.hpp"

namespace twostep::conformance {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::IsSupersetOf;
using ::testing::Not;
using ::testing::SizeIs;
using ::testing::UnorderedElementsAre;

Calls told(const std::string& owner, const std::vector<std::string>& peers,
           const std::string& rpc = rpc::on_conversation_updated) {
  Calls calls;
  for (const auto& peer : peers) calls.push_back(asks(owner, peer, rpc));
  return sorted(calls);
}

std::string member_path(const Conversation& chat, const User& user) {
  return chat.path() + "/members/" + user.id().domain + "/" + user.id().id;
}

/// All of them see one conversation: the same name, and the same members with the same roles.
void expect_one_view(const std::vector<Device>& members, const Conversation& chat) {
  const auto first = view_of(members.front(), chat);
  for (const auto& member : members) {
    const auto view = view_of(member, chat);
    EXPECT_EQ(self_in(view), member.user().id());
    EXPECT_EQ(roles_in(view), roles_in(first)) << member.name();
    for (const auto* setting : {"/name", "/message_timer", "/receipt_mode"})
      EXPECT_EQ(part(view, setting), part(first, setting)) << member.name();
  }
}

/// One event about the conversation was found by each of them, and by none of the others.
void expect_event(const Conversation& chat, const std::string& type, const User& actor,
                  const std::vector<Device>& finders, const std::vector<Device>& others = {}) {
  for (const auto& device : finders) {
    const auto events = events_about(device, chat, type);
    EXPECT_THAT(events, SizeIs(1)) << device.name() << ", " << type;
    if (!events.empty()) {
      EXPECT_EQ(part(events.front(), "/qualified_from"), Json(actor.id()));
    }
  }
  for (const auto& device : others) {
    EXPECT_THAT(events_about(device, chat, type), IsEmpty()) << device.name() << ", " << type;
  }
}

// FED-53, FED-63, FED-64  Created at one backend, a conversation is there for its members at all.
TEST(Fed53, AConversationIsThereForItsMembersAtAllBackends) {
  Rig rig;
  const auto& cast = rig.cast;
  const std::vector<Device> members{cast.alice, cast.ann, cast.bob, cast.charlie};
  rig.forget();

  const auto reply = create_conversation(cast.alice, {cast.ann, cast.bob, cast.charlie});

  ASSERT_THAT(reply, HasStatus(201));
  auto calls = rig.calls();
  std::erase_if(calls, [](const auto& call) { return call.ends_with(rpc::api_version); });
  EXPECT_THAT(calls, IsSupersetOf(told("a", {"b", "c"}, rpc::on_conversation_created)));
  const auto chat = conversation_in(reply);
  expect_event(chat, "conversation.create", cast.alice, {cast.ann, cast.bob, cast.charlie},
               {cast.chris});
  expect_one_view(members, chat);
  rig.forget();
  for (const auto& member : {cast.bob, cast.charlie}) {
    const Json wanted = {
        {"qualified_ids",
         {chat.id, cast.at_a.id, Conversation{{random_uuid(), cast.a.domain()}}.id}}};
    const auto listed = member.post("/conversations/list", wanted);
    EXPECT_THAT(ids_in(part(listed.json, "/found")), UnorderedElementsAre(chat.id, cast.at_a.id));
    EXPECT_THAT(conversation_ids(member, all_conversations),
                IsSupersetOf({chat.id, cast.at_a.id, cast.at_b.id, cast.at_c.id}));
  }
  EXPECT_EQ(rig.calls(), sorted({asks("b", "a", rpc::get_conversations),
                                 asks("c", "a", rpc::get_conversations)}));
  EXPECT_THAT(read(cast.chris, chat), HasStatus(404));
  EXPECT_THAT(rig.calls(), IsEmpty());
}

// FED-56, FED-58  Each change is told to each backend once, and found and seen by all.
TEST(Fed58, EachChangeIsFoundAndSeenEverywhere) {
  Rig rig;
  const auto& cast = rig.cast;
  const auto chat = conversation_of({cast.alice, cast.ann, cast.bob, cast.charlie});
  std::vector<Device> members{cast.alice, cast.ann, cast.bob, cast.charlie};
  const std::vector<Device> finders{cast.ann, cast.bob, cast.charlie};
  struct Change {
    std::string path, event;
    Json body;
  };
  rig.forget();
  for (const auto& [path, event, body] :
       std::vector<Change>{{chat.path() + "/name", "conversation.rename", {{"name", "renamed"}}},
                           {chat.path() + "/message-timer",
                            "conversation.message-timer-update",
                            {{"message_timer", 1000}}},
                           {chat.path() + "/receipt-mode",
                            "conversation.receipt-mode-update",
                            {{"receipt_mode", 1}}},
                           {member_path(chat, cast.bob),
                            "conversation.member-update",
                            {{"conversation_role", "wire_member"}}}}) {
    SCOPED_TRACE(event);
    EXPECT_THAT(cast.alice.put(path, body), HasStatus(200));
    EXPECT_EQ(rig.calls(), told("a", {"b", "c"}));
    expect_event(chat, event, cast.alice, finders, {cast.chris});
    expect_one_view(members, chat);
    rig.forget();
  }

  EXPECT_THAT(add_members(cast.alice, chat, {cast.chris}), HasStatus(200));
  EXPECT_THAT(rig.calls(), IsSupersetOf(told("a", {"b", "c"})));
  members.push_back(cast.chris);
  expect_event(chat, "conversation.member-join", cast.alice,
               {cast.ann, cast.bob, cast.charlie, cast.chris});
  expect_one_view(members, chat);
  rig.forget();

  EXPECT_THAT(remove_member(cast.alice, chat, cast.chris), HasStatus(200));
  EXPECT_EQ(rig.calls(), told("a", {"b", "c"}));
  members.pop_back();
  expect_event(chat, "conversation.member-leave", cast.alice,
               {cast.ann, cast.bob, cast.charlie, cast.chris});
  expect_one_view(members, chat);
  EXPECT_THAT(read(cast.chris, chat), HasStatus(404));
}

// FED-61, FED-62, FED-70  A member elsewhere leaves by the owner, who tells all others; of them it removes
//                         nobody, and it changes nothing.
TEST(Fed61, AMemberElsewhereLeavesAndDoesNoMore) {
  Rig rig;
  const auto& cast = rig.cast;
  const auto chat = conversation_of({cast.alice, cast.ann, cast.bob, cast.charlie, cast.chris});
  rig.forget();

  EXPECT_THAT(remove_member(cast.charlie, chat, cast.bob), IsError(403, "action-denied"));
  EXPECT_THAT(cast.charlie.put(chat.path() + "/name", {{"name", "renamed"}}),
              IsError(422, "federation-not-implemented"));
  EXPECT_THAT(rig.calls(), IsEmpty());

  EXPECT_THAT(remove_member(cast.charlie, chat, cast.charlie), HasStatus(200));

  auto expected = told("a", {"b", "c"});
  expected.push_back(asks("c", "a", rpc::leave_conversation));
  EXPECT_EQ(rig.calls(), sorted(expected));
  expect_event(chat, "conversation.member-leave", cast.charlie,
               {cast.alice, cast.ann, cast.bob, cast.chris});
  expect_one_view({cast.alice, cast.ann, cast.bob, cast.chris}, chat);
  EXPECT_THAT(read(cast.charlie, chat), IsError(404, "no-conversation"));
  EXPECT_THAT(cast.charlie.send(chat, {}), IsError(404, "no-conversation"));
}

// FED-55  Who is not connected is not brought in, and no peer is called. Who has blocked the inviter since is
//         passed over by its own backend.
TEST(Fed55, NobodyIsBroughtInByAStranger) {
  Rig rig;
  const auto& cast = rig.cast;
  const auto stranger = cast.b.device("stranger");
  const auto blocker = cast.b.device("blocker");
  connect(cast.alice, blocker);
  must_update(blocker, cast.alice, "blocked");
  const auto before = blocker.newest();
  rig.forget();

  EXPECT_THAT(create_conversation(cast.alice, {stranger, cast.bob}), IsError(403, "not-connected"));
  EXPECT_THAT(add_members(cast.alice, cast.at_a, {stranger}), IsError(403, "not-connected"));
  EXPECT_THAT(rig.calls(), IsEmpty());

  const auto reply = create_conversation(cast.alice, {blocker, cast.bob});

  ASSERT_THAT(reply, HasStatus(201));
  const auto chat = conversation_in(reply);
  expect_event(chat, "conversation.create", cast.alice, {cast.bob});
  EXPECT_THAT(blocker.catch_up({.since = before}).events(), IsEmpty());
  EXPECT_THAT(conversation_ids(blocker, all_conversations), Not(Contains(chat.id)));
}

// FED-54, FED-57, FED-59  A backend that fails when it is told who comes in keeps them out, and stops no
//                         other change.
TEST(Fed57, ABackendThatFailsKeepsItsUsersOut) {
  Rig rig;
  const auto& cast = rig.cast;
  const auto chat = conversation_of({cast.alice, cast.bob, cast.charlie});
  const auto listed = conversation_ids(cast.alice, all_conversations);
  for (const auto& rpc :
       {rpc::api_version, rpc::on_conversation_created, rpc::on_conversation_updated}) {
    rig.before_c.answers(rpc, with_error(500, "server-error"));
  }

  EXPECT_THAT(create_conversation(cast.alice, {cast.ann, cast.bob, cast.charlie}), HasStatus(533));
  EXPECT_THAT(add_members(cast.alice, chat, {cast.chris}), HasStatus(533));

  EXPECT_EQ(conversation_ids(cast.alice, all_conversations), listed);
  EXPECT_EQ(others_in(view_of(cast.alice, chat)).size(), 2u);
  EXPECT_THAT(add_members(cast.alice, chat, {cast.ann}), HasStatus(200));
  EXPECT_THAT(cast.alice.put(chat.path() + "/name", {{"name", "renamed"}}), HasStatus(200));
  EXPECT_THAT(remove_member(cast.alice, chat, cast.charlie), HasStatus(200));
  EXPECT_THAT(others_in(view_of(cast.bob, chat)),
              UnorderedElementsAre(cast.alice.user().id(), cast.ann.user().id()));

  // C was told nothing and asks; A leaves out who is no member.
  rig.pass_on();
  EXPECT_THAT(read(cast.charlie, chat), IsError(404, "no-conversation"));
  EXPECT_THAT(cast.charlie.send(chat, {}), IsError(404, "no-conversation"));
}

// FED-69  A removal that is overtaken by the next invitation does not take its user out again.
TEST(Fed69, ARemovalThatComesLateTakesNobodyOut) {
  Rig rig;
  const auto& cast = rig.cast;
  const auto chat = conversation_of({cast.alice, cast.bob, cast.charlie});
  const auto meanwhile = cast.a.caller(cast.alice);
  rig.before_b.once(rpc::on_conversation_updated, Point::before_it_arrives,
                    [&] { EXPECT_THAT(add_members(meanwhile, chat, {cast.bob}), HasStatus(200)); });

  EXPECT_THAT(remove_member(cast.alice, chat, cast.bob), HasStatus(200));

  EXPECT_TRUE(rig.before_b.happened());
  EXPECT_THAT(cast.alice.send(chat, {{cast.tablet_of_alice, "hello"},
                                     {cast.bob, "hello"},
                                     {cast.charlie, "hello"},
                                     {cast.tablet_of_charlie, "hello"}}),
              Acknowledged());
  EXPECT_THAT(cast.bob.catch_up().bodies(), ElementsAre("hello"));
}

// FED-64, FED-63  An owner that fails: its conversations are listed as failed, and reading one is an error.
TEST(Fed64, ConversationsOfAnOwnerThatFailsHaveFailed) {
  Rig rig;
  const auto& cast = rig.cast;
  rig.before_a.answers(rpc::get_conversations, by_hanging_up());

  const auto reply = cast.charlie.post(
      "/conversations/list", {{"qualified_ids", {cast.at_a.id, cast.at_b.id, cast.at_c.id}}});

  EXPECT_THAT(reply, HasStatus(200));
  EXPECT_THAT(ids_in(part(reply.json, "/found")), UnorderedElementsAre(cast.at_b.id, cast.at_c.id));
  EXPECT_THAT(ids_in(part(reply.json, "/failed")), ElementsAre(cast.at_a.id));
  EXPECT_THAT(read(cast.charlie, cast.at_a), IsFederationError("a.example"));
}

}  // namespace
}  // namespace twostep::conformance

#include "conformance/conversations/connection.hpp"
#include "conformance/conversations/view.hpp"
#include "conformance/support/backend.hpp"
#include "conformance/support/bytes.hpp"
#include "conformance/support/match.hpp"

namespace twostep::conformance {
namespace {

using ::testing::AnyOf;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using ::testing::UnorderedElementsAre;

std::vector<Json> created_events(const Device& device) {
  return device.catch_up().events("conversation.create");
}

/// More members than any backend with the usual limit takes.
std::vector<QualifiedId> a_crowd(const Backend& backend) {
  constexpr int crowd = 501;
  std::vector<QualifiedId> users;
  for (int i = 0; i < crowd; ++i) users.push_back({random_uuid(), backend.domain()});
  return users;
}

// CNV-12  The answer to creating a conversation is the creator's view of it, with everything that
//         was asked for.
TEST(Cnv12, TheAnswerIsTheCreatorsView) {
  auto backend = Backend::under_test();
  auto alice = backend.user("alice");
  auto bob = backend.user("bob");
  auto carol = backend.user("carol");
  connect(alice, bob);
  connect(alice, carol);

  const auto reply = create_conversation(
      alice, {bob, carol}, {{"name", "lunch"}, {"message_timer", 60'000}, {"receipt_mode", 1}});

  EXPECT_THAT(reply, HasStatus(201));
  const auto& view = reply.json;
  EXPECT_EQ(part(view, "/qualified_id/domain"), backend.domain());
  EXPECT_EQ(reply.header("Location"), part(view, "/qualified_id/id"));
  EXPECT_EQ(part(view, "/type"), 0);
  EXPECT_EQ(part(view, "/name"), "lunch");
  EXPECT_EQ(self_in(view), alice.id());
  EXPECT_THAT(part(view, "/members/others"), SizeIs(2));
  EXPECT_THAT(others_in(view), UnorderedElementsAre(bob.id(), carol.id()));
  EXPECT_EQ(part(view, "/protocol"), "proteus");
  EXPECT_EQ(part(view, "/message_timer"), 60'000);
  EXPECT_EQ(part(view, "/receipt_mode"), 1);
}

// CNV-12  Message timer and receipt mode are there only if they were asked for; and what is answered
//         is what is read later.
TEST(Cnv12, WhatWasNotAskedForIsNotThere) {
  auto backend = Backend::under_test();
  auto alice = backend.user("alice");
  auto bob = backend.user("bob");
  connect(alice, bob);

  const auto reply = create_conversation(alice, {bob}, {{"name", "lunch"}});

  EXPECT_THAT(reply, HasStatus(201));
  EXPECT_EQ(part(reply.json, "/message_timer"), nullptr);
  EXPECT_EQ(part(reply.json, "/receipt_mode"), nullptr);
  const auto later = view_of(alice, conversation_in(reply));
  for (const auto* member : {"/qualified_id", "/type", "/name", "/members", "/protocol"}) {
    EXPECT_EQ(part(later, member), part(reply.json, member)) << member;
  }
}

// CNV-13  Every member finds an event with the conversation from their own point of view, the
//         creator included.
TEST(Cnv13, EveryMemberFindsTheirViewOfIt) {
  auto backend = Backend::under_test();
  const std::vector<Device> devices = {backend.user("alice").device(), backend.user("bob").device(),
                                       backend.user("carol").device()};
  auto chat = conversation_of({devices[0], devices[1], devices[2]});

  for (const auto& device : devices) {
    SCOPED_TRACE(device.name());
    std::vector<QualifiedId> others;
    for (const auto& other : devices) {
      if (other.id() != device.id()) others.push_back(other.user().id());
    }
    auto found = created_events(device);
    std::erase_if(found, [&](const Json& event) {  // Connections have conversations as well.
      return part(event, "/qualified_conversation") != Json(chat.id);
    });

    ASSERT_THAT(found, SizeIs(1));
    const auto view = part(found.front(), "/data");
    EXPECT_EQ(part(view, "/qualified_id"), Json(chat.id));
    EXPECT_EQ(part(view, "/name"), "a conversation");
    EXPECT_EQ(self_in(view), device.user().id());
    EXPECT_THAT(others_in(view), ::testing::UnorderedElementsAreArray(others));
  }
}

/// Names of the groups that the device was told of.
std::vector<std::string> names_found_by(const Device& device) {
  std::vector<std::string> names;
  for (const auto& event : created_events(device)) {
    const auto name = part(event, "/data/name");
    if (part(event, "/data/type") == 0) names.push_back(name.is_string() ? name : "none");
  }
  return names;
}

// CNV-14  With one user who is not connected to the creator nobody is invited: no conversation comes
//         to be, and nobody is told. A conversation created afterwards is the first one found.
TEST(Cnv14, WithAnUnconnectedUserNothingComesToBe) {
  auto backend = Backend::under_test();
  auto alice = backend.user("alice").device();
  auto bob = backend.user("bob").device();
  auto carol = backend.user("carol").device();
  connect(alice, bob);
  const auto before = conversation_ids(alice, 500);

  const auto reply = create_conversation(alice, {bob, carol});
  const auto after = conversation_ids(alice, 500);
  require_setup(create_conversation(alice, {bob}, {{"name", "fence"}}), {201}, "the fence");

  EXPECT_THAT(reply, IsError(403, "not-connected"));
  EXPECT_THAT(after, ::testing::UnorderedElementsAreArray(before));
  EXPECT_THAT(names_found_by(alice), ElementsAre("fence"));
  EXPECT_THAT(names_found_by(bob), ElementsAre("fence"));
  EXPECT_THAT(names_found_by(carol), IsEmpty());
}

// CNV-14  Nor with one who has asked but was not answered, …
TEST(Cnv14, AskingIsNotYetBeingConnected) {
  auto backend = Backend::under_test();
  auto alice = backend.user("alice");
  auto bob = backend.user("bob");
  must_ask(alice, bob);

  const auto by_the_asker = create_conversation(alice, {bob});
  const auto by_the_asked = create_conversation(bob, {alice});

  EXPECT_THAT(by_the_asker, IsError(403, "not-connected"));
  EXPECT_THAT(by_the_asked, IsError(403, "not-connected"));
}

// CNV-14  … nor if one of the two has blocked the other, whoever of them creates.
TEST(Cnv14, WithABlockNothingComesToBe) {
  auto backend = Backend::under_test();
  auto alice = backend.user("alice").device();
  auto bob = backend.user("bob").device();
  connect(alice, bob);
  must_update(bob, alice, "blocked");

  const auto by_the_blocked = create_conversation(alice, {bob}, {{"name", "blocked"}});
  const auto by_the_blocker = create_conversation(bob, {alice}, {{"name", "blocker"}});
  must_update(bob, alice, "accepted");
  require_setup(create_conversation(alice, {bob}, {{"name", "fence"}}), {201}, "the fence");

  EXPECT_THAT(by_the_blocked, IsError(403, "not-connected"));
  EXPECT_THAT(by_the_blocker, IsError(403, "not-connected"));
  EXPECT_THAT(names_found_by(alice), ElementsAre("fence"));
  EXPECT_THAT(names_found_by(bob), ElementsAre("fence"));
}

// CNV-15  A name may have 256 characters and no more.
//
// Characters, not bytes: each of these takes two.
TEST(Cnv15, ANameHasAtMost256Characters) {
  auto backend = Backend::under_test();
  auto alice = backend.user("alice");
  std::string longest;
  for (int i = 0; i < 256; ++i) longest += "ä";

  const auto allowed = create_conversation(alice, {}, {{"name", longest}});
  const auto too_long = create_conversation(alice, {}, {{"name", longest + "ä"}});

  EXPECT_THAT(allowed, HasStatus(201));
  EXPECT_EQ(part(allowed.json, "/name"), longest);
  EXPECT_THAT(too_long, HasStatus(400));
}

// CNV-16  More members than the backend allows are refused at creation.
//
// The users are made up, as real ones would take hundreds of registrations; so a backend may also
// find first that they are not connected.
TEST(Cnv16, AConversationIsNotCreatedWithTooManyMembers) {
  auto backend = Backend::under_test();
  auto alice = backend.user("alice");

  const auto reply = create_conversation(alice, {}, {{"qualified_users", a_crowd(backend)}});

  EXPECT_THAT(reply, AnyOf(IsError(400, "client-error"), IsError(403, "too-many-members"),
                           IsError(403, "not-connected")));
}

// CNV-16  And when they are added.
TEST(Cnv16, TooManyMembersAreNotAdded) {
  auto backend = Backend::under_test();
  auto alice = backend.user("alice");
  auto chat = conversation_of({alice});

  const auto reply = alice.post(chat.path() + "/members", {{"qualified_users", a_crowd(backend)}});

  EXPECT_THAT(reply, AnyOf(IsError(400, "client-error"), IsError(403, "too-many-members"),
                           IsError(403, "not-connected")));
  EXPECT_THAT(others_in(view_of(alice, chat)), IsEmpty());
}

}  // namespace
}  // namespace twostep::conformance

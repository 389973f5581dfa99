#include <algorithm>
#include <set>

#include "conformance/conversations/view.hpp"
#include "conformance/support/backend.hpp"
#include "conformance/support/bytes.hpp"
#include "conformance/support/match.hpp"
#include "conformance/support/outcome.hpp"

namespace twostep::conformance {
namespace {

using ::testing::AnyOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::Pair;
using ::testing::UnorderedElementsAre;

// CNV-17  Every member reads the conversation from their own point of view: themselves in
//         `members.self`, all others in `members.others`, all with their roles.
TEST(Cnv17, EveryMemberReadsTheirOwnView) {
  auto backend = Backend::under_test();
  auto alice = backend.user("alice");
  auto bob = backend.user("bob");
  auto carol = backend.user("carol");
  auto chat = conversation_of({alice, bob, carol});

  for (const auto& user : {alice, bob, carol}) {
    SCOPED_TRACE(user.name());
    const auto reply = read(user, chat);

    EXPECT_THAT(reply, HasStatus(200));
    EXPECT_EQ(part(reply.json, "/qualified_id"), Json(chat.id));
    EXPECT_EQ(self_in(reply.json), user.id());
    EXPECT_EQ(part(reply.json, "/members/others").size(), 2U);
    EXPECT_THAT(roles_in(reply.json),
                UnorderedElementsAre(Pair(alice.id(), "wire_admin"), Pair(bob.id(), "wire_admin"),
                                     Pair(carol.id(), "wire_admin")));
  }
}

// CNV-18  A conversation that does not exist is answered 404 `no-conversation`.
TEST(Cnv18, WhatDoesNotExistIsNotFound) {
  auto backend = Backend::under_test();
  auto alice = backend.user("alice");

  const auto reply = read(alice, no_conversation());

  EXPECT_THAT(reply, IsError(404, "no-conversation"));
}

// CNV-18  Nobody learns anything about a conversation that they are not a member of.
TEST(Cnv18, AnothersConversationIsNotShown) {
  auto backend = Backend::under_test();
  auto alice = backend.user("alice");
  auto stranger = backend.user("stranger");
  const auto created = create_conversation(alice, {}, {{"name", "between us"}});
  require_setup(created, {201}, "creating a conversation");

  const auto reply = read(stranger, conversation_in(created));

  EXPECT_THAT(reply, AnyOf(IsError(403, "access-denied"), IsError(404, "no-conversation")));
  EXPECT_THAT(reply.body, Not(HasSubstr("between us")));
  EXPECT_THAT(reply.body, Not(HasSubstr(alice.id().id)));
  if (reply.status == 404) note_reading("another's conversation is said not to exist");
}

// CNV-19  The ids of all conversations of which one is a member can be read in pages, each once, and
//         no others.
TEST(Cnv19, TheIdsOfAllOnesConversationsAreListedOnce) {
  auto backend = Backend::under_test();
  auto alice = backend.user("alice");
  auto bob = backend.user("bob");
  auto first = conversation_of({alice, bob});
  auto second = conversation_of({alice, bob});
  auto of_alice_alone = conversation_of({alice});

  const auto one_by_one = conversation_ids(bob, 1);
  const auto at_once = conversation_ids(bob, 500);

  const std::set<QualifiedId> listed{one_by_one.begin(), one_by_one.end()};
  EXPECT_EQ(listed.size(), one_by_one.size()) << "an id was listed twice";
  EXPECT_THAT(at_once, ::testing::UnorderedElementsAreArray(one_by_one));
  EXPECT_TRUE(listed.contains(first.id));
  EXPECT_TRUE(listed.contains(second.id));
  EXPECT_FALSE(listed.contains(of_alice_alone.id));
}

// CNV-19  A page has no more ids than were asked for.
TEST(Cnv19, APageHasAsManyIdsAsWereAskedFor) {
  auto backend = Backend::under_test();
  auto alice = backend.user("alice");
  conversation_of({alice});
  conversation_of({alice});

  const auto page = alice.post("/conversations/list-ids", {{"size", 1}});

  EXPECT_THAT(page, HasStatus(200));
  EXPECT_EQ(part(page.json, "/qualified_conversations").size(), 1U);
  EXPECT_EQ(part(page.json, "/has_more"), true);
}

// CNV-19  Of the conversations asked for by id, those that one is a member of are in `found`, and
//         all others in `not_found`.
TEST(Cnv19, WhatOneIsNoMemberOfIsNotFound) {
  auto backend = Backend::under_test();
  auto alice = backend.user("alice");
  auto bob = backend.user("bob");
  auto first = conversation_of({alice, bob});
  auto second = conversation_of({alice, bob});
  auto of_alice_alone = conversation_of({alice});
  const auto none = no_conversation();

  const auto reply =
      bob.post("/conversations/list",
               {{"qualified_ids", {first.id, of_alice_alone.id, second.id, none.id}}});

  EXPECT_THAT(reply, HasStatus(200));
  EXPECT_THAT(ids_in(part(reply.json, "/found")), UnorderedElementsAre(first.id, second.id));
  EXPECT_THAT(ids_in(part(reply.json, "/not_found")),
              UnorderedElementsAre(of_alice_alone.id, none.id));
  for (const auto& view : part(reply.json, "/found")) {
    EXPECT_EQ(self_in(view), bob.id());
    EXPECT_THAT(others_in(view), ElementsAre(alice.id()));
  }
}

}  // namespace
}  // namespace twostep::conformance

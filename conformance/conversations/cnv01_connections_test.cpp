#include "conformance/conversations/connection.hpp"
#include "conformance/conversations/view.hpp"
#include "conformance/support/backend.hpp"
#include "conformance/support/match.hpp"

namespace twostep::conformance {
namespace {

using ::testing::AnyOf;
using ::testing::ElementsAre;
using ::testing::UnorderedElementsAre;

// CNV-01  Asking for a connection is answered 201. Who asked sees it as sent, the other as pending.
TEST(Cnv01, WhoAsksHasSentAndTheOtherHasItPending) {
  auto backend = Backend::under_test();
  auto alice = backend.user("alice");
  auto bob = backend.user("bob");

  const auto reply = ask(alice, bob);

  EXPECT_THAT(reply, HasStatus(201));
  EXPECT_EQ(part(reply.json, "/status"), "sent");
  EXPECT_EQ(status_of(alice, bob), "sent");
  EXPECT_EQ(status_of(bob, alice), "pending");
}

// CNV-02  Asking again while nobody has answered is answered 200 and changes nothing.
TEST(Cnv02, AskingAgainWhileItIsSentChangesNothing) {
  auto backend = Backend::under_test();
  auto alice = backend.user("alice").device();
  auto bob = backend.user("bob").device();
  must_ask(alice, bob);
  const auto before = read_connection(bob, alice);

  const auto reply = ask(alice, bob);

  EXPECT_THAT(reply, HasStatus(200));
  EXPECT_EQ(part(reply.json, "/status"), "sent");
  EXPECT_EQ(read_connection(bob, alice).json, before.json);
  EXPECT_THAT(statuses_found_by(bob), ElementsAre("pending"));
}

// CNV-02  So does asking again after the other has accepted, from either side.
TEST(Cnv02, AskingAgainWhileItIsAcceptedChangesNothing) {
  auto backend = Backend::under_test();
  auto alice = backend.user("alice").device();
  auto bob = backend.user("bob").device();
  connect(alice, bob);

  const auto by_alice = ask(alice, bob);
  const auto by_bob = ask(bob, alice);

  EXPECT_THAT(by_alice, HasStatus(200));
  EXPECT_EQ(part(by_alice.json, "/status"), "accepted");
  EXPECT_THAT(by_bob, HasStatus(200));
  EXPECT_EQ(part(by_bob.json, "/status"), "accepted");
  EXPECT_THAT(statuses_found_by(alice), ElementsAre("sent", "accepted"));
  EXPECT_THAT(statuses_found_by(bob), ElementsAre("pending", "accepted"));
}

// CNV-03  Accepting a pending connection makes it accepted on both sides.
TEST(Cnv03, AcceptingConnectsBothSides) {
  auto backend = Backend::under_test();
  auto alice = backend.user("alice");
  auto bob = backend.user("bob");
  must_ask(alice, bob);

  const auto reply = update_connection(bob, alice, "accepted");

  EXPECT_THAT(reply, HasStatus(200));
  EXPECT_EQ(part(reply.json, "/status"), "accepted");
  EXPECT_EQ(status_of(alice, bob), "accepted");
  EXPECT_EQ(status_of(bob, alice), "accepted");
}

// CNV-03  So does asking in turn.
TEST(Cnv03, AskingInTurnConnectsBothSides) {
  auto backend = Backend::under_test();
  auto alice = backend.user("alice");
  auto bob = backend.user("bob");
  must_ask(alice, bob);

  const auto reply = ask(bob, alice);

  EXPECT_THAT(reply, HasStatus(AnyOf(200, 201)));
  EXPECT_EQ(part(reply.json, "/status"), "accepted");
  EXPECT_EQ(status_of(alice, bob), "accepted");
  EXPECT_EQ(status_of(bob, alice), "accepted");
}

// CNV-04  An accepted connection names a conversation of type 2 with both as members, in which each
//         can send to the other.
TEST(Cnv04, AnAcceptedConnectionHasAConversationOfBoth) {
  auto backend = Backend::under_test();
  auto alice = backend.user("alice").device();
  auto bob = backend.user("bob").device();
  connect(alice, bob);

  const auto chat = conversation_between(alice, bob);
  const auto seen_by_alice = read(alice, chat);
  const auto seen_by_bob = read(bob, chat);

  EXPECT_EQ(conversation_between(bob, alice).id, chat.id);
  EXPECT_EQ(part(seen_by_alice.json, "/type"), 2);
  EXPECT_EQ(self_in(seen_by_alice.json), alice.user().id());
  EXPECT_THAT(others_in(seen_by_alice.json), ElementsAre(bob.user().id()));
  EXPECT_EQ(part(seen_by_bob.json, "/type"), 2);
  EXPECT_EQ(self_in(seen_by_bob.json), bob.user().id());
  EXPECT_THAT(others_in(seen_by_bob.json), ElementsAre(alice.user().id()));
  EXPECT_THAT(alice.send(chat, {{bob, "hello"}}), Acknowledged());
  EXPECT_THAT(bob.send(chat, {{alice, "hello"}}), Acknowledged());
}

// CNV-05  Each side finds an event when it has changed: with its own status, and about the other.
TEST(Cnv05, EachSideFindsAnEventWithItsOwnView) {
  auto backend = Backend::under_test();
  auto alice = backend.user("alice").device();
  auto bob = backend.user("bob").device();

  must_ask(alice, bob);
  EXPECT_THAT(statuses_found_by(alice), ElementsAre("sent"));
  EXPECT_THAT(statuses_found_by(bob), ElementsAre("pending"));

  must_update(bob, alice, "accepted");
  EXPECT_THAT(statuses_found_by(alice), ElementsAre("sent", "accepted"));
  EXPECT_THAT(statuses_found_by(bob), ElementsAre("pending", "accepted"));
  for (const auto& event : alice.catch_up().events("user.connection")) {
    EXPECT_EQ(part(event, "/connection/from"), alice.user().id().id);
    EXPECT_EQ(part(event, "/connection/qualified_to"), Json(bob.user().id()));
  }
  for (const auto& event : bob.catch_up().events("user.connection")) {
    EXPECT_EQ(part(event, "/connection/from"), bob.user().id().id);
    EXPECT_EQ(part(event, "/connection/qualified_to"), Json(alice.user().id()));
  }
}

// CNV-06  Nobody can ask themselves.
TEST(Cnv06, AskingOneselfIsRefused) {
  auto backend = Backend::under_test();
  auto alice = backend.user("alice");

  const auto reply = ask(alice, alice);

  EXPECT_THAT(reply, IsError(400, "invalid-user"));
}

/// The other users of all connections listed, and how many pages it took.
struct Listed {
  std::vector<QualifiedId> users = {};
  int pages = 0;
};

Listed list_connections(const User& user, int page_size) {
  constexpr int pages_max = 10;
  Listed listed;
  Json wanted = {{"size", page_size}};
  while (listed.pages < pages_max) {
    const auto reply = user.post("/list-connections", wanted);
    EXPECT_THAT(reply, HasStatus(200));
    ++listed.pages;
    for (const auto& connection : part(reply.json, "/connections")) {
      listed.users.push_back(part(connection, "/qualified_to").get<QualifiedId>());
    }
    if (part(reply.json, "/has_more") != true) break;
    wanted["paging_state"] = part(reply.json, "/paging_state");
  }
  return listed;
}

// CNV-11  The list has all connections, whatever their status, also in pages of one.
TEST(Cnv11, EveryConnectionIsListedOnce) {
  auto backend = Backend::under_test();
  auto alice = backend.user("alice");
  auto bob = backend.user("bob");
  auto carol = backend.user("carol");
  auto dave = backend.user("dave");
  connect(alice, bob);
  must_ask(alice, carol);
  must_ask(dave, alice);

  const auto one_by_one = list_connections(alice, 1);
  const auto at_once = list_connections(alice, 500);

  EXPECT_THAT(one_by_one.users, UnorderedElementsAre(bob.id(), carol.id(), dave.id()));
  EXPECT_GE(one_by_one.pages, 3);
  EXPECT_THAT(at_once.users, UnorderedElementsAre(bob.id(), carol.id(), dave.id()));
  EXPECT_EQ(at_once.pages, 1);
}

}  // namespace
}  // namespace twostep::conformance

#include "conformance/support/bytes.hpp"
#include "conformance/support/federated.hpp"
#include "conformance/support/match.hpp"
#include "conformance/support/outcome.hpp"

namespace twostep::conformance {
namespace {

using ::testing::ElementsAre;
using ::testing::Pair;
using ::testing::UnorderedElementsAre;

constexpr auto nobodys_client = "badc0ffee0ddf00d";

// FED-18  Clients of remote members are missing like those of local ones, each under its domain.
TEST(Fed18, ClientsOfAllBackendsAreMissing) {
  auto backend = Backend::under_test();
  const auto b = Peer::under_test("b");
  const auto c = Peer::under_test("c");
  const auto alice = backend.user("alice").device();
  const auto laptop = alice.user().device();
  const auto ann = backend.user("ann").device();
  const auto bob = b.user("bob").device();
  const auto tablet = bob.user().device();
  const auto charlie = c.user("charlie").device();
  const auto chat = conversation_with(alice, {bob, charlie}, {ann});
  b.expects(rpc::get_user_clients);
  c.expects(rpc::get_user_clients);

  const auto reply = alice.send(chat, {{bob, "hello"}});

  EXPECT_THAT(reply, RefusedForMissing({laptop, ann, tablet, charlie}));
  EXPECT_THAT(reply, FailedToSend({}));
}

// FED-18  A client that a remote member does not have is deleted; nothing is delivered to it.
TEST(Fed18, AnInventedClientOfARemoteMemberIsDeleted) {
  auto backend = Backend::under_test();
  const auto b = Peer::under_test("b");
  const auto alice = backend.user("alice").device();
  const auto bob = b.user("bob").device();
  const Address invented{bob.user().id(), nobodys_client};
  const auto chat = conversation_with(alice, {bob});
  b.expects(rpc::get_user_clients);
  b.expects(rpc::on_message_sent);

  const auto reply = alice.send(chat, to_each({bob, invented}, "hello"));

  EXPECT_THAT(reply, Acknowledged());
  EXPECT_THAT(reply, Deleted({invented}));
  EXPECT_THAT(reply, Redundant({}));
  EXPECT_THAT(recipients_of(b.only(rpc::on_message_sent), b.domain()),
              ElementsAre(Pair(bob.address(), "hello")));
}

// FED-18  A user of an involved peer who is not a member is redundant, and so is one of a peer that is not
//         involved, which is not called.
TEST(Fed18, RemoteUsersOutsideAreRedundant) {
  auto backend = Backend::under_test();
  const auto b = Peer::under_test("b");
  const auto c = Peer::under_test("c");
  const auto alice = backend.user("alice").device();
  const auto bob = b.user("bob").device();
  const auto brenda = b.user("brenda").device();
  const auto charlie = c.user("charlie").device();
  const auto chat = conversation_with(alice, {bob});
  b.expects(rpc::get_user_clients);
  b.expects(rpc::on_message_sent);

  const auto reply = alice.send(chat, to_each({bob, brenda, charlie}, "hello"));

  EXPECT_THAT(reply, Acknowledged());
  EXPECT_THAT(reply, Redundant({brenda, charlie}));
  EXPECT_THAT(reply, Deleted({}));
  EXPECT_THAT(recipients_of(b.only(rpc::on_message_sent), b.domain()),
              ElementsAre(Pair(bob.address(), "hello")));
}

// FED-18  The same user id at two backends is two users.
TEST(Fed18, TheSameIdAtAnotherBackendIsAnotherUser) {
  auto backend = Backend::under_test();
  const auto b = Peer::under_test("b");
  const auto alice = backend.user("alice").device();
  const auto ann = backend.user("ann").device();
  const auto bob = b.user("bob").device();
  const auto chat = conversation_with(alice, {bob}, {ann});
  const Address ann_at_b{{ann.user().id().id, b.domain()}, ann.id()};
  b.expects(rpc::get_user_clients);
  b.expects(rpc::on_message_sent);

  const auto reply = alice.send(chat, {{ann, "to ann"}, {bob, "to bob"}, {ann_at_b, "to nobody"}});

  EXPECT_THAT(reply, Acknowledged());
  EXPECT_THAT(reply, Redundant({ann_at_b}));
  EXPECT_THAT(ann.catch_up().bodies(), ElementsAre("to ann"));
}

// FED-18  Strategies that let missing remote clients pass.
TEST(Fed18, MissingRemoteClientsMayBeIgnored) {
  auto backend = Backend::under_test();
  const auto b = Peer::under_test("b");
  const auto alice = backend.user("alice").device();
  const auto ann = backend.user("ann").device();
  const auto bob = b.user("bob").device();
  const auto chat = conversation_with(alice, {bob}, {ann});

  for (const auto& strategy : {ignore_all(), ignore_only({bob.user().id()}), report_only({}),
                               report_only({ann.user().id()})}) {
    b.expects(rpc::get_user_clients);
    EXPECT_THAT(alice.send(chat, {{ann, "hello"}}, {.strategy = strategy}), Acknowledged());
  }
  EXPECT_THAT(ann.catch_up().bodies(), ElementsAre("hello", "hello", "hello", "hello"));
}

// FED-18  Strategies that name just some of the missing clients: those are reported, and nobody gets it.
TEST(Fed18, AStrategyMayReportSomeRemoteUsersOnly) {
  auto backend = Backend::under_test();
  const auto b = Peer::under_test("b");
  const auto c = Peer::under_test("c");
  const auto alice = backend.user("alice").device();
  const auto bob = b.user("bob").device();
  const auto charlie = c.user("charlie").device();
  const auto chat = conversation_with(alice, {bob, charlie});
  b.expects(rpc::get_user_clients, 2);
  c.expects(rpc::get_user_clients, 2);

  EXPECT_THAT(alice.send(chat, {}, {.strategy = report_only({bob.user().id()})}),
              RefusedForMissing({bob}));
  EXPECT_THAT(alice.send(chat, {}, {.strategy = ignore_only({bob.user().id()})}),
              RefusedForMissing({charlie}));
}

// FED-18  A user in a strategy is the one of that domain: the same id elsewhere is somebody else.
TEST(Fed18, AStrategyMeansUsersOfADomain) {
  auto backend = Backend::under_test();
  const auto b = Peer::under_test("b");
  const auto alice = backend.user("alice").device();
  const auto bob = b.user("bob").device();
  const auto chat = conversation_with(alice, {bob});
  const QualifiedId bob_at_a{bob.user().id().id, backend.domain()};
  b.expects(rpc::get_user_clients, 2);

  EXPECT_THAT(alice.send(chat, {}, {.strategy = ignore_only({bob_at_a})}),
              RefusedForMissing({bob}));
  EXPECT_THAT(alice.send(chat, {}, {.strategy = report_only({bob_at_a})}), Acknowledged());
}

// FED-19  A member that its backend leaves out has no clients: nobody is missing, and what is addressed to
//         it is redundant and told to nobody.
TEST(Fed19, AMemberThatItsBackendDoesNotKnowHasNoClients) {
  auto backend = Backend::under_test();
  const auto b = Peer::under_test("b");
  const auto alice = backend.user("alice").device();
  const auto bob = b.user("bob").device();
  const auto chat = conversation_with(alice, {bob});
  b.expects(rpc::get_user_clients, with_json(Json::object()));
  b.expects(rpc::get_user_clients, with_json(Json::object()));

  EXPECT_THAT(alice.send(chat, {}), Acknowledged());
  const auto reply = alice.send(chat, {{bob, "hello"}});

  EXPECT_THAT(reply, Acknowledged());
  EXPECT_THAT(reply, Redundant({bob}));
  EXPECT_THAT(reply, Deleted({}));
}

// FED-19  One for whom its backend answers an empty list likewise; what is addressed may be called deleted.
TEST(Fed19, SoHasOneForWhomTheAnswerIsAnEmptyList) {
  auto backend = Backend::under_test();
  const auto b = Peer::under_test("b");
  const auto alice = backend.user("alice").device();
  const auto bob = b.user("bob").device();
  const auto chat = conversation_with(alice, {bob});
  b.expects(rpc::get_user_clients, with_json({{bob.user().id().id, Json::array()}}));

  const auto reply = alice.send(chat, {{bob, "hello"}});

  EXPECT_THAT(reply, Acknowledged());
  EXPECT_THAT(reply, ::testing::AnyOf(Redundant({bob}), Deleted({bob})));
}

// FED-19  Users of whom nobody asked are passed over in an answer: they are not in the conversation.
TEST(Fed19, AnAnswerAboutOthersMakesNobodyAMember) {
  auto backend = Backend::under_test();
  const auto b = Peer::under_test("b");
  const auto alice = backend.user("alice").device();
  const auto bob = b.user("bob").device();
  const auto brenda = b.user("brenda").device();
  const auto chat = conversation_with(alice, {bob});
  b.expects(rpc::get_user_clients, with_json({{bob.user().id().id, {{{"id", bob.id()}}}},
                                              {brenda.user().id().id, {{{"id", brenda.id()}}}}}));
  b.expects(rpc::on_message_sent);

  const auto reply = alice.send(chat, to_each({bob, brenda}, "hello"));

  EXPECT_THAT(reply, Acknowledged());
  EXPECT_THAT(reply, Redundant({brenda}));
  EXPECT_THAT(recipients_of(b.only(rpc::on_message_sent), b.domain()),
              ElementsAre(Pair(bob.address(), "hello")));
}

}  // namespace
}  // namespace twostep::conformance

#include <future>

#include "conformance/federation_m1/faults.hpp"
#include "conformance/support/bytes.hpp"
#include "conformance/support/federated.hpp"
#include "conformance/support/match.hpp"

namespace twostep::conformance {
namespace {

using ::testing::ElementsAre;
using ::testing::UnorderedElementsAre;

std::vector<std::string> users_asked_for(const Call& call) {
  return part(call.body, "/users").get<std::vector<std::string>>();
}

// FED-12  One call to the involved peer, naming its members and nobody else's.
TEST(Fed12, APeerIsAskedOnceForItsMembers) {
  auto backend = Backend::under_test();
  const auto b = Peer::under_test("b");
  const auto alice = backend.user("alice").device();
  const auto ann = backend.user("ann").device();
  const auto bob = b.user("bob").device();
  const auto bill = b.user("bill").device();
  connect(alice, b.user("brenda"));
  const auto chat = conversation_with(alice, {bob, bill}, {ann});
  b.expects(rpc::get_user_clients);
  b.expects(rpc::on_message_sent);

  EXPECT_THAT(alice.send(chat, to_each({ann, bob, bill}, "hello")), Acknowledged());

  EXPECT_THAT(users_asked_for(b.only(rpc::get_user_clients)),
              UnorderedElementsAre(bob.user().id().id, bill.user().id().id));
}

// FED-12  Each of two, for its own members; a third that is not involved is not called.
TEST(Fed12, EachInvolvedPeerIsAskedOnceAndNoOther) {
  auto backend = Backend::under_test();
  const auto b = Peer::under_test("b");
  const auto c = Peer::under_test("c");
  const auto d = Peer::under_test("d");
  const auto alice = backend.user("alice").device();
  const auto bob = b.user("bob").device();
  const auto charlie = c.user("charlie").device();
  connect(alice, d.user("dora"));
  const auto chat = conversation_with(alice, {bob, charlie});
  for (const auto& peer : {b, c}) {
    peer.expects(rpc::get_user_clients);
    peer.expects(rpc::on_message_sent);
  }

  EXPECT_THAT(alice.send(chat, to_each({bob, charlie}, "hello")), Acknowledged());

  EXPECT_THAT(users_asked_for(b.only(rpc::get_user_clients)), ElementsAre(bob.user().id().id));
  EXPECT_THAT(users_asked_for(c.only(rpc::get_user_clients)), ElementsAre(charlie.user().id().id));
}

// FED-12  Nobody is asked about a local conversation, though its members know remote users.
TEST(Fed12, NobodyIsAskedAboutALocalConversation) {
  auto backend = Backend::under_test();
  const auto b = Peer::under_test("b");
  const auto alice = backend.user("alice").device();
  const auto ann = backend.user("ann").device();
  connect(alice, b.user("bob"));
  const auto chat = conversation_of({alice, ann});

  EXPECT_THAT(alice.send(chat, {{ann, "hello"}}), Acknowledged());
}

// FED-12  A peer is asked also if none of its users is addressed.
TEST(Fed12, AnInvolvedPeerIsAskedAlsoIfNobodyThereIsAddressed) {
  auto backend = Backend::under_test();
  const auto b = Peer::under_test("b");
  const auto alice = backend.user("alice").device();
  const auto ann = backend.user("ann").device();
  const auto chat = conversation_with(alice, {b.user("bob").device()}, {ann});
  b.expects(rpc::get_user_clients);

  EXPECT_THAT(alice.send(chat, {{ann, "hello"}}, {.strategy = ignore_all()}), Acknowledged());
}

// FED-13  No call waits for another's answer: each peer answers only when both have been asked.
TEST(Fed13, PeersAreAskedConcurrently) {
  auto backend = Backend::under_test();
  const auto b = Peer::under_test("b");
  const auto c = Peer::under_test("c");
  const auto alice = backend.user("alice").device();
  const auto bob = b.user("bob").device();
  const auto charlie = c.user("charlie").device();
  const auto chat = conversation_with(alice, {bob, charlie});
  const auto asked_b = b.holds(rpc::get_user_clients);
  const auto asked_c = c.holds(rpc::get_user_clients);
  b.expects(rpc::on_message_sent);
  c.expects(rpc::on_message_sent);

  auto sent = std::async(std::launch::async, [&] {
    return alice.send(chat, to_each({bob, charlie}, "hello"));
  });
  EXPECT_TRUE(asked_b.arrives());
  EXPECT_TRUE(asked_c.arrives());
  asked_b.release();
  asked_c.release();

  EXPECT_THAT(sent.get(), Acknowledged());
}

// FED-14  Each message asks anew: a client that came to be between two equal messages is missing in the
//         second.
TEST(Fed14, ANewClientIsMissingInTheNextMessage) {
  auto backend = Backend::under_test();
  const auto b = Peer::under_test("b");
  const auto alice = backend.user("alice").device();
  const auto bob = b.user("bob").device();
  const auto chat = conversation_with(alice, {bob});
  b.expects(rpc::get_user_clients, 2);
  b.expects(rpc::on_message_sent);

  EXPECT_THAT(alice.send(chat, {{bob, "first"}}), Acknowledged());
  const auto tablet = bob.user().device();

  EXPECT_THAT(alice.send(chat, {{bob, "second"}}), RefusedForMissing({tablet}));
}

// FED-14  So is one that is gone: what is addressed to it is deleted, and not delivered.
TEST(Fed14, AClientThatIsGoneIsNotTrustedToBeThere) {
  auto backend = Backend::under_test();
  const auto b = Peer::under_test("b");
  const auto alice = backend.user("alice").device();
  const auto bob = b.user("bob").device();
  const auto chat = conversation_with(alice, {bob});
  b.expects(rpc::get_user_clients);
  b.expects(rpc::get_user_clients, with_json({{bob.user().id().id, {{{"id", "1"}}}}}));
  b.expects(rpc::on_message_sent);
  alice.must_send(chat, {{bob, "first"}});

  const auto reply = alice.send(chat, {{bob, "second"}}, {.strategy = ignore_all()});

  EXPECT_THAT(reply, Acknowledged());
  EXPECT_THAT(reply, Deleted({bob}));
}

// FED-15  A call for clients that failed is not made again, neither at once nor for a later message.
TEST(Fed15, AFailedCallForClientsIsNotRepeated) {
  auto backend = Backend::under_test();
  const auto b = Peer::under_test("b");
  const auto alice = backend.user("alice").device();
  const auto bob = b.user("bob").device();
  const auto chat = conversation_with(alice, {bob});

  for (const auto& fault : faults_noticed_at_once()) {
    SCOPED_TRACE("b " + fault.name);
    b.expects(rpc::get_user_clients, fault.answering);
    EXPECT_THAT(alice.send(chat, {{bob, "refused"}}), IsFederationError(b.domain()));
    b.expects(rpc::get_user_clients);
    b.expects(rpc::on_message_sent);
    EXPECT_THAT(alice.send(chat, {{bob, "fence"}}), Acknowledged());
  }
}

// FED-15  Nor is a call to store.
TEST(Fed15, AFailedCallToStoreIsNotRepeated) {
  auto backend = Backend::under_test();
  const auto b = Peer::under_test("b");
  const auto alice = backend.user("alice").device();
  const auto bob = b.user("bob").device();
  const auto chat = conversation_with(alice, {bob});

  for (const auto& fault : faults_noticed_at_once()) {
    SCOPED_TRACE("b " + fault.name);
    b.expects(rpc::get_user_clients);
    b.expects(rpc::on_message_sent, fault.answering);
    EXPECT_THAT(alice.send(chat, {{bob, "lost"}}), Acknowledged());
    b.expects(rpc::get_user_clients);
    b.expects(rpc::on_message_sent);
    EXPECT_THAT(alice.send(chat, {{bob, "fence"}}), Acknowledged());
    EXPECT_THAT(recipients_of(b.received().back(), b.domain()),
                ElementsAre(::testing::Pair(bob.address(), "fence")));
  }
}

// FED-15  Nor is a message to another owner.
TEST(Fed15, AFailedMessageToAnotherOwnerIsNotRepeated) {
  auto backend = Backend::under_test();
  const auto b = Peer::under_test("b");
  const auto alice = backend.user("alice").device();
  const auto bob = b.user("bob").device();
  const auto chat = conversation_at(bob, {alice});

  for (const auto& fault : faults_noticed_at_once()) {
    SCOPED_TRACE("b " + fault.name);
    b.expects(rpc::send_message, fault.answering);
    EXPECT_THAT(alice.send(chat, {{bob, "refused"}}), IsFederationError(b.domain()));
    b.expects(rpc::send_message);
    EXPECT_THAT(alice.send(chat, {{bob, "fence"}}), Acknowledged());
  }
}

// FED-16  Who is not a member is refused before any peer is asked.
TEST(Fed16, NobodyIsAskedForAStranger) {
  auto backend = Backend::under_test();
  const auto b = Peer::under_test("b");
  const auto alice = backend.user("alice").device();
  const auto eve = backend.user("eve").device();
  const auto bob = b.user("bob").device();
  const auto chat = conversation_with(alice, {bob});

  EXPECT_THAT(eve.send(chat, {{bob, "hello"}}), IsError(404, "no-conversation"));
}

// FED-17  A message with a missing client is told to nobody, neither where the client is nor elsewhere.
TEST(Fed17, AMessageThatIsRefusedForAMissingClientIsToldToNobody) {
  auto backend = Backend::under_test();
  const auto b = Peer::under_test("b");
  const auto c = Peer::under_test("c");
  const auto alice = backend.user("alice").device();
  const auto bob = b.user("bob").device();
  const auto charlie = c.user("charlie").device();
  const auto chat = conversation_with(alice, {bob, charlie});
  b.expects(rpc::get_user_clients);
  c.expects(rpc::get_user_clients);

  EXPECT_THAT(alice.send(chat, {{bob, "hello"}}), RefusedForMissing({charlie}));
}

// FED-17  Nor is one of a sending client that there is not.
TEST(Fed17, AMessageOfAnUnknownClientIsToldToNobody) {
  auto backend = Backend::under_test();
  const auto b = Peer::under_test("b");
  const auto alice = backend.user("alice").device();
  const auto bob = b.user("bob").device();
  const auto chat = conversation_with(alice, {bob});
  b.allows(rpc::get_user_clients);

  const auto reply = alice.send(chat, {{bob, "hello"}}, {.sender = "badc0ffee0ddf00d"});

  EXPECT_THAT(reply, IsError(403, "unknown-client"));
}

// FED-17  No peer is told to store before all have answered. While b keeps its answer back, another user
//         comes to be: time enough to tell c too early.
TEST(Fed17, NobodyIsToldBeforeAllHaveAnswered) {
  auto backend = Backend::under_test();
  const auto b = Peer::under_test("b");
  const auto c = Peer::under_test("c");
  const auto alice = backend.user("alice").device();
  const auto bob = b.user("bob").device();
  const auto charlie = c.user("charlie").device();
  const auto chat = conversation_with(alice, {bob, charlie});
  std::atomic<bool> answered = false;
  std::atomic<bool> told_before = false;
  const auto asked_b = b.holds(rpc::get_user_clients);
  c.expects(rpc::get_user_clients);
  for (const auto& peer : {b, c}) {
    peer.expects(rpc::on_message_sent, [&](const Call& call) {
      if (!answered) told_before = true;
      return with_json(Json::object())(call);
    });
  }

  auto sent = std::async(std::launch::async, [&] {
    return alice.send(chat, to_each({bob, charlie}, "hello"));
  });
  EXPECT_TRUE(asked_b.arrives());
  backend.user("ann");
  answered = true;
  asked_b.release();

  EXPECT_THAT(sent.get(), Acknowledged());
  for (const auto& peer : {b, c}) peer.stop();
  EXPECT_FALSE(told_before);
}

}  // namespace
}  // namespace twostep::conformance

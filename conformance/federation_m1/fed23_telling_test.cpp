#include <future>

#include "conformance/federation_m1/faults.hpp"
#include "conformance/support/at_once.hpp"
#include "conformance/support/bytes.hpp"
#include "conformance/support/federated.hpp"
#include "conformance/support/match.hpp"

namespace twostep::conformance {
namespace {

using ::testing::AnyOf;
using ::testing::ElementsAre;
using ::testing::Pair;
using ::testing::UnorderedElementsAre;

// FED-23  The peer is told once, with the time of the status and everything about the message.
TEST(Fed23, APeerIsToldEverythingAboutTheMessage) {
  auto backend = Backend::under_test();
  const auto b = Peer::under_test("b");
  const auto alice = backend.user("alice").device();
  const auto bob = b.user("bob").device();
  const auto chat = conversation_with(alice, {bob});
  b.expects(rpc::get_user_clients);
  b.expects(rpc::on_message_sent);

  const auto reply = alice.send(chat, {{bob, "hello"}}, {.blob = "shared"});

  EXPECT_THAT(reply, Acknowledged());
  const auto told = b.only(rpc::on_message_sent).body;
  EXPECT_EQ(part(told, "/time"), part(reply.json, "/time"));
  EXPECT_EQ(part(told, "/sender"), Json(alice.user().id()));
  EXPECT_EQ(part(told, "/sender_client"), alice.id());
  EXPECT_EQ(part(told, "/conversation"), chat.id.id);
  EXPECT_EQ(part(told, "/data"), to_base64("shared"));
  EXPECT_EQ(part(told, "/push"), true);
  EXPECT_EQ(part(told, "/transient"), false);
  EXPECT_EQ(part(told, "/priority"), Json{});
}

// FED-23  Without shared data there is none.
TEST(Fed23, WithoutSharedDataThereIsNone) {
  auto backend = Backend::under_test();
  const auto b = Peer::under_test("b");
  const auto alice = backend.user("alice").device();
  const auto bob = b.user("bob").device();
  const auto chat = conversation_with(alice, {bob});
  b.expects(rpc::get_user_clients);
  b.expects(rpc::on_message_sent);

  alice.must_send(chat, {{bob, "hello"}});

  EXPECT_THAT(part(b.only(rpc::on_message_sent).body, "/data"), AnyOf(Json{}, Json("")));
}

// FED-23  Each peer is told of its own users' clients, all of them in one call, and of nobody else's.
TEST(Fed23, EachPeerIsToldOfItsOwnUsersAlone) {
  auto backend = Backend::under_test();
  const auto b = Peer::under_test("b");
  const auto c = Peer::under_test("c");
  const auto alice = backend.user("alice").device();
  const auto ann = backend.user("ann").device();
  const auto bob = b.user("bob").device();
  const auto tablet = bob.user().device();
  const auto bill = b.user("bill").device();
  const auto charlie = c.user("charlie").device();
  const auto chat = conversation_with(alice, {bob, bill, charlie}, {ann});
  for (const auto& peer : {b, c}) {
    peer.expects(rpc::get_user_clients);
    peer.expects(rpc::on_message_sent);
  }

  const auto reply = alice.send(chat, {{ann, "to ann"},
                                       {bob, "to bob"},
                                       {tablet, "to his tablet"},
                                       {bill, "to bill"},
                                       {charlie, "to charlie"}});

  EXPECT_THAT(reply, Acknowledged());
  EXPECT_THAT(
      recipients_of(b.only(rpc::on_message_sent), b.domain()),
      UnorderedElementsAre(Pair(bob.address(), "to bob"), Pair(tablet.address(), "to his tablet"),
                           Pair(bill.address(), "to bill")));
  EXPECT_THAT(recipients_of(c.only(rpc::on_message_sent), c.domain()),
              ElementsAre(Pair(charlie.address(), "to charlie")));
  EXPECT_THAT(ann.catch_up().bodies(), ElementsAre("to ann"));
}

// FED-23  A peer without a valid client is not told, though it was asked.
TEST(Fed23, APeerWithoutAValidClientIsNotTold) {
  auto backend = Backend::under_test();
  const auto b = Peer::under_test("b");
  const auto c = Peer::under_test("c");
  const auto alice = backend.user("alice").device();
  const auto bob = b.user("bob").device();
  const auto charlie = c.user("charlie").device();
  const Address invented{charlie.user().id(), "badc0ffee0ddf00d"};
  const auto chat = conversation_with(alice, {bob, charlie});
  b.expects(rpc::get_user_clients);
  b.expects(rpc::on_message_sent);
  c.expects(rpc::get_user_clients);

  const auto reply =
      alice.send(chat, to_each({bob, invented}, "hello"), {.strategy = ignore_all()});

  EXPECT_THAT(reply, Acknowledged());
  EXPECT_THAT(reply, Deleted({invented}));
}

// FED-24  The status comes after the peer's answer. While b keeps it back, another message is sent: time
//         enough for an answer that does not wait. A target that gave b up meanwhile has to say so.
TEST(Fed24, TheStatusComesAfterThePeersAnswer) {
  auto backend = Backend::under_test();
  const auto b = Peer::under_test("b");
  const auto alice = backend.user("alice").device();
  const auto ann = backend.user("ann").device();
  const auto bob = b.user("bob").device();
  const auto chat = conversation_with(alice, {bob});
  const auto local = conversation_of({alice, ann});
  b.expects(rpc::get_user_clients);
  const auto told = b.holds(rpc::on_message_sent);

  auto sent = std::async(std::launch::async, [&] { return alice.send(chat, {{bob, "hello"}}); });
  EXPECT_TRUE(told.arrives());
  ann.must_send(local, {{alice, "meanwhile"}});
  const bool before = sent.wait_for(Milliseconds{0}) == std::future_status::ready;
  told.release();

  const auto reply = sent.get();
  EXPECT_THAT(reply, Acknowledged());
  EXPECT_THAT(reply, FailedToSend(before ? std::vector<Address>{bob} : std::vector<Address>{}));
}

// FED-25  A peer that fails when it is told: 201, its clients in `failed_to_send`, and all others have it.
TEST(Fed25, WhatAPeerDidNotTakeIsReported) {
  auto backend = Backend::under_test();
  const auto b = Peer::under_test("b");
  const auto c = Peer::under_test("c");
  const auto alice = backend.user("alice").device();
  const auto ann = backend.user("ann").device();
  const auto bob = b.user("bob").device();
  const auto charlie = c.user("charlie").device();
  const auto chat = conversation_with(alice, {bob, charlie}, {ann});
  std::vector<std::string> expected;

  for (const auto& fault : faults_noticed_at_once()) {
    SCOPED_TRACE("b " + fault.name);
    b.expects(rpc::get_user_clients);
    c.expects(rpc::get_user_clients);
    b.expects(rpc::on_message_sent, fault.answering);
    c.expects(rpc::on_message_sent);
    const auto reply = alice.send(chat, to_each({ann, bob, charlie}, fault.name));
    EXPECT_THAT(reply, Acknowledged());
    EXPECT_THAT(reply, FailedToSend({bob}));
    EXPECT_THAT(recipients_of(c.received(rpc::on_message_sent).back(), c.domain()),
                ElementsAre(Pair(charlie.address(), fault.name)));
    expected.push_back(fault.name);
  }

  EXPECT_EQ(ann.catch_up().bodies(), expected);
}

// FED-25  Exactly the clients that the message was for: not those that were ignored, deleted or redundant.
TEST(Fed25, JustTheClientsThatItWasForAreReported) {
  auto backend = Backend::under_test();
  const auto b = Peer::under_test("b");
  const auto alice = backend.user("alice").device();
  const auto bob = b.user("bob").device();
  const auto tablet = bob.user().device();
  const auto bill = b.user("bill").device();
  const auto brenda = b.user("brenda").device();
  const Address invented{bob.user().id(), "badc0ffee0ddf00d"};
  const auto chat = conversation_with(alice, {bob, bill});
  b.expects(rpc::get_user_clients);
  b.expects(rpc::on_message_sent, by_reset());

  const auto reply = alice.send(chat, to_each({bob, tablet, invented, brenda}, "hello"),
                                {.strategy = ignore_all()});

  EXPECT_THAT(reply, Acknowledged());
  EXPECT_THAT(reply, FailedToSend({bob, tablet}));
  EXPECT_THAT(reply, Deleted({invented}));
  EXPECT_THAT(reply, Redundant({brenda}));
}

// FED-25  Both of two peers may fail.
TEST(Fed25, WhatBothOfTwoPeersDidNotTakeIsReported) {
  auto backend = Backend::under_test();
  const auto b = Peer::under_test("b");
  const auto c = Peer::under_test("c");
  const auto alice = backend.user("alice").device();
  const auto ann = backend.user("ann").device();
  const auto bob = b.user("bob").device();
  const auto charlie = c.user("charlie").device();
  const auto chat = conversation_with(alice, {bob, charlie}, {ann});
  for (const auto& peer : {b, c}) {
    peer.expects(rpc::get_user_clients);
    peer.expects(rpc::on_message_sent, with_error(500, "server-error"));
  }

  const auto reply = alice.send(chat, to_each({ann, bob, charlie}, "hello"));

  EXPECT_THAT(reply, Acknowledged());
  EXPECT_THAT(reply, FailedToSend({bob, charlie}));
  EXPECT_THAT(ann.catch_up().bodies(), ElementsAre("hello"));
}

// FED-25  One that never answers to the end has failed as well. All ways at once: each costs a deadline.
TEST(Fed25, APeerThatNeverAnswersHasNotTakenIt) {
  const LongPatience patience;
  auto backend = Backend::under_test();
  std::vector<std::function<void()>> sends;
  for (const auto& fault : faults_noticed_in_time()) {
    sends.push_back([&backend, fault] {
      const auto b = Peer::under_test("b");
      const auto alice = backend.user("alice").device();
      const auto ann = backend.user("ann").device();
      const auto bob = b.user("bob").device();
      const auto chat = conversation_with(alice, {bob}, {ann});
      b.expects(rpc::get_user_clients);
      b.expects(rpc::on_message_sent, fault.answering);

      const auto reply = alice.send(chat, to_each({ann, bob}, "hello"));

      EXPECT_THAT(reply, Acknowledged()) << "b " << fault.name;
      EXPECT_THAT(reply, FailedToSend({bob})) << "b " << fault.name;
      EXPECT_THAT(ann.catch_up().bodies(), ElementsAre("hello"));
    });
  }
  at_once(sends);
}

// FED-25  If no peer failed, nobody is in `failed_to_send`.
TEST(Fed25, NobodyIsReportedIfAllWentWell) {
  auto backend = Backend::under_test();
  const auto b = Peer::under_test("b");
  const auto alice = backend.user("alice").device();
  const auto bob = b.user("bob").device();
  const auto chat = conversation_with(alice, {bob});
  b.expects(rpc::get_user_clients);
  b.expects(rpc::on_message_sent);

  const auto reply = alice.send(chat, {{bob, "hello"}});

  EXPECT_THAT(reply, Acknowledged());
  EXPECT_THAT(reply, FailedToSend({}));
  EXPECT_EQ(part(reply.json, "/failed_to_confirm_clients"), Json::object());
}

}  // namespace
}  // namespace twostep::conformance

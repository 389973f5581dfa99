#include <future>

#include "conformance/federation_m1/faults.hpp"
#include "conformance/support/at_once.hpp"
#include "conformance/support/federated.hpp"
#include "conformance/support/match.hpp"
#include "conformance/support/outcome.hpp"

namespace twostep::conformance {
namespace {

using ::testing::AnyOf;
using ::testing::ElementsAre;
using ::testing::Pair;

/// A message that everybody gets, as the first thing they get.
void expect_only_the_fence(const Device& sender, const Device& local, const PeerDevice& remote,
                           const Conversation& chat) {
  const auto& peer = remote.peer();
  peer.expects(rpc::get_user_clients);
  peer.expects(rpc::on_message_sent);
  EXPECT_THAT(sender.send(chat, to_each({local, remote}, "fence")), Acknowledged());
  EXPECT_THAT(local.catch_up().bodies(), ElementsAre("fence"));
  EXPECT_THAT(recipients_of(peer.only(rpc::on_message_sent), peer.domain()),
              ElementsAre(Pair(remote.address(), "fence")));
}

// FED-20  However a peer fails when it is asked for clients, nobody gets the message.
TEST(Fed20, NobodyGetsAMessageIfAPeerFailsAtOnce) {
  auto backend = Backend::under_test();
  const auto b = Peer::under_test("b");
  const auto alice = backend.user("alice").device();
  const auto ann = backend.user("ann").device();
  const auto bob = b.user("bob").device();
  const auto chat = conversation_with(alice, {bob}, {ann});

  for (const auto& fault : faults_noticed_at_once()) {
    SCOPED_TRACE("b " + fault.name);
    b.expects(rpc::get_user_clients, fault.answering);
    EXPECT_THAT(alice.send(chat, to_each({ann, bob}, "refused")), IsFederationError(b.domain()));
  }

  expect_only_the_fence(alice, ann, bob, chat);
}

// FED-20  So if its answer is JSON, but not what was asked for.
TEST(Fed20, NobodyGetsItIfTheAnswerIsNoListOfClients) {
  auto backend = Backend::under_test();
  const auto b = Peer::under_test("b");
  const auto alice = backend.user("alice").device();
  const auto ann = backend.user("ann").device();
  const auto bob = b.user("bob").device();
  const auto chat = conversation_with(alice, {bob}, {ann});

  for (const auto& fault : wrong_client_lists(bob.user().id().id)) {
    SCOPED_TRACE("b " + fault.name);
    b.expects(rpc::get_user_clients, fault.answering);
    EXPECT_THAT(alice.send(chat, to_each({ann, bob}, "refused")), IsFederationError(b.domain()));
  }

  expect_only_the_fence(alice, ann, bob, chat);
}

// FED-20  So if it never answers to the end. A peer for each way, all at once: each costs a deadline.
TEST(Fed20, NobodyGetsItIfAPeerNeverAnswersToTheEnd) {
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
      b.expects(rpc::get_user_clients, fault.answering);

      EXPECT_THAT(alice.send(chat, to_each({ann, bob}, "refused")), IsFederationError(b.domain()))
          << "b " << fault.name;

      expect_only_the_fence(alice, ann, bob, chat);
    });
  }
  at_once(sends);
}

// FED-20  Whatever the strategy, and though nobody there is addressed.
TEST(Fed20, NoStrategyLetsAFailingPeerPass) {
  auto backend = Backend::under_test();
  const auto b = Peer::under_test("b");
  const auto alice = backend.user("alice").device();
  const auto ann = backend.user("ann").device();
  const auto bob = b.user("bob").device();
  const auto chat = conversation_with(alice, {bob}, {ann});

  for (const auto& strategy : {report_all(), ignore_all(), ignore_only({bob.user().id()}),
                               report_only({}), report_only({ann.user().id()})}) {
    b.expects(rpc::get_user_clients, by_reset());
    EXPECT_THAT(alice.send(chat, {{ann, "refused"}}, {.strategy = strategy}),
                IsFederationError(b.domain()));
  }

  expect_only_the_fence(alice, ann, bob, chat);
}

// FED-20  One of two is enough: the other is told nothing.
//
// The owner may answer as soon as one has failed, and its call of the other may come later. So each turn has
// peers of its own, and the other one's answer is the same whenever it is asked.
TEST(Fed20, OneFailingPeerOfTwoIsEnough) {
  auto backend = Backend::under_test();
  for (const auto& [down_name, up_name] : {std::pair{"b", "c"}, std::pair{"c", "b"}}) {
    const auto down = Peer::under_test(down_name);
    const auto up = Peer::under_test(up_name);
    const auto alice = backend.user("alice").device();
    const auto ann = backend.user("ann").device();
    const auto bob = down.user("bob").device();
    const auto charlie = up.user("charlie").device();
    const auto chat = conversation_with(alice, {bob, charlie}, {ann});
    down.expects(rpc::get_user_clients, with_error(500, "server-error"));
    down.expects(rpc::get_user_clients);
    up.allows(rpc::get_user_clients);

    EXPECT_THAT(
        alice.send(chat, to_each({ann, bob, charlie}, "refused"), {.strategy = ignore_all()}),
        IsFederationError(down.domain()));

    down.expects(rpc::on_message_sent);
    up.expects(rpc::on_message_sent);
    EXPECT_THAT(alice.send(chat, to_each({ann, bob, charlie}, "fence")), Acknowledged());
    EXPECT_THAT(ann.catch_up().bodies(), ElementsAre("fence"));
  }
}

// FED-20  Both failing is no different. Who fails second may be asked after the answer.
TEST(Fed20, BothOfTwoPeersMayFail) {
  auto backend = Backend::under_test();
  const auto b = Peer::under_test("b");
  const auto c = Peer::under_test("c");
  const auto alice = backend.user("alice").device();
  const auto ann = backend.user("ann").device();
  const auto bob = b.user("bob").device();
  const auto charlie = c.user("charlie").device();
  const auto chat = conversation_with(alice, {bob, charlie}, {ann});
  b.allows(rpc::get_user_clients, by_reset());
  c.allows(rpc::get_user_clients, by_hanging_up());

  const auto reply = alice.send(chat, to_each({ann, bob, charlie}, "refused"));

  EXPECT_THAT(reply, AnyOf(IsFederationError(b.domain()), IsFederationError(c.domain())));
  EXPECT_THAT(ann.catch_up().bodies(), ElementsAre());
}

// FED-20  It reaches no open websocket either.
TEST(Fed20, NoSocketGetsIt) {
  auto backend = Backend::under_test();
  const auto b = Peer::under_test("b");
  const auto alice = backend.user("alice").device();
  const auto ann = backend.user("ann").device();
  const auto bob = b.user("bob").device();
  const auto chat = conversation_with(alice, {bob}, {ann});
  auto socket = ann.open_socket();
  b.expects(rpc::get_user_clients, by_reset());

  EXPECT_THAT(alice.send(chat, to_each({ann, bob}, "refused")), IsFederationError(b.domain()));
  expect_only_the_fence(alice, ann, bob, chat);

  EXPECT_THAT(socket.bodies_until("fence"), ElementsAre("fence"));
}

// FED-20  Also if the sending client is unknown: the message is refused, for either reason.
TEST(Fed20, AnUnknownSenderIsRefusedEitherWay) {
  auto backend = Backend::under_test();
  const auto b = Peer::under_test("b");
  const auto alice = backend.user("alice").device();
  const auto ann = backend.user("ann").device();
  const auto bob = b.user("bob").device();
  const auto chat = conversation_with(alice, {bob}, {ann});
  b.allows(rpc::get_user_clients, by_reset());

  const auto reply =
      alice.send(chat, to_each({ann, bob}, "refused"), {.sender = "badc0ffee0ddf00d"});

  EXPECT_THAT(reply, AnyOf(IsFederationError(b.domain()), IsError(403, "unknown-client")));
  EXPECT_THAT(ann.catch_up().bodies(), ElementsAre());
}

// FED-21  The peer of another conversation does not matter. It would complain of any call.
TEST(Fed21, ThePeerOfAnotherConversationDoesNotMatter) {
  auto backend = Backend::under_test();
  const auto b = Peer::under_test("b");
  const auto c = Peer::under_test("c");
  const auto alice = backend.user("alice").device();
  const auto bob = b.user("bob").device();
  const auto charlie = c.user("charlie").device();
  const auto with_b = conversation_with(alice, {bob});
  const auto with_c = conversation_with(alice, {charlie});
  b.expects(rpc::get_user_clients, by_reset());
  c.expects(rpc::get_user_clients);
  c.expects(rpc::on_message_sent);

  EXPECT_THAT(alice.send(with_b, {{bob, "hello"}}), IsFederationError(b.domain()));
  EXPECT_THAT(alice.send(with_c, {{charlie, "hello"}}), Acknowledged());
}

// FED-22  Many sends wait for a silent peer; one in a local conversation is answered all the same. One after
//         the other they would keep it waiting for longer than the suite does.
TEST(Fed22, ASilentPeerDelaysItsOwnConversationAlone) {
  constexpr int waiting = 24;
  auto backend = Backend::under_test();
  const auto b = Peer::under_test("b");
  const auto alice = backend.user("alice").device();
  const auto ann = backend.user("ann").device();
  const auto bob = b.user("bob").device();
  const auto slow = conversation_with(alice, {bob});
  const auto local = conversation_of({alice, ann});
  const Held asked;
  b.allows(rpc::get_user_clients, asked.answering(with_json(Json::object())));
  const auto message = encode_message(alice.id(), {{bob, "hello"}}, {});
  std::vector<std::future<Reply>> sends;
  for (int i = 0; i < waiting; ++i) {
    sends.push_back(std::async(std::launch::async, [&] {
      // A caller of its own: a device sends one message after the other.
      return Caller{"alice", alice.token()}.request("POST", slow.path() + "/proteus/messages",
                                                    message,
                                                    {.content_type = "application/x-protobuf"});
    }));
  }
  EXPECT_TRUE(asked.arrives());

  EXPECT_THAT(ann.send(local, {{alice, "hello"}}), Acknowledged());

  asked.release();
  for (auto& send : sends) send.get();
}

}  // namespace
}  // namespace twostep::conformance

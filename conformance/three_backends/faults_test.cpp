#include <gmock/gmock.h>

#include <algorithm>
#include <atomic>
#include <map>
#include <semaphore>
#include <string>
#include <vector>

#include "conformance/federation_m1/faults.hpp"
#include "conformance/support/at_once.hpp"
#include "conformance/support/match.hpp"
#include "conformance/three_backends/rig.hpp"

namespace twostep::conformance {
namespace {

using ::testing::AnyOf;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

/// All ways to fail that need no waiting for.
std::vector<PeerFault> faults(const Rig& rig, const std::string& rpc) {
  auto faults = faults_noticed_at_once();
  faults.push_back(
      {"redirects to another backend",
       with_bytes("HTTP/1.1 307 Elsewhere\r\nLocation: http://" + rig.before_a.address() +
                  "/federation/" + rpc + "\r\nContent-Length: 0\r\n\r\n")});
  faults.push_back({"never ends", without_end()});
  if (rpc == rpc::get_user_clients) {
    for (auto& wrong : wrong_client_lists(rig.cast.bob.user().id().id)) faults.push_back(wrong);
  }
  return faults;
}

/// What the sender is told of a peer that failed: by the owner itself, or by the owner's words in `inner`.
ReplyMatcher TellsOf(const std::string& failing, const std::string& sender_at) {
  if (sender_at == "a") return IsFederationError(failing + ".example");
  return ::testing::AllOf(IsError(533, "federation-remote-error"), IsFederationError("a.example"));
}

/// The messages that each device should find from some moment on.
class Expected {
 public:
  explicit Expected(const Rig& rig) : rig_(rig), inboxes_(rig.cast) {}

  void at(const std::string& server, const Device& sender, const std::string& body) {
    for (const auto& device : rig_.cast.at(rig_.server(server), sender)) {
      bodies_[device].push_back(body);
    }
  }

  /// After a message that all find but who sends it.
  void see() {
    const auto& cast = rig_.cast;
    cast.alice.must_send(cast.at_a, cast.to_all(cast.alice, "fence"));
    for (const auto& device : cast.all) {
      auto bodies = bodies_[device.address()];
      if (device.address() != cast.alice.address()) bodies.push_back("fence");
      EXPECT_EQ(inboxes_.since(device), bodies) << device.name();
    }
  }

 private:
  const Rig& rig_;
  Inboxes inboxes_;
  std::map<Address, std::vector<std::string>> bodies_;
};

// FED-20, FED-42  However a peer fails when it is asked for clients: the sender is told, nobody has the
//                 message, and FED-15  nothing is asked again.
TEST(Fed20, APeerThatFailsWhenItIsAskedStopsTheMessage) {
  Rig rig;
  const auto& cast = rig.cast;
  Expected expected{rig};
  for (const std::string failing : {"b", "c"}) {
    for (const auto& [name, answering] : faults(rig, rpc::get_user_clients)) {
      for (const std::string sender_at : {"a", "c"}) {
        SCOPED_TRACE(failing + ' ' + name + ", sender at " + sender_at);
        rig.before(failing).answers(rpc::get_user_clients, answering);
        const auto& sender = rig.sender_at(sender_at);
        rig.forget();

        const auto reply = sender.send(cast.at_a, cast.to_all(sender, "lost"));

        EXPECT_THAT(reply, TellsOf(failing, sender_at));
        Calls calls{asks("a", "b", rpc::get_user_clients), asks("a", "c", rpc::get_user_clients)};
        if (sender_at == "c") calls.push_back(asks("c", "a", rpc::send_message));
        EXPECT_EQ(rig.calls(), calls);
        rig.pass_on();
      }
    }
  }
  expected.see();
}

// FED-25  However a peer fails when it is told to store: it is reported, all others have the message, and
//         FED-15  nothing is told again.
TEST(Fed25, APeerThatFailsWhenItIsToldIsReported) {
  Rig rig;
  const auto& cast = rig.cast;
  Expected expected{rig};
  for (const std::string failing : {"b", "c"}) {
    for (const auto& [name, answering] : faults(rig, rpc::on_message_sent)) {
      for (const std::string sender_at : {"a", "c"}) {
        const auto body = failing + ' ' + name + ", sender at " + sender_at;
        SCOPED_TRACE(body);
        rig.before(failing).answers(rpc::on_message_sent, answering);
        const auto& sender = rig.sender_at(sender_at);
        rig.forget();

        const auto reply = sender.send(cast.at_a, cast.to_all(sender, body));

        EXPECT_THAT(reply, Acknowledged());
        EXPECT_THAT(reply, FailedToSend(cast.at(rig.server(failing), sender)));
        const auto calls = rig.calls();
        for (const std::string peer : {"b", "c"}) {
          EXPECT_EQ(std::ranges::count(calls, asks("a", peer, rpc::on_message_sent)), 1);
          if (peer != failing) expected.at(peer, sender, body);
        }
        expected.at("a", sender, body);
        rig.pass_on();
      }
    }
  }
  expected.see();
}

// FED-37  However the owner fails: a federation error, and nobody has the message.
TEST(Fed37, AnOwnerThatFailsIsAFederationError) {
  Rig rig;
  const auto& cast = rig.cast;
  Expected expected{rig};
  for (const auto& [name, answering] : faults(rig, rpc::send_message)) {
    SCOPED_TRACE("a " + name);
    rig.before_a.answers(rpc::send_message, answering);
    rig.forget();

    const auto reply = cast.charlie.send(cast.at_a, cast.to_all(cast.charlie, "lost"));

    EXPECT_THAT(reply, IsFederationError("a.example"));
    EXPECT_EQ(rig.calls(), Calls{asks("c", "a", rpc::send_message)});
  }
  rig.pass_on();
  expected.see();
}

// FED-66, FED-67  Each fault has its label; what the owner was told is in `inner` for a sender elsewhere.
TEST(Fed67, EachFaultHasItsLabel) {
  Rig rig;
  const auto& cast = rig.cast;
  struct Row {
    Answering answering;
    int status;
    std::string label;
  };
  const std::vector<Row> rows = {
      {by_reset(), 521, "federation-connection-refused"},
      {with_error(500, "server-error"), 533, "federation-remote-error"},
      {with_text("{\"not\": json"), 533, "federation-invalid-body"},
      {with_json(Json::array()), 533, "federation-unexpected-body"},
  };
  for (const auto& [answering, status, label] : rows) {
    rig.before_b.answers(rpc::get_user_clients, answering);

    EXPECT_THAT(cast.alice.send(cast.at_a, {}),
                AnyOf(IsError(status, label), IsError(533, "federation-http2-error")));
    const auto reply = cast.charlie.send(cast.at_a, {});

    EXPECT_THAT(reply, IsError(533, "federation-remote-error"));
    EXPECT_THAT(part(reply.json, "/inner/label"), AnyOf(Json(label), "federation-http2-error"));
  }
}

// FED-68  A peer that says nothing keeps nobody waiting for ever, whether it is asked or told.
TEST(Fed68, ASilentPeerIsGivenUp) {
  Rig rig;
  const auto& cast = rig.cast;
  const auto from_both = [&](const std::string& body) {
    std::vector<Reply> replies(2);
    at_once({[&] { replies[0] = cast.alice.send(cast.at_a, cast.to_all(cast.alice, body)); },
             [&] { replies[1] = cast.charlie.send(cast.at_a, cast.to_all(cast.charlie, body)); }});
    return replies;
  };
  const Inboxes inboxes{cast};
  rig.before_b.answers(rpc::get_user_clients, by_silence());

  const auto refused = from_both("lost");

  EXPECT_THAT(refused[0], TellsOf("b", "a"));
  EXPECT_THAT(refused[1], TellsOf("b", "c"));
  rig.pass_on();
  rig.before_b.answers(rpc::on_message_sent, by_stopping_midway());

  const auto reported = from_both("hello");

  for (const auto& reply : reported) {
    EXPECT_THAT(reply, Acknowledged());
    EXPECT_THAT(reply, FailedToSend({cast.bob}));
  }
  EXPECT_THAT(inboxes.since(cast.ann), ElementsAre("hello", "hello"));
  EXPECT_THAT(inboxes.since(cast.chris), ElementsAre("hello", "hello"));
  EXPECT_THAT(inboxes.since(cast.bob), IsEmpty());
}

// FED-13  Peers are asked at the same time: neither's call goes on before the other's is there.
TEST(Fed13, PeersAreAskedAtTheSameTime) {
  Rig rig;
  std::counting_semaphore<> b_is_asked{0};
  std::counting_semaphore<> c_is_asked{0};
  std::atomic<int> met = 0;
  const auto meet = [&met](auto& mine, auto& others) {
    mine.release();
    if (others.try_acquire_until(deadline())) ++met;
  };
  rig.before_b.once(rpc::get_user_clients, Point::before_it_arrives,
                    [&] { meet(b_is_asked, c_is_asked); });
  rig.before_c.once(rpc::get_user_clients, Point::before_it_arrives,
                    [&] { meet(c_is_asked, b_is_asked); });

  EXPECT_THAT(rig.cast.alice.send(rig.cast.at_a, rig.cast.to_all(rig.cast.alice, "hello")),
              Acknowledged());

  EXPECT_EQ(met, 2);
}

// FED-22, FED-24  A peer that is slow to store keeps the sender waiting, and nobody in other conversations.
TEST(Fed24, ASlowPeerIsWaitedForByItsOwnSenderAlone) {
  Rig rig;
  const auto& cast = rig.cast;
  const auto local = conversation_of({cast.alice, cast.ann});
  for (const std::string sender_at : {"a", "c"}) {
    const auto& sender = rig.sender_at(sender_at);
    std::atomic<bool> replied = false;
    bool replied_before = true;
    rig.before_b.once(rpc::on_message_sent, Point::answered, [&] {
      const auto other = cast.ann.send(local, {}, {.strategy = ignore_all()});
      EXPECT_THAT(other, Acknowledged());
      replied_before = replied;
    });

    EXPECT_THAT(sender.send(cast.at_a, cast.to_all(sender, "hello")), Acknowledged());

    replied = true;
    EXPECT_TRUE(rig.before_b.happened());
    EXPECT_FALSE(replied_before);
  }
}

}  // namespace
}  // namespace twostep::conformance

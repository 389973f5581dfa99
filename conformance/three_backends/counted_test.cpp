#include <gmock/gmock.h>

#include <string>
#include <vector>

#include "conformance/support/bytes.hpp"
#include "conformance/support/match.hpp"
#include "conformance/three_backends/rig.hpp"

namespace twostep::conformance {
namespace {

using ::testing::IsEmpty;

Calls fetches(const std::string& owner, const std::vector<std::string>& peers) {
  Calls calls;
  for (const auto& peer : peers) calls.push_back(asks(owner, peer, rpc::get_user_clients));
  return calls;
}

Calls stores(const std::string& owner, const std::vector<std::string>& peers) {
  Calls calls;
  for (const auto& peer : peers) calls.push_back(asks(owner, peer, rpc::on_message_sent));
  return calls;
}

Calls forwarded(const std::string& sender, const std::string& owner) {
  return {asks(sender, owner, rpc::send_message)};
}

Calls operator+(Calls calls, const Calls& more) {
  calls.insert(calls.end(), more.begin(), more.end());
  return calls;
}

// FED-12, FED-23  Whoever sends, wherever it is owned: each involved peer is asked once and told once, and
//                 FED-34  a sender's backend calls nobody but the owner.
TEST(Fed12, EachPeerIsAskedOnceAndToldOnce) {
  Rig rig;
  const auto& cast = rig.cast;
  struct Row {
    std::string sender;
    Conversation chat;
    Calls expected;
  };
  const auto at = [](const std::string& owner, const std::vector<std::string>& peers) {
    return fetches(owner, peers) + stores(owner, peers);
  };
  const std::vector<Row> rows = {
      {"a", cast.at_a, at("a", {"b", "c"})},
      {"b", cast.at_a, forwarded("b", "a") + at("a", {"b", "c"})},
      {"c", cast.at_a, forwarded("c", "a") + at("a", {"b", "c"})},
      {"a", cast.at_b, forwarded("a", "b") + at("b", {"a", "c"})},
      {"b", cast.at_b, at("b", {"a", "c"})},
      {"c", cast.at_c, at("c", {"a", "b"})},
  };
  rig.forget();
  for (const auto& [sender_at, chat, expected] : rows) {
    SCOPED_TRACE("sender at " + sender_at + ", conversation of " + chat.id.domain);
    const auto& sender = rig.sender_at(sender_at);
    auto recipients = cast.to_all(sender, "hello");
    // Of B the sender itself is the only device: without another there is nobody to tell at its backend.
    if (sender_at == "b") recipients.push_back({cast.b.device_of(cast.bob), "hello"});

    EXPECT_THAT(sender.send(chat, recipients, {.strategy = ignore_all()}), Acknowledged());

    EXPECT_EQ(rig.calls(), sorted(expected));
  }
}

// FED-23  Peers without a valid recipient are not told; a transient message is told like any other.
TEST(Fed23, PeersWithoutAValidRecipientAreNotTold) {
  Rig rig;
  const auto& cast = rig.cast;
  const Address invented{cast.bob.user().id(), "badc0ffee0ddf00d"};
  struct Row {
    std::string text;
    Recipients recipients;
    std::vector<std::string> told;
    SendOptions options;
  };
  const std::vector<Row> rows = {
      {"to nobody", {}, {}, {}},
      {"to A alone", {{cast.ann, "hello"}}, {}, {}},
      {"to B alone", {{cast.bob, "hello"}}, {"b"}, {}},
      {"to an invented client of B, and C", {{invented, "no"}, {cast.chris, "hello"}}, {"c"}, {}},
      {"transient", {{cast.bob, "now"}, {cast.chris, "now"}}, {"b", "c"}, {.transient = true}},
  };
  rig.forget();
  for (const std::string sender_at : {"a", "c"}) {
    for (const auto& [text, recipients, told, given] : rows) {
      SCOPED_TRACE(text + ", sender at " + sender_at);
      auto options = given;
      options.strategy = ignore_all();

      const auto reply = rig.sender_at(sender_at).send(cast.at_a, recipients, options);

      EXPECT_THAT(reply, Acknowledged());
      const auto first = sender_at == "a" ? Calls{} : forwarded("c", "a");
      EXPECT_EQ(rig.calls(), sorted(first + fetches("a", {"b", "c"}) + stores("a", told)));
    }
  }
}

// FED-17  What is refused after all have answered is told to nobody.
TEST(Fed17, NobodyIsToldOfARefusedMessage) {
  Rig rig;
  const auto& cast = rig.cast;
  rig.forget();
  for (const std::string sender_at : {"a", "c"}) {
    SCOPED_TRACE("sender at " + sender_at);
    const auto first = sender_at == "a" ? Calls{} : forwarded("c", "a");
    const auto expected = sorted(first + fetches("a", {"b", "c"}));
    const auto& sender = rig.sender_at(sender_at);

    EXPECT_THAT(sender.send(cast.at_a, {}), HasStatus(412));
    EXPECT_EQ(rig.calls(), expected);
  }
  EXPECT_THAT(cast.charlie.send(cast.at_a, cast.to_all(cast.charlie, "hello"),
                                {.sender = "badc0ffee0ddf00d"}),
              IsError(403, "unknown-client"));
  EXPECT_EQ(rig.calls(), sorted(forwarded("c", "a") + fetches("a", {"b", "c"})));
}

// FED-16, FED-38  Of a stranger's message no peer but the owner hears.
TEST(Fed16, NobodyIsAskedForAStrangersMessage) {
  Rig rig;
  const auto& cast = rig.cast;
  const auto stranger_at_a = cast.a.device("stranger");
  const auto stranger_at_c = cast.c.device("stranger");
  rig.forget();

  EXPECT_THAT(stranger_at_a.send(cast.at_a, {}), IsError(404, "no-conversation"));
  EXPECT_THAT(rig.calls(), IsEmpty());

  EXPECT_THAT(stranger_at_c.send(cast.at_a, {}), IsError(404, "no-conversation"));
  EXPECT_EQ(rig.calls(), forwarded("c", "a"));
}

// FED-35  What is no message goes no further than the sender's backend.
TEST(Fed35, WhatIsNoMessageIsNotPassedOn) {
  Rig rig;
  rig.forget();

  EXPECT_THAT(rig.cast.charlie.post_message(rig.cast.at_a, random_bytes(64)), HasStatus(400));

  EXPECT_THAT(rig.calls(), IsEmpty());
}

// FED-21  A backend without members in a conversation is neither asked nor told, and may be out of reach.
TEST(Fed21, ABackendThatIsNotInvolvedHearsNothing) {
  Rig rig;
  const auto& cast = rig.cast;
  const auto chat = conversation_of({cast.alice, cast.chris});
  for (const auto& rpc : {rpc::get_user_clients, rpc::on_message_sent}) {
    rig.before_b.answers(rpc, by_reset());
  }
  rig.forget();

  const auto reply =
      cast.alice.send(chat, {{cast.tablet_of_alice, "hello"}, {cast.chris, "hello"}});

  EXPECT_THAT(reply, Acknowledged());
  EXPECT_EQ(rig.calls(), sorted(fetches("a", {"c"}) + stores("a", {"c"})));
}

// FED-14  Nothing is cached: a client that comes between two equal messages is missing in the second.
TEST(Fed14, ANewClientIsMissingInTheNextMessage) {
  const Rig rig;
  const auto& cast = rig.cast;
  struct Row {
    Device sender;
    Device tablet;
    Device neighbour;
  };
  for (const auto& [sender, tablet, neighbour] :
       {Row{cast.alice, cast.tablet_of_alice, cast.ann},
        Row{cast.charlie, cast.tablet_of_charlie, cast.chris}}) {
    const auto bob = cast.b.device("bob");
    const auto chat = conversation_of({sender, neighbour, bob});
    const auto recipients = to_each({tablet, neighbour, bob}, "hello");
    EXPECT_THAT(sender.send(chat, recipients), Acknowledged());

    const auto newcomer = cast.b.device_of(bob);

    EXPECT_THAT(sender.send(chat, recipients), RefusedForMissing({newcomer}));
  }
}

}  // namespace
}  // namespace twostep::conformance

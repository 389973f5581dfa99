#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>

#include "impl/service/three_backends.hpp"
#include "impl/wire/labels.hpp"

namespace twostep::service {
namespace {

using namespace federation;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using Strings = std::vector<std::string>;

Result<Sent> send_from_c(ThreeBackends& world, const NewMessage& message,
                         const QualifiedUser& user = charlie) {
  return run(send_through_owner(world.at_c.backend, user.id, talk, protobuf_of(message)));
}

TEST(Fed34, TheSendersBackendAsksTheOwnerAndNobodyElse) {
  ThreeBackends world;
  ASSERT_TRUE(send_from_c(world, message_from(charlies, all_but(charlies))));
  EXPECT_EQ(world.at_c.peers.made(), Strings{"a.example send-message"});
}

TEST(Fed36, TheOwnersRefusalsAreTheSenders) {
  ThreeBackends world;
  const QualifiedUser stranger{c, *UserId::parse("57000000-0000-4000-8000-000000000009")};
  const auto message = message_from(charlies, all_but(charlies));
  EXPECT_EQ(send_from_c(world, message, stranger).error().reason, Reason::no_conversation);
  EXPECT_EQ(send_from_c(world, message_from({0xff}, all_but(charlies))).error().reason,
            Reason::unknown_client);
  const auto stopped = send_from_c(world, message_from(charlies, {})).value();
  EXPECT_FALSE(stopped.delivered);
  EXPECT_EQ(stopped.status.missing.size(), 3u);
}

TEST(Fed37, AnOwnerThatFailsIsAFederationError) {
  ThreeBackends world;
  world.at_c.peers.backends.erase(a);
  EXPECT_EQ(send_from_c(world, message_from(charlies, all_but(charlies))).error().reason,
            Reason::invalid_domain);
}

TEST(Fed37, WithoutFederationThereIsNoOwnerToAsk) {
  ThreeBackends world;
  world.at_c.backend.peers = nullptr;
  EXPECT_EQ(send_from_c(world, message_from(charlies, all_but(charlies))).error().reason,
            Reason::federation_not_enabled);
}

TEST(Fed38, ASenderIsAUserOfWhoCalls) {
  ThreeBackends world;
  auto message = message_from(bobs, all_but(bobs));
  const auto sent = run(send_through_owner(world.at_c.backend, bob.id, talk, protobuf_of(message)));
  EXPECT_EQ(sent.error().reason, Reason::no_conversation);
  EXPECT_THAT(world.asked_by_a(), IsEmpty());
  EXPECT_THAT(world.delivered(), IsEmpty());
}

TEST(Fed39, TheSendersBackendSaysWhetherItsClientIsKnown) {
  ThreeBackends world;
  world.at_a.peers.answers.insert_or_assign(
      "c.example get-user-clients",
      PeerReply{200, R"({")" + charlie.id.text() + R"(":[{"id":"c9"}]})"});
  const auto from = [&](ClientId client) {
    return send_from_c(world, message_from(client, all_but(client), IgnoreAll{}));
  };
  EXPECT_EQ(from(charlies).error().reason, Reason::unknown_client);
  EXPECT_TRUE(from({0xc9}));
}

TEST(Fed39, SoIsAUserWhomItDoesNotKnow) {
  ThreeBackends world;
  world.at_a.peers.answers.insert_or_assign("c.example get-user-clients", PeerReply{200, "{}"});
  const auto message = message_from(charlies, all_but(charlies), IgnoreAll{});
  EXPECT_EQ(send_from_c(world, message).error().reason, Reason::unknown_client);
  EXPECT_THAT(world.delivered(), IsEmpty());
}

TEST(Fed40, EverybodyHasItButTheSendingClient) {
  ThreeBackends world;
  const auto sent = send_from_c(world, message_from(charlies, all_but(charlies))).value();
  EXPECT_TRUE(sent.delivered);
  EXPECT_THAT(world.delivered(), ElementsAre("a1", "a2", "b1", "b2", "c2", "c3"));
  const auto event = world.events_of(chris).at(0);
  EXPECT_EQ(event["qualified_from"], wire::qualified_id(charlie));
  EXPECT_EQ(event["time"], wire::Json(world.events_of(alice).at(0)["time"]));
}

// Each send makes A call C twice before it answers; all of them wait at the same time, on one thread.
TEST(Fed41, AnyNumberOfSendsWaitForEachOtherOnOneThread) {
  ThreeBackends world;
  const auto message = protobuf_of(message_from(charlies, all_but(charlies)));
  boost::asio::io_context context;
  int delivered = 0;
  const auto send_one = [&]() -> boost::asio::awaitable<void> {
    const auto sent = co_await send_through_owner(world.at_c.backend, charlie.id, talk, message);
    if (sent && sent->delivered) ++delivered;
  };
  for (int i = 0; i < 200; ++i) boost::asio::co_spawn(context, send_one(), boost::asio::detached);
  context.run();
  EXPECT_EQ(delivered, 200);
  EXPECT_EQ(world.events_of(chris).size(), 200u);
}

TEST(Fed42, WhatFailsAtTheOwnerIsToldToTheSender) {
  ThreeBackends world;
  world.at_a.peers.answers.insert_or_assign("b.example get-user-clients", PeerFailure::unreachable);
  const auto sent = send_from_c(world, message_from(charlies, all_but(charlies), IgnoreAll{}));
  ASSERT_FALSE(sent);
  EXPECT_EQ(sent.error().reason, Reason::federation_remote_error);
  EXPECT_THAT(wire::error_body(sent.error()),
              HasSubstr(R"("inner":{"code":521,"data":{"domain":"b.example")"));
  EXPECT_THAT(world.delivered(), IsEmpty());
}

}  // namespace
}  // namespace twostep::service

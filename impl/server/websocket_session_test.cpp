#include "impl/server/websocket_session.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <future>
#include <string>

#include "impl/server/rig.hpp"

namespace twostep::server {
namespace {

using ::testing::HasSubstr;
using namespace std::chrono_literals;

constexpr int text = 1;
constexpr int binary = 2;
constexpr int closing = 8;
constexpr int ping = 9;
constexpr int pong = 10;

RawConnection opened(const Rig& rig, std::string_view target = "/await?access_token=alice-1") {
  auto client = rig.connect();
  EXPECT_EQ(client.upgrade(target), 101);
  return client;
}

TEST(WebsocketSession, TheHandshakeNeedsATokenAndAnUpgrade) {
  Rig rig;
  auto plain = rig.connect();
  plain.send("GET /await?access_token=alice-1 HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_EQ(plain.read_response().status, 400);

  EXPECT_EQ(rig.connect().upgrade("/await"), 401);
  EXPECT_EQ(rig.connect().upgrade("/await?access_token=alice-1&client=xyz"), 400);
  EXPECT_EQ(rig.connect().upgrade("/hello"), 200);
  EXPECT_EQ(rig.connect().upgrade("/websocket?access_token=alice-1&client=f"), 101);
  EXPECT_EQ(rig.connect().upgrade("/v9/await?access_token=alice-1"), 101);
}

TEST(WebsocketSession, WhatIsStoredAfterTheHandshakeArrives) {
  Rig rig;
  rig.notify(R"({"n":0})");
  auto client = opened(rig);
  for (int i = 1; i <= 200; ++i) rig.notify("{\"n\":" + std::to_string(i) + "}");

  for (int i = 1; i <= 200; ++i) {
    const auto frame = client.read_frame();
    ASSERT_TRUE(frame);
    EXPECT_EQ(frame->opcode, binary);
    EXPECT_THAT(frame->payload, HasSubstr("{\"n\":" + std::to_string(i) + "}"));
  }
}

TEST(WebsocketSession, OnlyWhatIsForItsClientArrives) {
  Rig rig;
  auto client = opened(rig, "/await?access_token=alice-1&client=a");
  rig.notify(R"("other")", {ClientId{0xb}});
  rig.notify(R"("mine")", {ClientId{0xa}});

  EXPECT_THAT(client.read_frame()->payload, HasSubstr("mine"));
}

TEST(WebsocketSession, ThePingOfTheApplicationIsAnsweredInBinary) {
  Rig rig;
  auto client = opened(rig);

  for (const int opcode : {text, binary}) {
    client.send_frame(opcode, "anything else");
    client.send_frame(opcode, "ping");
    const auto frame = client.read_frame();
    ASSERT_TRUE(frame);
    EXPECT_EQ(frame->opcode, binary);
    EXPECT_EQ(frame->payload, "pong");
  }
}

TEST(WebsocketSession, ThePingOfTheProtocolIsAnsweredWithItsPayload) {
  Rig rig;
  auto client = opened(rig);
  client.send_frame(ping, "30");

  const auto frame = client.read_frame();

  ASSERT_TRUE(frame);
  EXPECT_EQ(frame->opcode, pong);
  EXPECT_EQ(frame->payload, "30");
}

TEST(WebsocketSession, ACloseIsAnsweredAndTheConnectionEnded) {
  Rig rig;
  auto client = opened(rig);
  client.send_frame(closing, "\x03\xe8");

  EXPECT_EQ(client.read_frame()->close_code, 1000);
  EXPECT_FALSE(client.read_frame());
  wait_until([&] { return rig.registry.size() == 0; });
}

TEST(WebsocketSession, AMessageThatIsTooLongEndsIt) {
  Rig rig;
  auto client = opened(rig);
  client.send_frame(binary, std::string(limits::socket_message_bytes_max + 1, 'x'));

  EXPECT_EQ(client.read_frame()->close_code, 1009);
}

TEST(WebsocketSession, AFloodEndsIt) {
  for (const int opcode : {text, ping}) {
    Rig rig;
    auto client = opened(rig);
    for (std::size_t i = 0; i <= limits::socket_messages_per_window_max; ++i) {
      client.send_frame(opcode, "");
    }

    auto frame = client.read_frame();
    while (frame && frame->opcode == pong) frame = client.read_frame();
    ASSERT_TRUE(frame);
    EXPECT_EQ(frame->close_code, 1008);
  }
}

TEST(WebsocketSession, ANewerSocketOfTheSameTokenReplacesTheOlder) {
  Rig rig;
  auto older = opened(rig);
  auto other = opened(rig, "/await?access_token=alice-2");
  auto newer = opened(rig);

  EXPECT_EQ(older.read_frame()->close_code, 1008);
  rig.notify(R"("news")");
  EXPECT_THAT(newer.read_frame()->payload, HasSubstr("news"));
  EXPECT_THAT(other.read_frame()->payload, HasSubstr("news"));
}

TEST(WebsocketSession, ARemovedClientsSocketIsClosed) {
  Rig rig;
  auto client = opened(rig, "/await?access_token=alice-1&client=a");
  rig.registry.close(Rig::alice, ClientId{0xa});

  EXPECT_EQ(client.read_frame()->close_code, 1008);
}

TEST(WebsocketSession, AClientThatNeitherSpeaksNorAnswersIsClosed) {
  Rig rig{{.routes = {}, .deadlines = {.socket_idle = 40ms}}};
  auto client = opened(rig);

  EXPECT_EQ(client.read_frame()->opcode, ping);
  while (client.read_frame()) continue;
  wait_until([&] { return rig.listener->connections() == 0; });
}

// Long before it would count as idle.
TEST(Rob19, AClientThatDoesNotReadIsClosed) {
  Rig rig{{.routes = {}, .deadlines = {.socket_write = 50ms}}};
  auto client = opened(rig);
  const std::string long_event = '"' + std::string(1 << 20, 'x') + '"';
  for (int i = 0; i < 16; ++i) rig.notify(long_event);

  wait_until([&] { return rig.listener->connections() == 0; });
}

TEST(Rob28, WebsocketsAreToldToGoElsewhere) {
  Rig rig;
  auto client = opened(rig);

  auto drained = std::async(std::launch::async, [&] { return rig.drain(patience); });
  const auto frame = client.read_frame();
  client.send_frame(closing, "\x03\xe9");

  EXPECT_EQ(frame->close_code, 1001);
  EXPECT_EQ(frame->payload, "close");
  EXPECT_FALSE(client.read_frame());
  client.hang_up();
  EXPECT_TRUE(drained.get());
}

}  // namespace
}  // namespace twostep::server

#include "impl/service/socket_registry.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "impl/service/change.hpp"
#include "impl/service/fakes.hpp"
#include "impl/store/memory.hpp"

namespace twostep::service {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

const auto bob = *UserId::parse("0b0b0b0b-0000-4000-8000-000000000001");
constexpr ClientId phone{0xa};
constexpr ClientId laptop{0xb};

/// A backend whose sockets are real, and how a session uses them.
struct Node {
  std::shared_ptr<Socket> open(std::optional<ClientId> client, std::uint64_t connection) {
    auto socket = registry.open(bob, client, {connection}, [this] { ++woken; });
    EXPECT_TRUE(run(begin_at_head(backend, *socket)));
    return socket;
  }

  void keep(const std::string& event, std::vector<ClientId> targets = {},
            std::uint64_t origin = 0) {
    const auto stored = run(change(backend, [&](store::Transaction& transaction, Events& events) {
      events.add(transaction,
                 {.user = bob, .targets = targets, .origin = {origin}, .event = event});
      return Result<void>{};
    }));
    EXPECT_TRUE(stored);
  }

  /// The events of all frames that the session would write now.
  std::vector<std::string> frames(Socket& socket) {
    std::vector<std::string> events;
    for (;;) {
      const auto next = run(next_frame(backend, socket));
      if (!next.value()) return events;
      const auto& text = **next.value();
      const auto begin = text.find("\"payload\":[") + 11;
      events.push_back(text.substr(begin, text.find(']') - begin));
    }
  }

  store::MemoryStore rows;
  FakeWorld fakes{rows};
  SocketRegistry registry;
  Backend backend{.domain = fakes.backend.domain,
                  .id_policy = store::IdPolicy::monotonic,
                  .id_origin = fakes.backend.id_origin,
                  .clock = fakes.clock,
                  .entropy = fakes.entropy,
                  .store = rows,
                  .passwords = fakes.passwords,
                  .sockets = registry,
                  .push = fakes.push};
  int woken = 0;
};

TEST(Dlv01, AStoredNotificationIsAFrame) {
  Node node;
  const auto socket = node.open(phone, 1);
  node.keep("1");
  EXPECT_THAT(node.frames(*socket), ElementsAre("1"));
}

TEST(Dlv01, ASessionThatWaitsIsWokenOnceForAllThatIsThere) {
  Node node;
  const auto socket = node.open(phone, 1);
  node.keep("1");
  EXPECT_EQ(node.woken, 0);  // It has not looked yet, so it will.
  EXPECT_THAT(node.frames(*socket), ElementsAre("1"));

  node.keep("2");
  node.keep("3");
  EXPECT_EQ(node.woken, 1);
  EXPECT_THAT(node.frames(*socket), ElementsAre("2", "3"));

  node.keep("for another", {laptop});
  EXPECT_EQ(node.woken, 1);
}

TEST(Dlv01, AReaderThatFallsBehindGetsEverythingFromTheStore) {
  Node node;
  const auto socket = node.open(phone, 1);
  std::vector<std::string> all;
  for (std::size_t n = 0; n < 5 * limits::socket_frames_max; ++n) {
    all.push_back(std::to_string(n));
    node.keep(all.back());
    if (n % 3 == 0) node.keep("for another", {laptop});
    if (n % 7 == 0) node.keep("own", {}, 1);
  }
  EXPECT_EQ(node.frames(*socket), all);
}

TEST(Dlv01, WhatExpiredBeforeItWasReadIsSkipped) {
  Node node;
  const auto socket = node.open(phone, 1);
  for (std::size_t n = 0; n < 2 * limits::socket_frames_max; ++n) node.keep("old");
  while (std::holds_alternative<Frame>(socket->take())) {
  }
  socket->read({.rows = {}, .through = std::nullopt});
  node.fakes.clock.advance(node.backend.retention + std::chrono::hours{1});

  EXPECT_THAT(node.frames(*socket), IsEmpty());
  node.keep("new");
  EXPECT_THAT(node.frames(*socket), ElementsAre("new"));
}

TEST(Dlv03, AFrameIsForItsClientOnly) {
  Node node;
  const auto on_phone = node.open(phone, 1);
  const auto on_laptop = node.open(laptop, 2);
  const auto on_any = node.open(std::nullopt, 3);
  node.keep("to phone", {phone});
  EXPECT_THAT(node.frames(*on_phone), ElementsAre("to phone"));
  EXPECT_THAT(node.frames(*on_laptop), IsEmpty());
  EXPECT_THAT(node.frames(*on_any), ElementsAre("to phone"));
}

TEST(Dlv05, SocketsOfDifferentConnectionsAreIndependent) {
  Node node;
  const auto one = node.open(phone, 1);
  const auto other = node.open(phone, 2);
  node.keep("1");
  EXPECT_THAT(node.frames(*one), ElementsAre("1"));
  EXPECT_THAT(node.frames(*other), ElementsAre("1"));
}

TEST(Dlv06, AConnectionIsNotToldWhatItDidItself) {
  Node node;
  const auto acting = node.open(phone, 1);
  const auto other = node.open(laptop, 2);
  node.keep("1", {}, 1);
  EXPECT_THAT(node.frames(*acting), IsEmpty());
  EXPECT_THAT(node.frames(*other), ElementsAre("1"));
}

TEST(Dlv07, ANewerSocketOfAConnectionReplacesTheOlder) {
  Node node;
  const auto older = node.open(phone, 1);
  const auto newer = node.open(phone, 1);

  EXPECT_EQ(older->ended(), Socket::End::replaced);
  EXPECT_EQ(node.woken, 1);
  node.registry.leave(*older);
  EXPECT_EQ(node.registry.size(), 1u);
  node.keep("1");
  EXPECT_THAT(node.frames(*newer), ElementsAre("1"));
}

TEST(Dlv10, ASocketBeginsAtTheEndOfTheInbox) {
  Node node;
  node.keep("before");
  const auto socket = node.open(phone, 1);
  node.keep("after");
  EXPECT_THAT(node.frames(*socket), ElementsAre("after"));
}

TEST(Dlv16, ATransientFrameGoesToTheSocketsItIsFor) {
  Node node;
  const auto on_phone = node.open(phone, 1);
  const auto on_laptop = node.open(laptop, 2);
  EXPECT_THAT(node.frames(*on_laptop), IsEmpty());

  node.registry.send_transient(bob, {laptop}, {}, std::make_shared<const std::string>("x"));

  EXPECT_EQ(node.woken, 1);
  EXPECT_TRUE(run(next_frame(node.backend, *on_laptop)).value());
  EXPECT_FALSE(run(next_frame(node.backend, *on_phone)).value());
}

TEST(SocketRegistryTest, OnlineMeansASocketOfExactlyThisClient) {
  Node node;
  EXPECT_FALSE(node.registry.online(bob, phone));
  const auto any = node.open(std::nullopt, 1);
  EXPECT_FALSE(node.registry.online(bob, phone));
  const auto socket = node.open(phone, 2);
  EXPECT_TRUE(node.registry.online(bob, phone));
  node.registry.leave(*socket);
  EXPECT_FALSE(node.registry.online(bob, phone));
}

TEST(SocketRegistryTest, ARemovedClientsSocketsEnd) {
  Node node;
  const auto on_phone = node.open(phone, 1);
  const auto on_laptop = node.open(laptop, 2);
  node.registry.close(bob, phone);
  EXPECT_EQ(on_phone->ended(), Socket::End::client_removed);
  EXPECT_FALSE(on_laptop->ended());
  EXPECT_EQ(node.registry.size(), 1u);
}

TEST(SocketRegistryTest, TheOldestOfTooManySocketsEnds) {
  Node node;
  const auto oldest = node.open(phone, 1);
  std::vector<std::shared_ptr<Socket>> others;
  for (std::uint64_t n = 1; n < limits::sockets_per_user_max; ++n)
    others.push_back(node.open(phone, n + 1));
  EXPECT_FALSE(oldest->ended());

  const auto newest = node.open(phone, limits::sockets_per_user_max + 1);

  EXPECT_EQ(oldest->ended(), Socket::End::too_many);
  EXPECT_FALSE(newest->ended());
  EXPECT_EQ(node.registry.size(), limits::sockets_per_user_max);
}

TEST(SocketRegistryTest, ShuttingDownEndsAllAndEveryNewOne) {
  Node node;
  const auto before = node.open(phone, 1);
  node.registry.shut_down();
  const auto after = node.registry.open(bob, laptop, {2}, [&] { ++node.woken; });
  EXPECT_EQ(before->ended(), Socket::End::shutting_down);
  EXPECT_EQ(after->ended(), Socket::End::shutting_down);
  EXPECT_EQ(node.registry.size(), 0u);
}

}  // namespace
}  // namespace twostep::service

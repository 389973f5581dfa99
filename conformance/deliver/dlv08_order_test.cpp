#include <set>
#include <string>
#include <vector>

#include "conformance/catch_up/full_inbox.hpp"
#include "conformance/deliver/arrivals.hpp"
#include "conformance/support/backend.hpp"
#include "conformance/support/bytes.hpp"
#include "conformance/support/match.hpp"

namespace twostep::conformance {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr int messages = 80;

/// Three clients that send at once to two clients of Bob, whose inbox is seen through one socket.
struct Crowd {
  Backend backend = Backend::under_test();
  User alice = backend.user("alice");
  std::vector<Device> senders = {alice.device(), alice.device(), alice.device()};
  Device phone = backend.user("bob").device();
  Device tablet = phone.user().device();
  Conversation chat = conversation_of({alice, phone});
  Socket socket = phone.open_socket({.path = "/await"});

  /// Ids of all frames, once everything has arrived, and a little more: a repeated frame may be late.
  std::vector<std::string> ids_of_all_frames() {
    fill(senders, chat, {phone, tablet}, messages);
    const auto all = numbers(messages);
    EXPECT_THAT(missing_after_reading(socket, {all.begin(), all.end()}), IsEmpty());
    senders[0].must_send(chat, to_each({phone}, "fence"), {.strategy = ignore_all()});
    return socket.notifications_until("fence").ids();
  }
};

// DLV-08  No notification is sent twice on one socket, however many are stored at once.
TEST(Dlv08, NoFrameIsRepeated) {
  Crowd crowd;

  const auto ids = crowd.ids_of_all_frames();

  EXPECT_GE(ids.size(), std::size_t{messages});
  EXPECT_EQ(std::set<std::string>(ids.begin(), ids.end()).size(), ids.size());
}

// DLV-09  The frames come in the order of their ids, so that a client may move its pointer with every
//         frame (P3).
TEST(Dlv09, FramesComeInTheOrderOfIds) {
  Crowd crowd;

  std::uint64_t before = 0;
  for (const auto& id : crowd.ids_of_all_frames()) {
    const auto ticks = uuid_ticks(id);
    ASSERT_TRUE(ticks) << id;
    EXPECT_GE(*ticks, before) << id;
    before = *ticks;
  }
}

// DLV-10  A socket starts with what is stored after it was opened.
TEST(Dlv10, WhatIsStoredIsNotRepeatedOnANewSocket) {
  auto backend = Backend::under_test();
  auto alice = backend.user("alice").device();
  auto bob = backend.user("bob").device();
  auto chat = conversation_of({alice, bob});
  alice.must_send(chat, {{bob, "before"}});

  auto socket = bob.open_socket();
  alice.must_send(chat, {{bob, "after"}});

  EXPECT_THAT(socket.bodies_until("after"), ElementsAre("after"));
  EXPECT_EQ(socket.seen().size(), 1u);
}

}  // namespace
}  // namespace twostep::conformance

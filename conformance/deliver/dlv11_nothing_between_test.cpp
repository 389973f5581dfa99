#include <atomic>
#include <set>
#include <string>
#include <vector>

#include "conformance/catch_up/full_inbox.hpp"
#include "conformance/deliver/arrivals.hpp"
#include "conformance/support/at_once.hpp"
#include "conformance/support/backend.hpp"
#include "conformance/support/match.hpp"

namespace twostep::conformance {
namespace {

using ::testing::Contains;
using ::testing::IsEmpty;

constexpr int messages = 120;
constexpr std::size_t visits_max = 12;

/// One time that a client came online: its socket, and what it caught up on right after.
struct Visit {
  Socket socket;
  std::vector<std::string> caught_up;
};

/// Each visit has a login of its own, so that the sockets of all can stay open.
Visit visit(const Device& device, const SocketOptions& options) {
  const Device login{device.user(), device.name(), device.id(), device.user().new_token()};
  auto socket = login.open_socket(options);
  return {std::move(socket), login.catch_up().bodies()};
}

/// Comes online again and again while three clients send. Then each visit must have everything, in the
/// catch-up or on the socket: the sockets are all still open, so it does not matter in which order a
/// backend sends frames.
void expect_that_nothing_falls_between(const SocketOptions& options) {
  auto backend = Backend::under_test();
  auto alice = backend.user("alice");
  const std::vector<Device> senders = {alice.device(), alice.device(), alice.device()};
  auto bob = backend.user("bob").device();
  auto chat = conversation_of({alice, bob});
  std::vector<Visit> visits;
  std::atomic<bool> done = false;

  at_once({[&] {
             fill(senders, chat, {bob}, messages);
             done = true;
           },
           [&] {
             do {
               visits.push_back(visit(bob, options));
             } while (!done && visits.size() < visits_max);
           }});

  for (auto& [socket, caught_up] : visits) {
    const auto all = numbers(messages);
    std::set<std::string> only_on_the_socket{all.begin(), all.end()};
    for (const auto& body : caught_up) only_on_the_socket.erase(body);
    ASSERT_THAT(missing_after_reading(socket, only_on_the_socket), IsEmpty())
        << "of a visit that caught up on " << caught_up.size();
  }
}

// DLV-11  A client that opens a socket, waits until it is ready, and then catches up misses nothing
//         (S4; L6).
TEST(Dlv11, SocketFirstThenCatchUpMissesNothing) { expect_that_nothing_falls_between({}); }

// DLV-12  … also if it catches up straight after the 101.
TEST(Dlv12, TheHandshakesAnswerIsEnough) {
  expect_that_nothing_falls_between({.registered = false});
}

// DLV-13  What was delivered over a socket stays in the inbox: every later catch-up finds it.
TEST(Dlv13, WhatTheSocketDeliveredIsStillInTheInbox) {
  auto backend = Backend::under_test();
  auto alice = backend.user("alice").device();
  auto bob = backend.user("bob").device();
  auto chat = conversation_of({alice, bob});
  auto socket = bob.open_socket();
  alice.must_send(chat, {{bob, "hello"}});

  ASSERT_TRUE(socket.receives("hello"));
  const auto while_open = bob.catch_up().bodies();
  socket.close();

  EXPECT_THAT(while_open, Contains("hello"));
  EXPECT_THAT(bob.catch_up().bodies(), Contains("hello"));
  EXPECT_THAT(bob.catch_up().bodies(), Contains("hello"));
}

}  // namespace
}  // namespace twostep::conformance

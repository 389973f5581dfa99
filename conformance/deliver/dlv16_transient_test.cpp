#include <string>

#include "conformance/deliver/pushes.hpp"
#include "conformance/support/backend.hpp"
#include "conformance/support/match.hpp"

namespace twostep::conformance {
namespace {

using ::testing::ElementsAre;
using ::testing::UnorderedElementsAre;

/// Whether the message arrived in a frame that calls itself transient.
bool arrived_as_transient(const Notifications& seen, const std::string& body) {
  for (const auto& notification : seen.list()) {
    for (const auto& message : notification.messages()) {
      if (message.body == body) return notification.transient;
    }
  }
  ADD_FAILURE() << "no message \"" << body << "\"";
  return false;
}

// DLV-16  A transient message is sent on open sockets and stored in no inbox.
//
// The ordinary message after it is the fence in the inbox, and shows what a frame looks like that is not
// transient.
TEST(Dlv16, ATransientMessageIsOnTheSocketAndNotInTheInbox) {
  auto backend = Backend::under_test();
  auto alice = backend.user("alice").device();
  auto bob = backend.user("bob").device();
  auto offline = bob.user().device();
  auto chat = conversation_of({alice, bob});
  auto socket = bob.open_socket();

  const auto reply = alice.send(chat, to_each({bob, offline}, "typing"), {.transient = true});
  alice.must_send(chat, to_each({bob, offline}, "hello"));

  EXPECT_THAT(reply, Acknowledged());
  EXPECT_TRUE(socket.receives("typing"));
  EXPECT_TRUE(socket.receives("hello"));
  EXPECT_TRUE(arrived_as_transient(socket.seen(), "typing"));
  EXPECT_FALSE(arrived_as_transient(socket.seen(), "hello"));
  EXPECT_THAT(bob.catch_up().bodies(), ElementsAre("hello"));
  EXPECT_THAT(offline.catch_up().bodies(), ElementsAre("hello"));
}

// DLV-16  … on the sockets of its valid clients, and on no other.
TEST(Dlv16, ATransientMessageIsOnTheSocketsOfItsClientsOnly) {
  auto backend = Backend::under_test();
  auto alice = backend.user("alice").device();
  auto phone = backend.user("bob").device();
  auto tablet = phone.user().device();
  auto chat = conversation_of({alice, phone});
  auto on_phone = phone.open_socket();
  auto on_tablet = tablet.open_socket();
  auto own = alice.open_socket();

  alice.must_send(chat, {{phone, "typing"}}, {.strategy = ignore_all(), .transient = true});
  alice.must_send(chat, to_each({phone, tablet}, "fence"));
  phone.must_send(chat, to_each({alice, tablet}, "answer"));

  EXPECT_TRUE(on_phone.receives("typing"));
  EXPECT_THAT(on_tablet.bodies_until("answer"), UnorderedElementsAre("fence", "answer"));
  EXPECT_THAT(own.bodies_until("answer"), ElementsAre("answer"));
}

// DLV-16  … and causes no native push (capability `push`).
TEST(Dlv16, ATransientMessageIsNotPushed) {
  const auto gateway = PushSink::under_test();
  auto backend = Backend::under_test();
  auto alice = backend.user("alice").device();
  auto bob = backend.user("bob").device();
  auto chat = conversation_of({alice, bob});
  const auto token = pushed_to(bob, gateway);

  alice.must_send(chat, {{bob, "typing"}}, {.transient = true});
  alice.must_send(chat, {{bob, "hello"}});

  EXPECT_THAT(ids_of(gateway.wait_for(token)), ElementsAre(bob.newest()));
  EXPECT_THAT(bob.catch_up().bodies(), ElementsAre("hello"));
}

}  // namespace
}  // namespace twostep::conformance

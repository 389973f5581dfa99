#include "conformance/conversations/view.hpp"
#include "conformance/support/backend.hpp"
#include "conformance/support/match.hpp"

namespace twostep::conformance {
namespace {

using ::testing::AllOf;
using ::testing::Ge;
using ::testing::IsEmpty;
using ::testing::Lt;

Reply types(const Caller& caller, const Conversation& chat, const std::string& status) {
  return caller.post(chat.path() + "/typing", {{"status", status}});
}

/// Waits for a frame that says that somebody types with this status.
std::optional<Notification> typing_on(Socket& socket, const std::string& status) {
  const auto frame = socket.wait_for([&](const Frame& candidate) {
    const auto notification = candidate.notification();
    return notification && part(notification->payload, "/0/type") == "conversation.typing" &&
           part(notification->payload, "/0/data/status") == status;
  });
  return frame ? frame->notification() : std::nullopt;
}

// CNV-28  Who types is seen on the sockets of the other members, as a transient event that is stored
//         nowhere.
TEST(Cnv28, TypingIsSeenOnSocketsAndNotStored) {
  auto backend = Backend::under_test();
  auto alice = backend.user("alice").device();
  auto bob = backend.user("bob").device();
  auto chat = conversation_of({alice, bob});
  auto socket = bob.open_socket();

  for (const auto* status : {"started", "stopped"}) {
    SCOPED_TRACE(status);
    const auto reply = types(alice, chat, status);
    const auto seen = typing_on(socket, status);

    EXPECT_THAT(reply, HasStatus(AllOf(Ge(200), Lt(300))));
    ASSERT_TRUE(seen) << "nothing was seen on the socket";
    EXPECT_TRUE(seen->transient);
    EXPECT_EQ(part(seen->payload, "/0/qualified_from"), Json(alice.user().id()));
    EXPECT_EQ(part(seen->payload, "/0/qualified_conversation"), Json(chat.id));
  }
  EXPECT_THAT(bob.catch_up().events("conversation.typing"), IsEmpty());
}

// CNV-28  Who is not a member is not seen typing, and does not see others.
//
// The member's own typing is the fence on both sockets: on the stranger's it is a message that
// comes later.
TEST(Cnv28, StrangersNeitherTypeNorSeeTyping) {
  auto backend = Backend::under_test();
  auto alice = backend.user("alice").device();
  auto bob = backend.user("bob").device();
  auto stranger = backend.user("stranger").device();
  auto chat = conversation_of({alice, bob});
  auto with_stranger = conversation_of({alice, stranger});
  auto socket_of_bob = bob.open_socket();
  auto socket_of_stranger = stranger.open_socket();

  const auto by_stranger = types(stranger, chat, "stopped");
  const auto by_alice = types(alice, chat, "started");
  alice.must_send(with_stranger, {{stranger, "fence"}});

  EXPECT_THAT(by_stranger, HasStatus(404));
  EXPECT_THAT(by_alice, HasStatus(AllOf(Ge(200), Lt(300))));
  EXPECT_TRUE(typing_on(socket_of_bob, "started"));
  for (const auto& event : socket_of_bob.seen().events("conversation.typing")) {
    EXPECT_EQ(part(event, "/qualified_from"), Json(alice.user().id()));
  }
  EXPECT_THAT(socket_of_stranger.notifications_until("fence").events("conversation.typing"),
              IsEmpty());
}

// CNV-28  There is no other status.
TEST(Cnv28, AnotherStatusIsRefused) {
  auto backend = Backend::under_test();
  auto alice = backend.user("alice");
  auto chat = conversation_of({alice});

  const auto reply = types(alice, chat, "pondering");

  EXPECT_THAT(reply, HasStatus(400));
}

}  // namespace
}  // namespace twostep::conformance

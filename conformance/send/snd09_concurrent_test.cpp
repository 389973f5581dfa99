#include <functional>
#include <mutex>
#include <string>
#include <vector>

#include "conformance/support/at_once.hpp"
#include "conformance/support/backend.hpp"
#include "conformance/support/match.hpp"

namespace twostep::conformance {
namespace {

using ::testing::UnorderedElementsAreArray;

constexpr int messages_each = 20;

/// Sends a number of different messages with the others that do the same.
std::function<void()> sends_many(const Device& sender, const Conversation& chat,
                                 const std::vector<Address>& to, std::mutex& mutex,
                                 std::vector<std::string>& sent) {
  return [&, sender, chat, to] {
    for (int i = 0; i < messages_each; ++i) {
      const auto body = sender.name() + " says " + std::to_string(i);
      EXPECT_THAT(sender.send(chat, to_each(to, body), {.strategy = ignore_all()}), Acknowledged());
      const std::lock_guard lock{mutex};
      sent.push_back(body);
    }
  };
}

// SND-09  Messages that are sent at the same time do not disturb each other: each is in the inbox of
//         each of its valid clients exactly once.
//
// Three clients of two users send to the same two clients, which lie in two inboxes, so that every
// send competes with two others for both.
TEST(Snd09, ConcurrentMessagesAllArriveOnce) {
  auto backend = Backend::under_test();
  auto alice = backend.user("alice").device();
  auto laptop = alice.user().device();
  auto bob = backend.user("bob").device();
  auto chris = backend.user("chris").device();
  auto chat = conversation_of({alice, bob, chris});
  auto tablet = bob.user().device();
  const std::vector<Address> everywhere = {tablet, chris};
  std::mutex mutex;
  std::vector<std::string> sent;

  at_once({sends_many(alice, chat, everywhere, mutex, sent),
           sends_many(laptop, chat, everywhere, mutex, sent),
           sends_many(bob, chat, everywhere, mutex, sent)});

  EXPECT_THAT(tablet.catch_up().bodies(), UnorderedElementsAreArray(sent));
  EXPECT_THAT(chris.catch_up().bodies(), UnorderedElementsAreArray(sent));
}

// SND-09  Nor when two members send to each other: each is then sender and recipient at once.
TEST(Snd09, MembersThatSendToEachOtherMissNothing) {
  auto backend = Backend::under_test();
  auto alice = backend.user("alice").device();
  auto bob = backend.user("bob").device();
  auto chat = conversation_of({alice, bob});
  std::mutex mutex;
  std::vector<std::string> to_bob;
  std::vector<std::string> to_alice;

  at_once({sends_many(alice, chat, {bob}, mutex, to_bob),
           sends_many(bob, chat, {alice}, mutex, to_alice)});

  EXPECT_THAT(bob.catch_up().bodies(), UnorderedElementsAreArray(to_bob));
  EXPECT_THAT(alice.catch_up().bodies(), UnorderedElementsAreArray(to_alice));
}

}  // namespace
}  // namespace twostep::conformance

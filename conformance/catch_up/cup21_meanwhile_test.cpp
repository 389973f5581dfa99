#include <algorithm>
#include <atomic>
#include <string>
#include <vector>

#include "conformance/catch_up/full_inbox.hpp"
#include "conformance/support/at_once.hpp"
#include "conformance/support/backend.hpp"
#include "conformance/support/match.hpp"

namespace twostep::conformance {
namespace {

/// Follows `since` again and again, with pages of this size, until `done` and nothing is left.
std::vector<std::string> follow(const Device& reader, int size, std::string pointer,
                                const std::atomic<bool>& done) {
  std::vector<std::string> seen;
  for (bool last = false; !last;) {
    last = done;
    auto pages = pages_of(reader, size, pointer);
    if (pages.bodies.empty()) continue;
    for (auto& body : pages.bodies) seen.push_back(std::move(body));
    pointer = pages.newest;
    last = false;
  }
  return seen;
}

std::vector<std::string> sorted(std::vector<std::string> bodies) {
  std::sort(bodies.begin(), bodies.end());
  return bodies;
}

// CUP-21  A client that follows `since` while others keep sending never skips an acknowledged message.
//
// Its pointer moves with every page, so a notification that appears below it is lost, and the list at
// the end has a hole.
TEST(Cup21, NothingIsSkippedWhileOthersSend) {
  auto backend = Backend::under_test();
  auto alice = backend.user("alice");
  const std::vector<Device> senders = {alice.device(), alice.device(), alice.device(),
                                       alice.device()};
  auto bob = backend.user("bob").device();
  auto chat = conversation_of({alice, bob});
  const auto since = bob.newest();
  constexpr int messages = 400;

  std::atomic<bool> done = false;
  std::vector<std::string> seen;
  at_once({[&] {
             fill(senders, chat, {bob}, messages);
             done = true;
           },
           [&] { seen = follow(bob, 100, since, done); }});

  EXPECT_EQ(sorted(seen), numbers(messages));
}

// CUP-21  … nor in an inbox of ten thousand, with pages of any size.
//
// Three clients share the inbox, so that a message makes three notifications. Readers with five sizes of
// page follow it while it fills up; then each of them starts again from the beginning.
TEST(Cup21, TenThousandNotificationsWhileOthersSend) {
  auto backend = Backend::under_test();
  auto alice = backend.user("alice");
  const std::vector<Device> senders = {alice.device(), alice.device(), alice.device(),
                                       alice.device()};
  auto bob = backend.user("bob").device();
  std::vector<Address> everyone = {bob};
  for (int i = 1; i < 7; ++i) everyone.push_back(bob.user().device());
  auto chat = conversation_of({alice, bob});
  const auto since = bob.newest();
  constexpr int messages = 1'430;  // To seven clients: 10,010 notifications in one inbox.

  std::atomic<bool> done = false;
  std::vector<std::vector<std::string>> seen(5);
  std::vector<std::function<void()>> actions = {[&] {
    fill(senders, chat, everyone, messages);
    done = true;
  }};
  const std::vector<int> sizes = {100, 101, 999, 1'000, 10'000};
  for (std::size_t i = 0; i < sizes.size(); ++i) {
    const Device reader{bob.user(), bob.name(), bob.id(), bob.token()};
    actions.push_back([&, i, reader] { seen[i] = follow(reader, sizes[i], since, done); });
  }
  at_once(actions);

  for (std::size_t i = 0; i < sizes.size(); ++i) {
    EXPECT_EQ(sorted(seen[i]), numbers(messages)) << "while they sent, size " << sizes[i];
    const auto whole =
        bob.catch_up({.since = since, .size = std::to_string(sizes[i]), .filtered = false});
    EXPECT_EQ(whole.size(), std::size_t{messages} * everyone.size())
        << "afterwards, size " << sizes[i];
  }
}

// CUP-24  If one message is sent after another was acknowledged, its event time is not earlier.
TEST(Cup24, TimesDoNotDecreaseAlongTheStream) {
  auto backend = Backend::under_test();
  auto alice = backend.user("alice").device();
  auto bob = backend.user("bob").device();
  auto chris = backend.user("chris").device();
  auto chat = conversation_of({alice, bob, chris});
  for (int i = 0; i < 12; ++i) {
    const auto& sender = i % 2 == 0 ? alice : bob;
    sender.must_send(chat, {{chris, std::to_string(i)}}, {.strategy = ignore_all()});
  }

  const auto messages = chris.catch_up().messages();

  ASSERT_EQ(messages.size(), 12u);
  for (std::size_t i = 1; i < messages.size(); ++i) {
    // One format with a fixed width, so text compares as time does.
    EXPECT_LE(messages[i - 1].time, messages[i].time) << messages[i].body;
  }
}

}  // namespace
}  // namespace twostep::conformance

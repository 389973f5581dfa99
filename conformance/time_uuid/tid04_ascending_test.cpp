#include <algorithm>
#include <atomic>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "conformance/support/at_once.hpp"
#include "conformance/support/backend.hpp"
#include "conformance/support/bytes.hpp"
#include "conformance/support/match.hpp"
#include "conformance/support/outcome.hpp"

namespace twostep::conformance {
namespace {

using ::testing::ElementsAreArray;

// TID-04  A message sent after another was acknowledged has the greater id in every inbox that has
//         both.
//
// A chain of three senders in turn. An inbox is read in the order of ids, so in the order of the
// chain; and the timestamps are looked at as well, lest it be read in the order of arrival.
TEST(Tid04, AChainOfMessagesHasAscendingIds) {
  auto backend = Backend::under_test();
  auto alice = backend.user("alice").device();
  auto laptop = alice.user().device();
  auto bob = backend.user("bob").device();
  auto chris = backend.user("chris").device();
  auto chat = conversation_of({alice, bob, chris});
  auto tablet = bob.user().device();
  const std::vector<Device> senders = {alice, bob, laptop};

  std::vector<std::string> chain;
  for (int i = 0; i < 15; ++i) {
    chain.push_back("message " + std::to_string(i));
    senders[static_cast<std::size_t>(i) % 3].must_send(chat, to_each({tablet, chris}, chain.back()),
                                                       {.strategy = ignore_all()});
  }

  for (const auto& reader : {tablet, chris}) {
    const auto inbox = reader.catch_up();
    EXPECT_THAT(inbox.bodies(), ElementsAreArray(chain)) << reader.name();
    std::optional<std::uint64_t> before;
    for (const auto& message : inbox.messages()) {
      const auto ticks = uuid_ticks(message.notification);
      EXPECT_LE(before, ticks) << message.body << " in the inbox of " << reader.name();
      before = ticks;
    }
  }
}

/// Two senders fill the inbox of one reader while it is being read.
struct BusyInbox {
  static constexpr int messages_each = 60;

  Backend backend = Backend::under_test();
  Device alice = backend.user("alice").device();
  Device bob = backend.user("bob").device();
  Device reader = backend.user("reader").device();
  Conversation chat = conversation_of({alice, bob, reader});
  std::atomic<int> senders_left = 2;

  /// Calls `read` again and again until both have sent everything, and once more.
  void while_they_send(const std::function<void()>& read) {
    const auto sends = [&](const Device& sender) {
      return [&, sender] {
        for (int i = 0; i < messages_each; ++i) {
          const auto body = sender.name() + " says " + std::to_string(i);
          EXPECT_THAT(sender.send(chat, {{reader, body}}, {.strategy = ignore_all()}),
                      Acknowledged());
        }
        --senders_left;
      };
    };
    at_once({sends(alice), sends(bob), [&] {
               while (senders_left > 0) read();
               read();
             }});
  }
};

// TID-05  Ids become visible in ascending order: once a reader has seen an id, nothing appears before
//         it that was not there.
//
// The whole inbox is read again and again, so each reading is to begin with the one before it.
TEST(Tid05, EachReadingContinuesTheOneBefore) {
  BusyInbox inbox;
  std::vector<std::string> before;
  std::vector<std::string> appeared_late;

  inbox.while_they_send([&] {
    const auto now = inbox.reader.catch_up().ids();
    const auto common = std::min(before.size(), now.size());
    for (std::size_t i = 0; i < common && appeared_late.empty(); ++i) {
      if (before[i] != now[i]) appeared_late.push_back(now[i] + " where " + before[i] + " was");
    }
    before = now;
  });

  EXPECT_THAT(appeared_late, ::testing::IsEmpty());
  EXPECT_EQ(inbox.reader.catch_up().bodies().size(), 2u * BusyInbox::messages_each);
}

// TID-09  A backend may take ids from the wall clock of each server; then a client that follows its
//         pointer can miss a message. It is still stored: a reading from the beginning has it.
//
// Whether anything was missed is reported, and is no failure.
TEST(Tid09, WhatAPointerMissesIsStillStored) {
  BusyInbox inbox;
  std::size_t followed = 0;
  std::optional<std::string> pointer;

  inbox.while_they_send([&] {
    const auto news = inbox.reader.catch_up({.since = pointer});
    followed += news.bodies().size();
    if (news.newest()) pointer = news.newest();
  });

  constexpr std::size_t sent = 2u * BusyInbox::messages_each;
  EXPECT_EQ(inbox.reader.catch_up().bodies().size(), sent);
  EXPECT_LE(followed, sent);
  if (followed < sent) {
    note_reading("ids from wall clocks: a client that followed its pointer missed " +
                 std::to_string(sent - followed) + " of " + std::to_string(sent) + " messages");
  }
}

}  // namespace
}  // namespace twostep::conformance

#include <string>
#include <vector>

#include "conformance/support/backend.hpp"
#include "conformance/support/bytes.hpp"
#include "conformance/support/match.hpp"

namespace twostep::conformance {
namespace {

using ::testing::ElementsAre;

/// Bob with one message from alice, and eve who got another.
struct Inboxes {
  Backend backend = Backend::under_test();
  Device alice = backend.user("alice").device();
  Device bob = backend.user("bob").device();
  Device eve = backend.user("eve").device();
  Conversation chat = conversation_of({alice, bob, eve});

  Inboxes() { alice.must_send(chat, {{bob, "for bob"}, {eve, "for eve"}}); }
};

/// The pointer is not the backend's own: 404, its label, and no list that could be taken for all.
void expect_gap(const Reply& page, const std::string& pointer) {
  EXPECT_THAT(page, IsError(404, "not-found")) << pointer;
  EXPECT_FALSE(page.json.contains("notifications")) << pointer;
}

// CUP-17  A pointer that is no notification of the user is a gap: 404, and no list.
//
// Ids that were never issued: now, long ago, far ahead, the first and the last there can be.
TEST(Cup17, APointerThatWasNeverIssuedIsAGap) {
  Inboxes with;
  const auto now = *uuid_ticks(with.bob.newest());

  for (const auto ticks : {now, now - 864'000'000'000, now + 864'000'000'000, std::uint64_t{0},
                           (std::uint64_t{1} << 60) - 1}) {
    const auto pointer = uuid_at(ticks);
    expect_gap(with.bob.page({.since = pointer}), pointer);
  }
}

// CUP-17  … and so is one that belongs to another user: the answer tells nothing of whose it is.
TEST(Cup17, AnotherUsersPointerIsAGap) {
  Inboxes with;

  const auto foreign = with.bob.page({.since = with.eve.newest()});
  const auto unknown = with.bob.page({.since = uuid_at(*uuid_ticks(with.eve.newest()))});

  expect_gap(foreign, "another user's");
  EXPECT_EQ(foreign.json["label"], unknown.json["label"]);
  EXPECT_EQ(foreign.status, unknown.status);
}

// CUP-18  `since` may name any notification of the user, also one for another client.
TEST(Cup18, AnotherClientsNotificationIsAPointer) {
  auto backend = Backend::under_test();
  auto alice = backend.user("alice").device();
  auto phone = backend.user("bob").device();
  auto tablet = phone.user().device();
  auto chat = conversation_of({alice, phone});
  alice.must_send(chat, {{phone, "one"}}, {.strategy = ignore_all()});
  alice.must_send(chat, {{tablet, "two"}}, {.strategy = ignore_all()});
  const auto pointer = tablet.newest();
  alice.must_send(chat, {{phone, "three"}}, {.strategy = ignore_all()});

  const auto page = phone.page({.since = pointer});

  ASSERT_THAT(page, HasStatus(200));
  EXPECT_THAT(notifications_in(page).bodies(), ElementsAre("three"));
}

// CUP-19  A `since` that is no UUID, or one of another version, is answered 400.
TEST(Cup19, WhatIsNoTimeUuidIsNoPointer) {
  auto backend = Backend::under_test();
  auto alice = backend.user("alice").device();
  const auto real = uuid_at(139'000'000'000'000'000);

  for (const auto& since : {std::string{"jumberjack"}, real.substr(0, 35), real + "0",
                            random_uuid(), std::string{"00000000-0000-0000-0000-000000000000"}}) {
    EXPECT_THAT(alice.page({.since = since}), HasStatus(400)) << "since=" << since;
  }
}

// CUP-20  Reading takes nothing away and moves nothing.
//
// Three pointers, each read twice through both clients, in an order that goes back and forth.
TEST(Cup20, ReadingAgainGivesTheSame) {
  auto backend = Backend::under_test();
  auto alice = backend.user("alice").device();
  auto phone = backend.user("bob").device();
  auto tablet = phone.user().device();
  auto chat = conversation_of({alice, phone});
  for (const auto* body : {"one", "two", "three"}) {
    alice.must_send(chat, to_each({phone, tablet}, body));
  }
  const auto phone_ids = phone.catch_up().ids();
  const auto tablet_ids = tablet.catch_up().ids();

  for (const std::size_t back : {1u, 3u, 2u, 3u, 1u}) {
    for (const auto& [device, ids] : {std::pair{phone, phone_ids}, std::pair{tablet, tablet_ids}}) {
      const std::vector<std::string> newer{ids.end() - static_cast<std::ptrdiff_t>(back) + 1,
                                           ids.end()};
      EXPECT_EQ(device.catch_up({.since = ids[ids.size() - back]}).ids(), newer) << device.name();
    }
  }
}

}  // namespace
}  // namespace twostep::conformance

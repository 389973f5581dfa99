#include <string>

#include "conformance/catch_up/full_inbox.hpp"
#include "conformance/support/backend.hpp"
#include "conformance/support/match.hpp"

namespace twostep::conformance {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

// CUP-01  A page is a list of notifications with payloads, `has_more`, and the server's time.
TEST(Cup01, APageHasNotificationsWithPayloadsAndATime) {
  auto backend = Backend::under_test();
  auto alice = backend.user("alice").device();
  auto bob = backend.user("bob").device();
  auto chat = conversation_of({alice, bob});
  alice.must_send(chat, {{bob, "hello"}});

  const auto page = bob.page();

  ASSERT_THAT(page, HasStatus(200));
  ASSERT_TRUE(page.json["notifications"].is_array()) << page.body;
  EXPECT_TRUE(page.json["has_more"].is_boolean()) << page.body;
  EXPECT_TRUE(page.json["time"].is_string() && !page.json["time"].get<std::string>().empty())
      << page.body;
  for (const auto& notification : page.json["notifications"]) {
    EXPECT_TRUE(notification["id"].is_string()) << notification;
    ASSERT_TRUE(notification["payload"].is_array()) << notification;
    EXPECT_FALSE(notification["payload"].empty()) << notification;
    for (const auto& event : notification["payload"]) {
      EXPECT_TRUE(event.is_object() && event["type"].is_string()) << event;
    }
  }
}

// CUP-01  … and an inbox without notifications gives an empty list.
//
// A user without a device: nobody could have sent anything, and no device was announced.
TEST(Cup01, AnInboxWithoutNotificationsGivesAnEmptyList) {
  auto backend = Backend::under_test();
  auto nobody_wrote_to = backend.user("alice");

  const auto page = nobody_wrote_to.get("/notifications");

  ASSERT_THAT(page, HasStatus(200));
  EXPECT_THAT(page.json["notifications"], IsEmpty());
  EXPECT_EQ(page.json["has_more"], false);
}

// CUP-02  Without `since` the catch-up starts with the oldest notification.
//
// The oldest of all is the device's own registration, if the backend tells of it: `last` names it while
// there is no other.
TEST(Cup02, WithoutAPointerItStartsWithTheOldest) {
  auto backend = Backend::under_test();
  auto alice = backend.user("alice").device();
  auto bob = backend.user("bob").device();
  const auto registration = bob.last_notification();
  auto chat = conversation_of({alice, bob});
  for (const auto* body : {"one", "two", "three"}) alice.must_send(chat, {{bob, body}});

  const auto everything = bob.catch_up();

  EXPECT_THAT(everything.bodies(), ElementsAre("one", "two", "three"));
  if (registration.status == 200) {
    EXPECT_THAT(everything.ids(), Contains(registration.json["id"].get<std::string>()));
  }
}

// CUP-03  With `since` the catch-up has exactly what is newer; the one named is not among it.
//
// Every notification of the inbox in turn, so that an error at either end, or in the middle, shows.
TEST(Cup03, EveryPointerGivesExactlyWhatIsNewer) {
  auto backend = Backend::under_test();
  auto alice = backend.user("alice").device();
  auto bob = backend.user("bob").device();
  auto chat = conversation_of({alice, bob});
  for (const auto* body : {"one", "two", "three", "four"}) alice.must_send(chat, {{bob, body}});
  const auto ids = bob.catch_up().ids();

  for (std::size_t i = 0; i < ids.size(); ++i) {
    const std::vector<std::string> newer{ids.begin() + static_cast<std::ptrdiff_t>(i) + 1,
                                         ids.end()};
    EXPECT_EQ(bob.catch_up({.since = ids[i]}).ids(), newer) << "since notification " << i;
  }
}

// CUP-04  The newest notification as pointer: 200, nothing, and no more.
TEST(Cup04, AfterTheNewestThereIsNothing) {
  auto backend = Backend::under_test();
  auto alice = backend.user("alice").device();
  auto bob = backend.user("bob").device();
  auto chat = conversation_of({alice, bob});
  alice.must_send(chat, {{bob, "hello"}});

  const auto page = bob.page({.since = bob.newest()});

  ASSERT_THAT(page, HasStatus(200));
  EXPECT_THAT(page.json["notifications"], IsEmpty());
  EXPECT_EQ(page.json["has_more"], false);
}

// CUP-11  A size outside 100 to 10000, or that is no number, is answered 400.
TEST(Cup11, ASizeOutOfBoundsIsRefused) {
  auto backend = Backend::under_test();
  auto alice = backend.user("alice").device();

  for (const auto* size :
       {"99", "10001", "-1", "0", "1e9", "", "many", "100x", "99999999999999999999"}) {
    EXPECT_THAT(alice.page({.size = size}), HasStatus(400)) << "size=" << size;
  }
}

// CUP-11  … and the bounds themselves are within.
TEST(Cup11, TheBoundsThemselvesAreAccepted) {
  auto backend = Backend::under_test();
  auto alice = backend.user("alice").device();

  for (const auto* size : {"100", "10000"}) {
    EXPECT_THAT(alice.page({.size = size}), HasStatus(200)) << "size=" << size;
  }
}

}  // namespace
}  // namespace twostep::conformance

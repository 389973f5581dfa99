#include "conformance/catch_up/full_inbox.hpp"
#include "conformance/support/backend.hpp"
#include "conformance/support/bytes.hpp"
#include "conformance/support/match.hpp"

namespace twostep::conformance {
namespace {

using ::testing::ElementsAre;

/// The bodies of a reply that is one notification.
std::vector<std::string> bodies_in(const Reply& reply) {
  if (!reply.json.is_object() || !reply.json.contains("payload")) return {};
  Notifications one;
  one.add({.id = reply.json.value("id", ""), .payload = reply.json["payload"]});
  return one.bodies();
}

// CUP-25  `last` is the newest that is visible to the client, however many newer ones are for others.
//
// More than a hundred: a backend that looks at one internal page only does not find it.
TEST(Cup25, TheLastIsFoundBehindManyForOthers) {
  auto backend = Backend::under_test();
  auto alice = backend.user("alice");
  const std::vector<Device> senders = {alice.device(), alice.device(), alice.device()};
  auto phone = backend.user("bob").device();
  auto tablet = phone.user().device();
  auto chat = conversation_of({alice, phone});
  senders[0].must_send(chat, {{phone, "to the phone"}}, {.strategy = ignore_all()});
  const auto pointer = phone.newest();
  fill(senders, chat, {tablet}, 110);

  const auto last = phone.last_notification();

  ASSERT_THAT(last, HasStatus(200));
  EXPECT_EQ(last.json["id"], pointer);
  EXPECT_THAT(bodies_in(last), ElementsAre("to the phone"));
  EXPECT_EQ(tablet.last_notification().json["id"], tablet.newest());
}

// CUP-26  `last` is answered 404 if nothing is visible.
TEST(Cup26, WithoutNotificationsThereIsNoLast) {
  auto backend = Backend::under_test();
  auto alice = backend.user("alice");

  EXPECT_THAT(alice.get("/notifications/last"), IsError(404, "not-found"));
}

// CUP-27  One notification by its id, as the catch-up has it.
TEST(Cup27, ANotificationIsReadByItsId) {
  auto backend = Backend::under_test();
  auto alice = backend.user("alice").device();
  auto bob = backend.user("bob").device();
  auto chat = conversation_of({alice, bob});
  alice.must_send(chat, {{bob, "hello"}});
  alice.must_send(chat, {{bob, "and on"}});

  const auto inbox = bob.catch_up();
  for (const auto& notification : inbox.list()) {
    const auto single = bob.notification(notification.id);
    ASSERT_THAT(single, HasStatus(200));
    EXPECT_EQ(single.json["id"], notification.id);
    EXPECT_EQ(single.json["payload"], notification.payload);
  }
}

// CUP-27  … and 404 if it does not exist, is another user's, or is not visible to the client.
TEST(Cup27, WhatIsNotVisibleIsNotFound) {
  auto backend = Backend::under_test();
  auto alice = backend.user("alice").device();
  auto phone = backend.user("bob").device();
  auto tablet = phone.user().device();
  auto eve = backend.user("eve").device();
  auto chat = conversation_of({alice, phone});
  alice.must_send(chat, {{tablet, "to the tablet"}}, {.strategy = ignore_all()});
  const auto id = tablet.newest();

  ASSERT_THAT(tablet.notification(id), HasStatus(200));
  EXPECT_THAT(phone.notification(id), IsError(404, "not-found"));
  EXPECT_THAT(eve.notification(id, false), IsError(404, "not-found"));
  EXPECT_THAT(tablet.notification(uuid_at(*uuid_ticks(id))), IsError(404, "not-found"));
}

}  // namespace
}  // namespace twostep::conformance

#include <string>
#include <vector>

#include "conformance/catch_up/full_inbox.hpp"
#include "conformance/support/backend.hpp"
#include "conformance/support/match.hpp"

namespace twostep::conformance {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

// CUP-12  With `client` only what is visible to this client is returned.
TEST(Cup12, EachClientFindsItsOwn) {
  auto backend = Backend::under_test();
  auto alice = backend.user("alice").device();
  auto phone = backend.user("bob").device();
  auto tablet = phone.user().device();
  auto chat = conversation_of({alice, phone});

  alice.must_send(chat, {{phone, "to the phone"}, {tablet, "to the tablet"}});

  EXPECT_THAT(phone.catch_up().bodies(), ElementsAre("to the phone"));
  EXPECT_THAT(tablet.catch_up().bodies(), ElementsAre("to the tablet"));
}

// CUP-13  An event that is for all clients of the user is visible to each of them.
TEST(Cup13, EveryClientOfEveryMemberFindsTheConversation) {
  auto backend = Backend::under_test();
  auto alice = backend.user("alice").device();
  auto phone = backend.user("bob").device();
  auto tablet = phone.user().device();

  auto chat = conversation_of({alice, phone});

  for (const auto& device : {alice, phone, tablet}) {
    bool found = false;
    for (const auto& event : device.catch_up().events("conversation.create")) {
      found = found || event.value("conversation", "") == chat.id.id;
    }
    EXPECT_TRUE(found) << device.name();
  }
}

// CUP-14  Without `client` everything is returned, what is for single clients included.
TEST(Cup14, WithoutAClientEverythingIsThere) {
  auto backend = Backend::under_test();
  auto alice = backend.user("alice").device();
  auto phone = backend.user("bob").device();
  auto tablet = phone.user().device();
  auto chat = conversation_of({alice, phone});

  alice.must_send(chat, {{phone, "to the phone"}, {tablet, "to the tablet"}});

  EXPECT_THAT(phone.catch_up({.filtered = false}).bodies(),
              UnorderedElementsAre("to the phone", "to the tablet"));
}

// CUP-15  `size` and `has_more` count only what is visible to the client.
//
// A long run for another client lies before and between: a backend that counts rows before it filters
// gives short pages here, or says that there is more when there is not.
TEST(Cup15, PagesAreFullThoughOthersLieBetween) {
  auto backend = Backend::under_test();
  auto alice = backend.user("alice");
  const std::vector<Device> senders = {alice.device(), alice.device(), alice.device()};
  auto phone = backend.user("bob").device();
  auto tablet = phone.user().device();
  auto chat = conversation_of({alice, phone});
  const auto since = phone.newest();
  fill(senders, chat, {tablet}, 130);
  fill(senders, chat, {phone, tablet}, 90);
  fill(senders, chat, {tablet}, 20);
  fill(senders, chat, {phone}, 20);
  fill(senders, chat, {tablet}, 10);

  EXPECT_THAT(pages_of(phone, 100, since).sizes, ElementsAre(100, 10));
  EXPECT_THAT(pages_of(phone, 110, since).sizes, ElementsAre(110));
  EXPECT_THAT(pages_of(tablet, 100, since).sizes, ElementsAre(100, 100, 50));

  EXPECT_FALSE(has_more(phone.page({.since = since, .size = "110"})));
}

// CUP-16  A catch-up reads the inbox of the user whose token it carries, whatever `client` names.
TEST(Cup16, AnotherUsersClientOpensNoInbox) {
  auto backend = Backend::under_test();
  auto alice = backend.user("alice").device();
  auto bob = backend.user("bob").device();
  auto eve = backend.user("eve").device();
  auto chat = conversation_of({alice, bob});
  alice.must_send(chat, {{bob, "for bob"}});

  const auto page = eve.page({.client = bob.id()});

  EXPECT_THAT(notifications_in(page).bodies(), IsEmpty());
  EXPECT_THAT(bob.catch_up().bodies(), ElementsAre("for bob"));
}

}  // namespace
}  // namespace twostep::conformance

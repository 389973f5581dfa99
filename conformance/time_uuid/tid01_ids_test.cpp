#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "conformance/support/at_once.hpp"
#include "conformance/support/backend.hpp"
#include "conformance/support/bytes.hpp"
#include "conformance/support/match.hpp"

namespace twostep::conformance {
namespace {

using ::testing::Each;
using ::testing::IsEmpty;
using ::testing::MatchesRegex;
using ::testing::Not;

// A version-1 UUID of the RFC 9562 variant, in lower case with dashes.
constexpr auto time_uuid = "[0-9a-f]{8}-[0-9a-f]{4}-1[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}";

// TID-01  A notification's id is a UUID of version 1 and of the RFC 9562 variant, in lower case with
//         dashes: of messages and of all other events, in catch-ups and on sockets.
TEST(Tid01, IdsAreTimeUuids) {
  auto backend = Backend::under_test();
  auto alice = backend.user("alice").device();
  auto bob = backend.user("bob").device();
  auto socket = bob.open_socket();
  auto chat = conversation_of({alice, bob});

  alice.must_send(chat, {{bob, "hello"}});

  const auto caught_up = bob.catch_up().ids();
  const auto on_socket = socket.notifications_until("hello").ids();
  EXPECT_THAT(caught_up, Not(IsEmpty()));
  EXPECT_THAT(caught_up, Each(MatchesRegex(time_uuid)));
  EXPECT_THAT(on_socket, Not(IsEmpty()));
  EXPECT_THAT(on_socket, Each(MatchesRegex(time_uuid)));
}

/// Ids of the notifications that carry messages.
std::vector<std::string> message_ids(const Notifications& notifications) {
  std::vector<std::string> ids;
  for (const auto& message : notifications.messages()) ids.push_back(message.notification);
  return ids;
}

// TID-02  No two notifications have the same id: neither within an inbox nor across inboxes, nor the
//         copies of one message for several clients.
//
// Only messages are compared across inboxes: a backend may tell several users of one other event by
// one notification. Inboxes are read unfiltered, so that the copies for two clients lie side by side.
TEST(Tid02, NoTwoMessagesHaveTheSameId) {
  constexpr int messages_each = 15;
  auto backend = Backend::under_test();
  auto alice = backend.user("alice").device();
  auto bob = backend.user("bob").device();
  auto tablet = bob.user().device();
  auto chris = backend.user("chris").device();
  auto chat = conversation_of({alice, bob, chris});
  const auto sending = [&](const Device& sender, const std::vector<Address>& to) {
    return [&, sender, to] {
      for (int i = 0; i < messages_each; ++i) sender.must_send(chat, to_each(to, "hello"));
    };
  };

  at_once({sending(alice, {bob, tablet, chris}), sending(bob, {alice, tablet, chris}),
           sending(chris, {alice, bob, tablet})});

  std::multiset<std::string> ids;
  for (const auto& reader : {alice, bob, chris}) {
    for (const auto& id : message_ids(reader.catch_up({.filtered = false}))) ids.insert(id);
  }
  EXPECT_EQ(ids.size(), 3u * 3u * messages_each);
  for (const auto& id : ids) EXPECT_EQ(ids.count(id), 1u) << id;
}

// TID-03  The order of ids is that of their timestamps: these do not decrease along a catch-up.
//
// Not that of their texts, which begin with the low half of the timestamp; but when the one differs
// from the other is a matter of years of waiting, or of luck.
TEST(Tid03, TimestampsDoNotDecreaseAlongACatchUp) {
  auto backend = Backend::under_test();
  auto alice = backend.user("alice").device();
  auto bob = backend.user("bob").device();
  auto chat = conversation_of({alice, bob});
  for (int i = 0; i < 10; ++i) alice.must_send(chat, {{bob, "hello"}});

  const auto ids = bob.catch_up().ids();

  ASSERT_GE(ids.size(), 10u);
  for (std::size_t i = 1; i < ids.size(); ++i) {
    EXPECT_LE(uuid_ticks(ids[i - 1]), uuid_ticks(ids[i])) << ids[i - 1] << " before " << ids[i];
  }
}

/// Milliseconds since 1970 of an instant as the API writes it; nothing if it is none.
std::optional<std::int64_t> unix_milliseconds(const std::string& text) {
  int year = 0;
  unsigned month = 0;
  unsigned day = 0;
  int hour = 0;
  int minute = 0;
  double second = 0;
  if (std::sscanf(text.c_str(), "%d-%u-%uT%d:%d:%lfZ", &year, &month, &day, &hour, &minute,
                  &second) != 6) {
    return std::nullopt;
  }
  using namespace std::chrono;
  const sys_days date = std::chrono::year{year} / std::chrono::month{month} / std::chrono::day{day};
  const auto midnight = duration_cast<milliseconds>(date.time_since_epoch()).count();
  return midnight + (hour * 60 + minute) * 60'000 + static_cast<std::int64_t>(second * 1000);
}

/// The same of a time-UUID, whose ticks of 100 ns count from 1582-10-15.
std::optional<std::int64_t> unix_milliseconds_of_id(const std::string& id) {
  constexpr std::int64_t from_1582_to_1970_ms = 12'219'292'800'000;
  const auto ticks = uuid_ticks(id);
  if (!ticks) return std::nullopt;
  return static_cast<std::int64_t>(*ticks / 10'000) - from_1582_to_1970_ms;
}

// TID-07  The timestamp of an id is close to the time at which the message was accepted.
//
// A minute is much for a clock and little for a mistake. Both times are the backend's own: that the
// clock of the suite agrees is not asked.
TEST(Tid07, AnIdHasTheTimeOfItsMessage) {
  constexpr std::int64_t a_minute_ms = 60'000;
  auto backend = Backend::under_test();
  auto alice = backend.user("alice").device();
  auto bob = backend.user("bob").device();
  auto chat = conversation_of({alice, bob});

  const auto reply = alice.must_send(chat, {{bob, "hello"}});

  const auto accepted = unix_milliseconds(reply.json.value("time", ""));
  const auto ids = message_ids(bob.catch_up());
  ASSERT_EQ(ids.size(), 1u);
  const auto stamped = unix_milliseconds_of_id(ids.front());
  ASSERT_TRUE(accepted) << reply.json;
  ASSERT_TRUE(stamped) << ids.front();
  EXPECT_LE(std::abs(*stamped - *accepted), a_minute_ms) << ids.front() << " and " << reply.json;
}

}  // namespace
}  // namespace twostep::conformance

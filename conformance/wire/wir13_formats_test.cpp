#include <string>
#include <vector>

#include "conformance/support/backend.hpp"
#include "conformance/support/bytes.hpp"
#include "conformance/support/match.hpp"

namespace twostep::conformance {
namespace {

using ::testing::Each;
using ::testing::IsEmpty;
using ::testing::MatchesRegex;
using ::testing::Not;

const std::string uuid_pattern = "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}";
const std::string time_pattern =
    "[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}[.][0-9]{3}Z";

/// Everything that stands under one of these keys, however deep.
void collect(const Json& from, const std::vector<std::string>& keys, std::vector<Json>& into) {
  for (const auto& key : keys) {
    if (from.is_object() && from.contains(key)) into.push_back(from[key]);
  }
  if (!from.is_structured()) return;
  for (const auto& member : from) collect(member, keys, into);
}

std::vector<Json> all_under(const std::vector<Json>& texts, const std::vector<std::string>& keys) {
  std::vector<Json> found;
  for (const auto& text : texts) collect(text, keys, found);
  return found;
}

std::vector<std::string> as_strings(const std::vector<Json>& values) {
  std::vector<std::string> strings;
  for (const auto& value : values) {
    strings.push_back(value.is_string() ? value.get<std::string>() : "not a string");
  }
  return strings;
}

/// Two users, what they said to each other, and everything that tells of it.
struct Told {
  Device alice;
  Device bob;
  Conversation chat;
  Reply sent;
  std::vector<Json> answers;
  std::vector<Json> events;  ///< Of bob's inbox and socket.
};

Told everything_told() {
  auto backend = Backend::under_test();
  auto alice = backend.user("alice").device();
  auto bob = backend.user("bob").device();
  auto socket = bob.open_socket();
  auto chat = conversation_of({alice, bob});
  auto sent = alice.must_send(chat, {{bob, "hello"}});
  const auto& [id, domain] = bob.user().id();
  Told told{.alice = alice, .bob = bob, .chat = chat, .sent = sent, .answers = {}, .events = {}};
  for (const auto& reply : {alice.get("/self"), alice.get("/connections/" + domain + "/" + id),
                            alice.get(chat.path())}) {
    told.answers.push_back(reply.json);
  }
  told.events = bob.catch_up().events();
  for (auto& event : socket.notifications_until("hello").events()) told.events.push_back(event);
  return told;
}

// WIR-13  Ids of users and conversations are UUIDs in lower case with dashes.
TEST(Wir13, IdsAreUuidsInLowerCase) {
  const auto told = everything_told();

  const auto ids = as_strings(all_under(told.events, {"conversation", "from"}));
  const auto own = as_strings(all_under({told.answers.front(), told.answers.back()}, {"id"}));

  EXPECT_THAT(ids, Not(IsEmpty()));
  EXPECT_THAT(ids, Each(MatchesRegex(uuid_pattern)));
  EXPECT_THAT(own, Not(IsEmpty()));
  EXPECT_THAT(own, Each(MatchesRegex(uuid_pattern)));
}

// WIR-13  An id that stands with its domain is an object of both.
TEST(Wir13, QualifiedIdsAreObjects) {
  const auto told = everything_told();
  const std::vector<std::string> keys = {"qualified_id", "qualified_conversation", "qualified_from",
                                         "qualified_to"};

  for (const auto& texts : {told.answers, told.events}) {
    const auto qualified = all_under(texts, keys);
    EXPECT_THAT(qualified, Not(IsEmpty()));
    for (const auto& each : qualified) {
      ASSERT_TRUE(each.is_object() && each.contains("id") && each.contains("domain")) << each;
      EXPECT_THAT(as_strings({each["id"]}), Each(MatchesRegex(uuid_pattern)));
      EXPECT_EQ(each["domain"], Json(told.chat.id.domain));
    }
  }
}

// WIR-13  Bytes are base64 with padding, in the standard alphabet.
//
// 256 octets need padding, and all values among them need the two characters in which alphabets
// differ.
TEST(Wir13, BytesAreBase64WithPadding) {
  auto backend = Backend::under_test();
  auto alice = backend.user("alice").device();
  auto bob = backend.user("bob").device();
  auto chat = conversation_of({alice, bob});
  std::string octets;
  for (int octet = 0; octet < 256; ++octet) octets += static_cast<char>(octet);

  alice.must_send(chat, {{bob, octets}}, {.blob = octets});

  const auto events = bob.catch_up().events("conversation.otr-message-add");
  ASSERT_EQ(events.size(), 1u);
  EXPECT_EQ(events[0]["data"]["text"], Json(to_base64(octets)));
  EXPECT_EQ(events[0]["data"]["data"], Json(to_base64(octets)));
}

// WIR-14  Times of events, …
TEST(Wir14, TimesOfEventsHaveThreeDecimals) {
  const auto told = everything_told();

  const auto times = as_strings(all_under(told.events, {"time"}));

  EXPECT_THAT(times, Not(IsEmpty()));
  EXPECT_THAT(times, Each(MatchesRegex(time_pattern)));
}

// WIR-14  … of a sending status, of a client, and of a connection's last update are UTC with exactly
//         three decimals.
TEST(Wir14, TimesInAnswersHaveThreeDecimals) {
  const auto told = everything_told();
  const auto client = told.alice.get("/clients/" + told.alice.id());

  const auto times =
      as_strings({told.sent.json.value("time", Json{}), client.json.value("time", Json{}),
                  told.answers[1].value("last_update", Json{})});

  EXPECT_THAT(times, Each(MatchesRegex(time_pattern)));
}

}  // namespace
}  // namespace twostep::conformance

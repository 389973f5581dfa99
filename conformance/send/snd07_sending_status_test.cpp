#include <regex>
#include <string>

#include "conformance/support/backend.hpp"
#include "conformance/support/match.hpp"

namespace twostep::conformance {
namespace {

/// Why this is no map from domain to user to a list of client ids without anything empty in it; ""
/// if it is one.
std::string wrong_in_map(const Json& map) {
  if (!map.is_object()) return "is no object";
  for (const auto& [domain, users] : map.items()) {
    if (!users.is_object() || users.empty()) return "has no users under " + domain;
    for (const auto& [user, clients] : users.items()) {
      if (!clients.is_array() || clients.empty()) return "has no clients under " + user;
      for (const auto& client : clients) {
        if (!client.is_string()) return "has a client that is no text under " + user;
      }
    }
  }
  return "";
}

// SND-07  The sending status is `time` and four maps from domain to user to a list of client ids,
//         always present, `{}` if empty, and without empty inner maps or lists.
MATCHER(IsSendingStatus, "is a sending status") {
  static const std::regex instant{R"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z)"};
  const Json& status = arg.json;
  if (!status.is_object()) {
    *result_listener << "whose body is no JSON object";
    return false;
  }
  const auto time = status.value("time", Json{});
  if (!time.is_string() || !std::regex_match(time.get<std::string>(), instant)) {
    *result_listener << "whose time is " << time;
    return false;
  }
  for (const auto* map : {"missing", "redundant", "deleted", "failed_to_send"}) {
    const auto wrong = wrong_in_map(status.value(map, Json{}));
    if (wrong.empty()) continue;
    *result_listener << "whose " << map << " " << wrong;
    return false;
  }
  return true;
}

Address client_that_nobody_has(const User& user) { return {user.id(), "badc0ffee0ddf00d"}; }

TEST(Snd07, NothingToReportIsEmptyMaps) {
  auto backend = Backend::under_test();
  auto alice = backend.user("alice").device();
  auto bob = backend.user("bob").device();
  auto chat = conversation_of({alice, bob});

  const auto reply = alice.send(chat, {{bob, "hello"}});

  EXPECT_THAT(reply, Acknowledged());
  EXPECT_THAT(reply, IsSendingStatus());
  for (const auto* map : {"missing", "redundant", "deleted", "failed_to_send"}) {
    EXPECT_EQ(reply.json.value(map, Json{}), Json::object()) << map;
  }
}

TEST(Snd07, A201ReportsWhatWasAddressedInVain) {
  auto backend = Backend::under_test();
  auto alice = backend.user("alice").device();
  auto bob = backend.user("bob").device();
  auto chat = conversation_of({alice, bob});

  const auto reply =
      alice.send(chat, {{bob, "hello"}, {client_that_nobody_has(bob), "x"}, {alice, "x"}});

  EXPECT_THAT(reply, Acknowledged());
  EXPECT_THAT(reply, IsSendingStatus());
  EXPECT_THAT(reply, Deleted({client_that_nobody_has(bob)}));
  EXPECT_THAT(reply, Redundant({alice}));
}

TEST(Snd07, A412ReportsAllKindsAtOnce) {
  auto backend = Backend::under_test();
  auto alice = backend.user("alice").device();
  auto bob = backend.user("bob").device();
  auto chat = conversation_of({alice, bob});

  const auto reply = alice.send(chat, {{client_that_nobody_has(bob), "x"}, {alice, "x"}});

  EXPECT_THAT(reply, RefusedForMissing({bob}));
  EXPECT_THAT(reply, IsSendingStatus());
  EXPECT_THAT(reply, Deleted({client_that_nobody_has(bob)}));
  EXPECT_THAT(reply, Redundant({alice}));
}

}  // namespace
}  // namespace twostep::conformance

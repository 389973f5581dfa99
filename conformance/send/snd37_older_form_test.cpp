#include "conformance/support/backend.hpp"
#include "conformance/support/match.hpp"

namespace twostep::conformance {
namespace {

using ::testing::ElementsAre;

/// A map of the older form: from user to client ids.
Json older_map(const std::vector<Address>& clients) {
  auto map = Json::object();
  for (const auto& [user, client] : clients) map[user.id].push_back(client);
  return map;
}

/// A status whose body is `time` and the maps `missing`, `redundant` and `deleted`, and these maps
/// are exactly this.
struct OlderStatus {
  std::vector<Address> missing = {};
  std::vector<Address> redundant = {};
  std::vector<Address> deleted = {};
};
MATCHER_P2(IsOlderStatus, status, expected, "has the body of the older form") {
  auto body = arg.json;
  if (arg.status != status || !body.is_object()) return false;
  const bool has_time = body.value("time", Json{}).is_string();
  body.erase("time");
  const Json maps = {{"missing", older_map(expected.missing)},
                     {"redundant", older_map(expected.redundant)},
                     {"deleted", older_map(expected.deleted)}};
  return has_time && body == maps;
}

Address client_that_nobody_has(const User& user) { return {user.id(), "badc0ffee0ddf00d"}; }

// SND-37  A JSON body is accepted and delivered like a qualified message, to each client its own
//         ciphertext; the answer's maps lead from user to client ids.
TEST(Snd37, AJsonMessageIsDelivered) {
  auto backend = Backend::under_test();
  auto alice = backend.user("alice").device();
  auto bob = backend.user("bob").device();
  auto tablet = bob.user().device();
  auto chat = conversation_of({alice, bob});

  const auto reply = alice.send_legacy_json(chat, {{bob, "to bob"}, {tablet, "to the tablet"}});

  EXPECT_THAT(reply, IsOlderStatus(201, OlderStatus{}));
  EXPECT_THAT(bob.catch_up().bodies(), ElementsAre("to bob"));
  EXPECT_THAT(tablet.catch_up().bodies(), ElementsAre("to the tablet"));
}

// SND-37  An incomplete one reports all kinds of clients, and is delivered to nobody.
TEST(Snd37, AnIncompleteJsonMessageIsRefused) {
  auto backend = Backend::under_test();
  auto alice = backend.user("alice").device();
  auto bob = backend.user("bob").device();
  auto chris = backend.user("chris").device();
  auto chat = conversation_of({alice, bob, chris});
  const auto unknown = client_that_nobody_has(bob);

  const auto reply = alice.send_legacy_json(chat, to_each({bob, unknown, alice}, "refused"));
  alice.must_send(chat, to_each({bob, chris}, "fence"));

  EXPECT_THAT(reply, IsOlderStatus(412, OlderStatus{{chris}, {alice}, {unknown}}));
  EXPECT_THAT(bob.catch_up().bodies(), ElementsAre("fence"));
}

// SND-37  The refusals hold for it as well.
TEST(Snd37, AJsonMessageIsRefusedLikeAQualifiedOne) {
  auto backend = Backend::under_test();
  auto alice = backend.user("alice").device();
  auto bob = backend.user("bob").device();
  auto stranger = backend.user("stranger").device();
  auto chat = conversation_of({alice, bob});

  const auto strange = stranger.send_legacy_json(chat, {{bob, "hello"}});
  const auto nowhere = alice.send_legacy_json(no_conversation(), {{bob, "hello"}});
  const auto unknown = alice.send_legacy_json(chat, {{bob, "hello"}}, {.sender = bob.id()});

  EXPECT_THAT(strange, IsError(404, "no-conversation"));
  EXPECT_THAT(nowhere, IsError(404, "no-conversation"));
  EXPECT_THAT(unknown, IsError(403, "unknown-client"));
}

// SND-38  A protobuf body is accepted and answered in the same way as a JSON body.
TEST(Snd38, AProtobufMessageIsDelivered) {
  auto backend = Backend::under_test();
  auto alice = backend.user("alice").device();
  auto bob = backend.user("bob").device();
  auto tablet = bob.user().device();
  auto chat = conversation_of({alice, bob});

  const auto reply = alice.send_legacy_protobuf(chat, {{bob, "to bob"}, {tablet, "to the tablet"}});

  EXPECT_THAT(reply, IsOlderStatus(201, OlderStatus{}));
  EXPECT_THAT(bob.catch_up().bodies(), ElementsAre("to bob"));
  EXPECT_THAT(tablet.catch_up().bodies(), ElementsAre("to the tablet"));
}

TEST(Snd38, AnIncompleteProtobufMessageIsRefused) {
  auto backend = Backend::under_test();
  auto alice = backend.user("alice").device();
  auto bob = backend.user("bob").device();
  auto chris = backend.user("chris").device();
  auto chat = conversation_of({alice, bob, chris});
  const auto unknown = client_that_nobody_has(bob);

  const auto reply = alice.send_legacy_protobuf(chat, to_each({bob, unknown, alice}, "refused"));
  alice.must_send(chat, to_each({bob, chris}, "fence"));

  EXPECT_THAT(reply, IsOlderStatus(412, OlderStatus{{chris}, {alice}, {unknown}}));
  EXPECT_THAT(bob.catch_up().bodies(), ElementsAre("fence"));
}

}  // namespace
}  // namespace twostep::conformance

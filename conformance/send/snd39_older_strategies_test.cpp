#include <string>
#include <vector>

#include "conformance/support/backend.hpp"
#include "conformance/support/match.hpp"

namespace twostep::conformance {
namespace {

using ::testing::ElementsAre;

/// Alice sends to none of the others, unless a test says so.
struct Three {
  Backend backend = Backend::under_test();
  Device alice = backend.user("alice").device();
  Device bob = backend.user("bob").device();
  Device chris = backend.user("chris").device();
  Conversation chat = conversation_of({alice, bob, chris});

  QualifiedId bob_id = bob.user().id();
  QualifiedId chris_id = chris.user().id();

  Reply send(const std::string& query, const Recipients& recipients = {}) const {
    return alice.send_legacy_json(chat, recipients, {.query = query});
  }
};

/// 201 with nothing missing, in the older form.
MATCHER(IsSent, "is sent") {
  return arg.status == 201 && arg.json.is_object() &&
         arg.json.value("missing", Json{}) == Json::object();
}

/// 412 that names exactly these clients, one for a user, in the older form.
MATCHER_P(IsRefusedFor, missing, "is refused") {
  auto map = Json::object();
  for (const Device& device : missing) map[device.user().id().id] = {device.id()};
  return arg.status == 412 && arg.json.is_object() && arg.json.value("missing", Json{}) == map;
}

using These = std::vector<Device>;

// SND-39  Without a parameter or list, and when a parameter says so, all missing clients are
//         reported.
TEST(Snd39, AllMissingClientsAreReported) {
  const Three three;

  for (const auto* query : {"", "ignore_missing=false", "report_missing=true"}) {
    EXPECT_THAT(three.send(query), IsRefusedFor(These{three.bob, three.chris})) << query;
  }
}

// SND-39  `ignore_missing=true` and `report_missing=false` ignore them, and the message is delivered
//         to those addressed.
TEST(Snd39, AllMissingClientsAreIgnored) {
  const Three three;

  EXPECT_THAT(three.send("ignore_missing=true", {{three.bob, "ignored"}}), IsSent());
  EXPECT_THAT(three.send("report_missing=false", {{three.bob, "not reported"}}), IsSent());

  EXPECT_THAT(three.bob.catch_up().bodies(), ElementsAre("ignored", "not reported"));
}

// SND-40  `ignore_missing=<user,…>` acts as `ignore_only` with these users.
TEST(Snd40, TheListedAreIgnored) {
  const Three three;

  const auto one = three.send("ignore_missing=" + three.bob_id.id);
  const auto both = three.send("ignore_missing=" + three.bob_id.id + "," + three.chris_id.id);

  EXPECT_THAT(one, IsRefusedFor(These{three.chris}));
  EXPECT_THAT(both, IsSent());
}

// SND-40  `report_missing=<user,…>` acts as `report_only` with these users.
TEST(Snd40, TheListedAreReported) {
  const Three three;

  const auto one = three.send("report_missing=" + three.bob_id.id);
  const auto both = three.send("report_missing=" + three.bob_id.id + "," + three.chris_id.id);
  const auto addressed = three.send("report_missing=" + three.bob_id.id, {{three.bob, "hello"}});

  EXPECT_THAT(one, IsRefusedFor(These{three.bob}));
  EXPECT_THAT(both, IsRefusedFor(These{three.bob, three.chris}));
  EXPECT_THAT(addressed, IsSent());
}

// SND-41  A list in the body acts as `report_only` …
TEST(Snd41, TheListInTheBodyIsReported) {
  const Three three;
  const LegacyOptions bob_listed = {.report_missing = {{three.bob_id}}};

  const auto json = three.alice.send_legacy_json(three.chat, {}, bob_listed);
  const auto protobuf = three.alice.send_legacy_protobuf(three.chat, {}, bob_listed);

  EXPECT_THAT(json, IsRefusedFor(These{three.bob}));
  EXPECT_THAT(protobuf, IsRefusedFor(These{three.bob}));
}

// SND-41  … and takes precedence over the parameters, whichever way these point.
TEST(Snd41, TheListInTheBodyComesBeforeTheParameters) {
  const Three three;
  const Recipients to_bob = {{three.bob, "hello"}};
  const LegacyOptions ignoring = {.query = "ignore_missing=true",
                                  .report_missing = {{three.bob_id}}};
  const LegacyOptions reporting = {.query = "report_missing=true",
                                   .report_missing = {{three.bob_id}}};

  EXPECT_THAT(three.alice.send_legacy_json(three.chat, {}, ignoring),
              IsRefusedFor(These{three.bob}));
  EXPECT_THAT(three.alice.send_legacy_protobuf(three.chat, {}, ignoring),
              IsRefusedFor(These{three.bob}));
  EXPECT_THAT(three.alice.send_legacy_json(three.chat, to_bob, reporting), IsSent());
  EXPECT_THAT(three.alice.send_legacy_protobuf(three.chat, to_bob, reporting), IsSent());
}

// SND-41  An empty list is a list in JSON, where it can be seen, and none in protobuf.
TEST(Snd41, AnEmptyListIsAListInJsonOnly) {
  const Three three;
  const LegacyOptions nobody_listed = {.report_missing = std::vector<QualifiedId>{}};

  const auto json = three.alice.send_legacy_json(three.chat, {}, nobody_listed);
  const auto protobuf = three.alice.send_legacy_protobuf(three.chat, {}, nobody_listed);

  EXPECT_THAT(json, IsSent());
  EXPECT_THAT(protobuf, IsRefusedFor(These{three.bob, three.chris}));
}

// SND-42  `ignore_missing` takes precedence over `report_missing` when both are parameters, in
//         either order.
TEST(Snd42, IgnoreMissingComesBeforeReportMissing) {
  const Three three;

  EXPECT_THAT(three.send("ignore_missing=true&report_missing=true"), IsSent());
  EXPECT_THAT(three.send("report_missing=true&ignore_missing=true"), IsSent());
  EXPECT_THAT(three.send("ignore_missing=false&report_missing=false"),
              IsRefusedFor(These{three.bob, three.chris}));
}

}  // namespace
}  // namespace twostep::conformance

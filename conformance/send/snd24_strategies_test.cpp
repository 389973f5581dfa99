#include "conformance/support/backend.hpp"
#include "conformance/support/bytes.hpp"
#include "conformance/support/match.hpp"

namespace twostep::conformance {
namespace {

using ::testing::ElementsAre;

/// Alice sends; Bob has two clients, Chris has one.
struct Three {
  Backend backend = Backend::under_test();
  Device alice = backend.user("alice").device();
  Device bob = backend.user("bob").device();
  Device tablet = bob.user().device();
  Device chris = backend.user("chris").device();
  Conversation chat = conversation_of({alice, bob, chris});

  QualifiedId bob_id = bob.user().id();
  QualifiedId chris_id = chris.user().id();

  /// Sends to nobody but those named.
  Reply send(const Recipients& recipients, const Strategy& strategy) const {
    return alice.send(chat, recipients, {.strategy = strategy});
  }
};

// SND-24  With `ignore_all` no client is missing, and the message is delivered to the valid ones.
TEST(Snd24, IgnoreAllSendsToThoseAddressed) {
  const Three three;

  const auto reply = three.send({{three.tablet, "hello"}}, ignore_all());

  EXPECT_THAT(reply, Acknowledged());
  EXPECT_THAT(three.tablet.catch_up().bodies(), ElementsAre("hello"));
}

// SND-25  With `report_only` just the clients of the users it lists can be missing.
TEST(Snd25, ReportOnlyReportsTheListed) {
  const Three three;

  const auto one = three.send({{three.bob, "x"}}, report_only({three.bob_id}));
  const auto both = three.send({{three.bob, "x"}}, report_only({three.bob_id, three.chris_id}));

  EXPECT_THAT(one, RefusedForMissing({three.tablet}));
  EXPECT_THAT(both, RefusedForMissing({three.tablet, three.chris}));
}

// SND-25  If those are addressed, others that are not are ignored.
TEST(Snd25, ReportOnlyIgnoresTheOthers) {
  const Three three;

  const auto reply = three.send({{three.chris, "hello"}}, report_only({three.chris_id}));

  EXPECT_THAT(reply, Acknowledged());
  EXPECT_THAT(three.chris.catch_up().bodies(), ElementsAre("hello"));
}

// SND-25  With an empty list nothing is missing.
TEST(Snd25, ReportOnlyOfNobodyReportsNothing) {
  const Three three;

  const auto reply = three.send({{three.chris, "hello"}}, report_only({}));

  EXPECT_THAT(reply, Acknowledged());
  EXPECT_THAT(three.chris.catch_up().bodies(), ElementsAre("hello"));
}

// SND-26  With `ignore_only` any expected client of a user that it does not list can be missing.
TEST(Snd26, IgnoreOnlyReportsTheOthers) {
  const Three three;

  const auto one = three.send({{three.bob, "x"}}, ignore_only({three.bob_id}));
  const auto nobody = three.send({{three.bob, "x"}}, ignore_only({}));

  EXPECT_THAT(one, RefusedForMissing({three.chris}));
  EXPECT_THAT(nobody, RefusedForMissing({three.tablet, three.chris}));
}

// SND-26  The clients of the users that it lists cannot.
TEST(Snd26, IgnoreOnlyIgnoresTheListed) {
  const Three three;

  const auto one = three.send({{three.chris, "one"}}, ignore_only({three.bob_id}));
  const auto both =
      three.send({{three.tablet, "both"}}, ignore_only({three.bob_id, three.chris_id}));

  EXPECT_THAT(one, Acknowledged());
  EXPECT_THAT(both, Acknowledged());
  EXPECT_THAT(three.chris.catch_up().bodies(), ElementsAre("one"));
  EXPECT_THAT(three.tablet.catch_up().bodies(), ElementsAre("both"));
}

// SND-27  Users in the list who are not members, or do not exist, change nothing for the others.
TEST(Snd27, UnknownUsersInReportOnlyChangeNothing) {
  const Three three;
  const QualifiedId nobody{random_uuid(), three.backend.domain()};
  const auto outsider = three.backend.user("eve").id();

  const auto missing =
      three.send({{three.bob, "x"}}, report_only({nobody, three.bob_id, outsider}));
  const auto complete = three.send({{three.chris, "hello"}}, report_only({nobody, outsider}));

  EXPECT_THAT(missing, RefusedForMissing({three.tablet}));
  EXPECT_THAT(complete, Acknowledged());
}

TEST(Snd27, UnknownUsersInIgnoreOnlyChangeNothing) {
  const Three three;
  const QualifiedId nobody{random_uuid(), three.backend.domain()};
  const auto outsider = three.backend.user("eve").id();

  const auto missing =
      three.send({{three.bob, "x"}}, ignore_only({nobody, three.bob_id, outsider}));
  const auto complete =
      three.send({{three.chris, "hello"}}, ignore_only({nobody, three.bob_id, outsider}));

  EXPECT_THAT(missing, RefusedForMissing({three.chris}));
  EXPECT_THAT(complete, Acknowledged());
}

}  // namespace
}  // namespace twostep::conformance

#include <gmock/gmock.h>

#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include "conformance/support/match.hpp"
#include "conformance/three_backends/rig.hpp"

namespace twostep::conformance {
namespace {

/// A strategy, and whose missing clients it reports.
struct Row {
  std::string text;
  Strategy strategy;
  std::vector<Address> reported;
};

/// Everybody, and one more device at B: each backend has one that is left out, whoever sends.
struct Absent {
  explicit Absent(const Cast& cast)
      : at_a(cast.ann), at_b(cast.b.device_of(cast.bob)), at_c(cast.chris) {}

  bool is(const Address& address) const {
    return address == at_a.address() || address == at_b.address() || address == at_c.address();
  }

  Device at_a;
  Device at_b;
  Device at_c;
};

std::vector<Row> rows(const Absent& absent) {
  const auto user = [](const Device& device) { return device.user().id(); };
  const auto& [a, b, c] = absent;
  return {
      {"report all", report_all(), {a, b, c}},
      {"ignore all", ignore_all(), {}},
      {"report nobody", report_only({}), {}},
      {"report A", report_only({user(a)}), {a}},
      {"report B and C", report_only({user(b), user(c)}), {b, c}},
      {"ignore nobody", ignore_only({}), {a, b, c}},
      {"ignore B", ignore_only({user(b)}), {a, c}},
      {"ignore A, B and C", ignore_only({user(a), user(b), user(c)}), {}},
  };
}

// FED-18  Every strategy, of a sender at each backend, in a conversation of each: clients are missing
//         wherever they are, and what is sent reaches exactly those who are addressed.
TEST(Fed18, StrategiesMeanTheSameWhereverOneSends) {
  const Rig rig;
  const auto& cast = rig.cast;
  const Absent absent{cast};
  const Inboxes inboxes{cast};
  std::map<Address, std::vector<std::string>> expected;
  for (const auto& [sender, chat] : {std::pair{cast.alice, cast.at_a},
                                     {cast.bob, cast.at_a},
                                     {cast.charlie, cast.at_a},
                                     {cast.alice, cast.at_b},
                                     {cast.bob, cast.at_b},
                                     {cast.charlie, cast.at_c}}) {
    for (const auto& [text, strategy, reported] : rows(absent)) {
      const auto body = text + ", " + sender.name() + " in one of " + chat.id.domain;
      SCOPED_TRACE(body);
      auto recipients = cast.to_all(sender, body);
      std::erase_if(recipients, [&](const auto& recipient) { return absent.is(recipient.to); });

      const auto reply = sender.send(chat, recipients, {.strategy = strategy});

      if (!reported.empty()) {
        EXPECT_THAT(reply, RefusedForMissing(reported));
        continue;
      }
      EXPECT_THAT(reply, Acknowledged());
      EXPECT_THAT(reply, FailedToSend({}));
      for (const auto& recipient : recipients) expected[recipient.to].push_back(body);
    }
    EXPECT_THAT(sender.send(chat, {}, {.strategy = no_strategy()}), HasStatus(400));
  }
  for (const auto& device : cast.all) {
    EXPECT_EQ(inboxes.since(device), expected[device.address()]) << device.name();
  }
}

// FED-18, FED-36  Redundant and deleted clients of each backend, reported to a sender at each.
TEST(Fed18, RedundantAndDeletedClientsOfAllBackends) {
  const Rig rig;
  const auto& cast = rig.cast;
  const std::vector<Address> redundant{cast.a.device("stranger"), cast.b.device("stranger"),
                                       cast.c.device("stranger")};
  std::vector<Address> deleted;
  for (const auto& device : {cast.ann, cast.bob, cast.chris}) {
    deleted.push_back({device.user().id(), "badc0ffee0ddf00d"});
  }
  std::vector<Address> others = redundant;
  others.insert(others.end(), deleted.begin(), deleted.end());
  for (const auto& sender : {cast.alice, cast.bob, cast.charlie}) {
    SCOPED_TRACE(sender.name());
    auto recipients = cast.to_all(sender, "hello");
    for (const auto& other : others) recipients.push_back({other, "for nobody"});
    // The form puts what is of one domain and user together, and so must who writes it.
    std::ranges::sort(recipients, {}, [](const auto& recipient) {
      return std::pair{recipient.to.user.domain, recipient.to};
    });

    const auto reply = sender.send(cast.at_a, recipients);

    EXPECT_THAT(reply, Acknowledged());
    EXPECT_THAT(reply, Redundant(redundant));
    EXPECT_THAT(reply, Deleted(deleted));
  }
}

}  // namespace
}  // namespace twostep::conformance

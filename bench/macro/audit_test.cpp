#include "bench/macro/audit.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "conformance/support/bytes.hpp"

namespace twostep::bench {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

/// Three messages, one after the other, acknowledged but for the last.
Audit three_messages() {
  Audit audit;
  Audit::Moment now{1h};
  for (std::size_t message = 0; message < 3; ++message, now += 10ms) {
    audit.begun(message, now);
    if (message < 2) audit.acknowledged(message, now + 5ms);
  }
  return audit;
}

std::vector<Received> received(const std::vector<std::optional<std::size_t>>& messages) {
  std::vector<Received> list;
  std::uint64_t ticks = 1'000;
  for (const auto message : messages) list.push_back({conformance::uuid_at(++ticks), message});
  return list;
}

std::vector<std::string> anomalies_of(const std::vector<Received>& list) {
  auto audit = three_messages();
  audit.judge("bob", list);
  return audit.anomalies();
}

TEST(Audit, ASoundRunHasNoAnomalies) {
  EXPECT_THAT(anomalies_of(received({0, 1})), IsEmpty());
  EXPECT_THAT(anomalies_of(received({0, 1, 2})), IsEmpty()) << "of the last nobody knows";
}

TEST(Audit, NamesWhatWasLost) {
  EXPECT_THAT(anomalies_of(received({0})), ElementsAre(HasSubstr("never got message 1")));
}

TEST(Audit, NamesWhatCameTwice) {
  EXPECT_THAT(anomalies_of(received({0, 1, 1, 1})), ElementsAre(HasSubstr("message 1 twice")));
}

TEST(Audit, NamesWhatNobodySent) {
  EXPECT_THAT(anomalies_of(received({0, 1, 3})), ElementsAre(HasSubstr("nobody sent")));
  EXPECT_THAT(anomalies_of(received({0, 1, std::nullopt})), ElementsAre(HasSubstr("nobody sent")));
}

TEST(Audit, NamesWhatCameAfterWhatWasSentLater) {
  EXPECT_THAT(anomalies_of(received({1, 0})), ElementsAre(HasSubstr("message 0 after message 1")));
}

TEST(Audit, MessagesUnderWayAtOnceMayComeInAnyOrder) {
  Audit audit;
  const Audit::Moment start{1h};
  for (std::size_t message = 0; message < 2; ++message) audit.begun(message, start);
  for (std::size_t message = 0; message < 2; ++message) audit.acknowledged(message, start + 1ms);
  audit.judge("bob", received({1, 0}));
  EXPECT_THAT(audit.anomalies(), IsEmpty());
}

TEST(Audit, NamesIdsThatDescendOrAreNone) {
  auto list = received({0, 1});
  std::swap(list[0].notification, list[1].notification);
  EXPECT_THAT(anomalies_of(list), ElementsAre(HasSubstr("after a newer one")));

  list = received({0, 1});
  list[0].notification = "first";
  EXPECT_THAT(anomalies_of(list), ElementsAre(HasSubstr("not a time-UUID")));
}

TEST(Audit, NamesTheFirstAndCountsTheRest) {
  Audit audit;
  const std::size_t more = 5;
  for (std::size_t i = 0; i < Audit::anomalies_named_max + more; ++i) {
    audit.begun(i, Audit::Moment{});
    audit.acknowledged(i, Audit::Moment{});
  }
  audit.judge("bob", {});
  const auto anomalies = audit.anomalies();
  ASSERT_EQ(anomalies.size(), Audit::anomalies_named_max + 1);
  EXPECT_EQ(anomalies.back(), "5 more");
}

}  // namespace
}  // namespace twostep::bench

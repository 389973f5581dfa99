#include "impl/service/step_two.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/asio/detached.hpp>

#include "impl/service/change.hpp"
#include "impl/service/fakes.hpp"
#include "impl/service/limits.hpp"
#include "impl/store/inbox.hpp"
#include "impl/store/memory.hpp"
#include "impl/store/push_tokens.hpp"

namespace twostep::service {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

const auto bob = *UserId::parse("0b0b0b0b-0000-4000-8000-000000000001");
constexpr ClientId phone{0xa};
constexpr ClientId tablet{0xb};
constexpr ConnectionId alices{7};

Doorbell bell(std::vector<ClientId> targets) {
  return {.user = bob,
          .previous = std::nullopt,
          .id = TimeUuid::at(TimeUuid::earliest, {}),
          .targets = std::move(targets),
          .origin = alices,
          .event = "{}",
          .native_push = true,
          .high_priority = true};
}

struct Node {
  Node() {
    give_token(phone, "phone's");
    give_token(tablet, "tablet's");
  }

  void give_token(ClientId client, const std::string& token, ConnectionId connection = {1}) {
    const auto stored =
        run(change(fakes.backend, [&](store::Transaction& transaction, Events&) -> Result<void> {
          store::put_push_token(transaction, bob,
                                {.transport = "GCM",
                                 .app = "app",
                                 .token = token,
                                 .client = client,
                                 .registered_on = connection});
          return Result<void>{};
        }));
    EXPECT_TRUE(stored);
  }

  /// Lets a worker do everything that waits. Returns the tokens that were notified.
  std::vector<std::string> notified() {
    boost::asio::co_spawn(context, step_two.work(fakes.backend), boost::asio::detached);
    context.restart();
    context.poll();
    std::vector<std::string> tokens;
    for (const auto& notice : gateway.notices) tokens.push_back(notice.token);
    return tokens;
  }

  std::vector<std::string> inbox_of(ClientId client) {
    std::vector<std::string> events;
    const auto seen = run(look(fakes.backend, [&](const store::Reader& reader) {
      store::visit_after(reader, bob, std::nullopt, TimeUuid::earliest,
                         [&](const store::NotificationView& row) {
                           if (row.is_for(client)) events.emplace_back(row.event);
                           return true;
                         });
      return Result<void>{};
    }));
    EXPECT_TRUE(seen);
    return events;
  }

  store::MemoryStore rows;
  FakeWorld fakes{rows};
  FakePushGateway gateway;
  boost::asio::io_context context;
  StepTwo step_two{context.get_executor(), fakes.sockets, gateway};
};

TEST(Dlv18, AnOfflineClientWithATokenIsNotified) {
  Node node;
  node.step_two.offer(bell({phone}));
  EXPECT_THAT(node.notified(), ElementsAre("phone's"));
  EXPECT_EQ(node.gateway.notices[0].user, bob);
  EXPECT_EQ(node.gateway.notices[0].client, phone);
  EXPECT_EQ(node.gateway.notices[0].id, bell({}).id);
  EXPECT_EQ(node.step_two.counts().accepted, 1u);
}

TEST(Dlv19, AClientThatHadASocketWhenItRangIsNot) {
  Node node;
  node.fakes.sockets.open.insert({bob, phone});
  node.step_two.offer(bell({phone}));
  node.fakes.sockets.open.clear();
  node.step_two.offer(bell({tablet}));
  EXPECT_THAT(node.notified(), ElementsAre("tablet's"));
}

TEST(Dlv20, ATokenRegisteredOnTheConnectionThatSentIsNot) {
  Node node;
  node.give_token(phone, "own", alices);
  node.step_two.offer(bell({phone}));
  EXPECT_THAT(node.notified(), IsEmpty());
}

TEST(Dlv20, OnlyTheTargetIs) {
  Node node;
  node.step_two.offer(bell({tablet}));
  EXPECT_THAT(node.notified(), ElementsAre("tablet's"));
}

TEST(Dlv22, ADeadTokenIsRemovedAndItsClientTold) {
  Node node;
  node.gateway.answer = PushAnswer::dead;
  node.step_two.offer(bell({phone}));
  node.step_two.offer(bell({phone}));

  EXPECT_THAT(node.notified(), ElementsAre("phone's"));  // The second finds no token any more.

  EXPECT_THAT(node.inbox_of(phone),
              ElementsAre(R"({"type":"user.push-remove","token":{"transport":"GCM",)"
                          R"("app":"app","token":"phone's","client":"a"}})"));
  EXPECT_THAT(node.inbox_of(tablet), IsEmpty());
  EXPECT_EQ(node.step_two.counts().dead, 1u);
}

TEST(Dlv23, AFailureIsCountedAndNotRepeated) {
  Node node;
  node.gateway.answer = PushAnswer::failed;
  node.step_two.offer(bell({phone}));
  EXPECT_THAT(node.notified(), ElementsAre("phone's"));
  EXPECT_EQ(node.step_two.counts().failed, 1u);

  node.gateway.answer = PushAnswer::accepted;
  node.step_two.offer(bell({phone}));
  EXPECT_THAT(node.notified(), ElementsAre("phone's", "phone's"));
}

TEST(Snd05, WhenTooManyWaitTheRestIsDroppedAndCounted) {
  Node node;
  for (std::size_t n = 0; n < limits::pushes_waiting_max + 3; ++n)
    node.step_two.offer(bell({phone}));
  EXPECT_EQ(node.step_two.counts().dropped, 3u);
  EXPECT_EQ(node.notified().size(), limits::pushes_waiting_max);
}

TEST(StepTwoTest, AfterStopNothingIsNotified) {
  Node node;
  node.step_two.offer(bell({phone}));
  node.step_two.stop();
  EXPECT_THAT(node.notified(), IsEmpty());
}

}  // namespace
}  // namespace twostep::service

#include "model/step.hpp"

#include <gtest/gtest.h>

#include "model/inbox.hpp"

namespace twostep::model {
namespace {

constexpr BackendId a{0};
constexpr BackendId b{1};
constexpr UserId alice{a, 0};
constexpr UserId ann{a, 1};
constexpr UserId bob{b, 0};
constexpr Client alices_phone{alice, {1}};
constexpr Client anns_phone{ann, {1}};
constexpr Client bobs_phone{bob, {1}};
constexpr ConversationId tea{a, 0};

Backend backend_of(BackendId id, const std::vector<Client>& clients) {
  Backend backend;
  backend.configuration.self = id;
  backend = step(backend, NodeStarted{{0}, 0, 1}).backend;
  Changed changed;
  std::vector<UserId> members;
  for (const auto& client : clients) {
    members.push_back(client.user);
    if (client.user.home != id) continue;
    changed.changes.push_back(AddUser{client.user});
    changed.changes.push_back(AddClient{client});
  }
  changed.changes.push_back(AddMembers{tea, members});
  return step(backend, changed).backend;
}

Message from_alice(std::vector<Client> to) {
  Message message{.conversation = tea, .sender = alices_phone};
  for (const auto& client : to) message.recipients.push_back({client, {7}});
  return message;
}

TEST(Step, StoresBeforeItAnswers) {
  auto backend = backend_of(a, {alices_phone, anns_phone});
  Effects effects;
  step(backend, SendRequested{{1}, {0}, from_alice({anns_phone}), {}, {}}, effects);
  settle(backend, 5, effects);

  ASSERT_EQ(effects.size(), 2u);
  EXPECT_TRUE(std::holds_alternative<Stored>(effects[0]));
  ASSERT_TRUE(std::holds_alternative<Answer>(effects[1]));
  EXPECT_EQ(std::get<Answer>(effects[1]).outcome.verdict, Verdict::accepted);
  EXPECT_EQ(catch_up(backend, {ann, {}, {}}).notifications.size(), 1u);
  EXPECT_TRUE(backend.jobs.empty());
}

TEST(Step, RefusesWhenAClientIsMissing) {
  auto backend = backend_of(a, {alices_phone, anns_phone});
  Effects effects;
  step(backend, SendRequested{{1}, {0}, from_alice({}), {}, {}}, effects);
  settle(backend, 5, effects);

  ASSERT_EQ(effects.size(), 1u);
  const auto outcome = std::get<Answer>(effects[0]).outcome;
  EXPECT_EQ(outcome.verdict, Verdict::clients_missing);
  EXPECT_EQ(outcome.status.missing, std::vector{anns_phone});
}

TEST(Step, TellsAPeerOnlyAfterItHasStored) {
  auto backend = backend_of(a, {alices_phone, anns_phone, bobs_phone});
  Effects effects;
  step(backend, SendRequested{{1}, {0}, from_alice({anns_phone, bobs_phone}), {}, {}}, effects);
  ASSERT_EQ(effects, (Effects{AskClients{{1}, b, {bob}}}));
  effects.clear();

  step(backend, ClientsAnswered{{1}, b, {{bob, {{1}}}}}, effects);
  settle(backend, 5, effects);
  ASSERT_EQ(effects.size(), 2u);
  EXPECT_TRUE(std::holds_alternative<Stored>(effects[0]));
  EXPECT_TRUE(std::holds_alternative<TellToStore>(effects[1]));
  effects.clear();

  step(backend, CallFailed{{1}, b}, effects);
  settle(backend, 6, effects);
  ASSERT_EQ(effects.size(), 1u);
  EXPECT_EQ(std::get<Answer>(effects[0]).outcome.status.failed_to_send, std::vector{bobs_phone});
}

}  // namespace
}  // namespace twostep::model

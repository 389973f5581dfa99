#include <latch>
#include <set>
#include <string>
#include <vector>

#include "conformance/robustness/bystanders.hpp"
#include "conformance/support/at_once.hpp"
#include "conformance/support/bytes.hpp"
#include "conformance/support/match.hpp"
#include "conformance/support/outcome.hpp"
#include "conformance/support/process.hpp"

namespace twostep::conformance {
namespace {

using ::testing::Contains;
using ::testing::Not;

// ROB-26  After an abrupt end under load the backend starts on its data and serves.
//
// The kill follows the first requests of several senders and strikes among the others.
TEST(Rob26, ItStartsAgainAfterAnAbruptEndUnderLoad) {
  constexpr int sends = 40;
  const auto server = Process::under_test();
  auto backend = Backend::under_test();
  Bystanders bystanders{backend};
  auto alice = backend.user("alice").device();
  auto bob = backend.user("bob").device();
  auto chat = conversation_of({alice, bob});
  std::latch under_way{8};
  const auto load = [&](const Device& from, const Device& to) {
    for (int i = 0; i < sends; ++i) {
      from.send(chat, {{to, random_bytes(4096)}});
      if (i < 4) under_way.count_down();
    }
  };

  at_once({[&] { load(alice, bob); }, [&] { load(bob, alice); },
           [&] {
             under_way.wait();
             server.kill();
           }});

  ASSERT_TRUE(server.started());
  EXPECT_TRUE(bystanders.go_on());
}

/// The id of the prekey that a claim was answered with.
int prekey_in(const Reply& claim, const Device& of) {
  const auto& user = of.user().id();
  const auto& claimed = claim.json.value("qualified_user_client_prekeys", Json::object());
  const Json::json_pointer path{"/" + user.domain + "/" + user.id + "/" + of.id() + "/id"};
  return claimed.contains(path) ? claimed[path].get<int>() : -1;
}

// ROB-27  An account, a client and prekeys survive an abrupt end, and a prekey that was claimed before
//         is not handed out again.
TEST(Rob27, AccountsClientsAndPrekeysSurvive) {
  const auto server = Process::under_test();
  auto backend = Backend::under_test();
  auto alice = backend.user("alice").device();
  auto bob = backend.user("bob").device({.label = "bob's own", .prekeys = 3});
  const auto client = bob.get("/clients/" + bob.id());

  const auto first = prekey_in(alice.claim_prekeys({bob}), bob);
  server.kill();
  server.start();
  std::vector<int> later;
  for (int i = 0; i < 3; ++i) later.push_back(prekey_in(alice.claim_prekeys({bob}), bob));

  EXPECT_THAT(backend.anonymous().post(
                  "/login", {{"email", bob.user().email()}, {"password", bob.user().password()}}),
              HasStatus(200));
  EXPECT_EQ(bob.get("/clients/" + bob.id()).json.value("label", ""), "bob's own");
  EXPECT_EQ(bob.get("/clients/" + bob.id()).json.value("time", ""), client.json.value("time", "-"));
  EXPECT_THAT(later, Not(Contains(first)));
  EXPECT_EQ(std::set<int>(later.begin(), later.end()).size(), 3u);
  EXPECT_THAT(later, Contains(65'535));
}

// ROB-27  So do connections, conversations, their members, and push tokens.
TEST(Rob27, ConversationsAndPushTokensSurvive) {
  const auto server = Process::under_test();
  auto backend = Backend::under_test();
  auto alice = backend.user("alice").device();
  auto bob = backend.user("bob").device();
  auto chris = backend.user("chris").device();
  auto chat = conversation_of({alice, bob});
  connect(alice, chris);
  const auto& [id, domain] = bob.user().id();
  const std::vector<std::string> paths = {"/connections/" + domain + "/" + id, chat.path(),
                                          "/push/tokens"};
  const auto read_all = [&] {
    std::vector<Json> all;
    for (const auto& path : paths) all.push_back(alice.get(path).json);
    return all;
  };

  EXPECT_THAT(add_members(alice, chat, {chris}), HasStatus(200));
  EXPECT_THAT(alice.register_push_token({"token-" + random_hex(16)}), HasStatus(201));
  const auto before = read_all();
  server.kill();
  server.start();

  EXPECT_EQ(read_all(), before);
  EXPECT_EQ(before[1]["members"]["others"].size(), 2u);
  EXPECT_EQ(before[2]["tokens"].size(), 1u);
  EXPECT_THAT(alice.send(chat, {{bob, "hello"}, {chris, "hello"}}), Acknowledged());
}

// ROB-29  What an operator asks of a serving backend, if it is offered, is answered 200.
TEST(Rob29, AnOperatorsQuestionsAreAnswered) {
  const auto anybody = Backend::under_test().anonymous();

  for (const auto* path : {"/i/status", "/i/ready", "/i/metrics"}) {
    const auto reply = anybody.get(path);
    EXPECT_THAT(reply, HasStatus(::testing::AnyOf(200, 404))) << path;
    if (reply.status == 404) note_reading(std::string{path} + " is not offered");
  }
}

}  // namespace
}  // namespace twostep::conformance

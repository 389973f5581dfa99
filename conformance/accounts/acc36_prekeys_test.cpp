#include <algorithm>
#include <set>

#include "conformance/accounts/client.hpp"
#include "conformance/support/at_once.hpp"
#include "conformance/support/backend.hpp"
#include "conformance/support/match.hpp"

namespace twostep::conformance {
namespace {

using ::testing::Contains;
using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::UnorderedElementsAre;

const std::string client_that_nobody_has = "badc0ffee0ddf00d";

// ACC-36  A claim gets, for each client asked for, a prekey as it was uploaded; for one that does not
//         exist `null`.
TEST(Acc36, AClaimGetsAPrekeyOfEachClient) {
  auto backend = Backend::under_test();
  auto alice = backend.user("alice");
  auto bob = backend.user("bob");
  const auto of_alice = client_with_keys(alice, 2);
  const auto first = client_with_keys(bob, 2);
  const auto second = client_with_keys(bob, 2);
  const Address made_up{bob.id(), client_that_nobody_has};

  const auto reply = claim(alice, {of_alice.address, first.address, second.address, made_up});

  EXPECT_THAT(reply, HasStatus(200));
  for (const auto& client : {of_alice, first, second}) {
    EXPECT_THAT(client.prekeys, Contains(claimed_for(reply, client.address)));
  }
  const auto& [user, domain] = bob.id();
  const auto of_bob = part(reply.json, "/qualified_user_client_prekeys/" + domain + "/" + user);
  ASSERT_TRUE(of_bob.contains(client_that_nobody_has)) << of_bob;
  EXPECT_TRUE(of_bob[client_that_nobody_has].is_null()) << of_bob;
}

// ACC-37  Each prekey but the last-resort one is handed out once: to claims one after the other, …
TEST(Acc37, APrekeyIsHandedOutOnce) {
  auto backend = Backend::under_test();
  auto alice = backend.user("alice");
  const auto client = client_with_keys(alice, 3);

  std::vector<Json> claimed;
  for (int i = 0; i < 3; ++i) claimed.push_back(must_claim(alice, client.address));

  EXPECT_THAT(claimed, ::testing::UnorderedElementsAreArray(client.prekeys));
}

// ACC-37  … and to claims at the same time. There are a few more than there are keys, so that the
//         last ones are wanted by several.
TEST(Acc37, ConcurrentClaimsGetDifferentPrekeys) {
  constexpr int keys = 20;
  constexpr int callers = 4;
  constexpr int claims_each = 6;
  auto backend = Backend::under_test();
  auto alice = backend.user("alice");
  const auto client = client_with_keys(alice, keys);
  std::vector<std::vector<Json>> claimed(callers);
  std::vector<std::function<void()>> actions;
  for (auto& own : claimed) {
    actions.push_back([&own, &client, caller = Caller{"alice", alice.token()}] {
      for (int i = 0; i < claims_each; ++i) own.push_back(must_claim(caller, client.address));
    });
  }

  at_once(actions);

  std::vector<Json> regular;
  for (const auto& own : claimed) {
    std::ranges::copy_if(own, std::back_inserter(regular),
                         [&](const Json& key) { return key != client.last_key; });
  }
  const std::set<Json> different{regular.begin(), regular.end()};
  EXPECT_EQ(different.size(), regular.size()) << "a prekey was handed out twice";
  for (const auto& key : regular) EXPECT_THAT(client.prekeys, Contains(key));
}

// ACC-38  When no other is left every claim gets the last-resort key.
TEST(Acc38, TheLastResortKeyIsAlwaysThere) {
  auto backend = Backend::under_test();
  auto alice = backend.user("alice");
  const auto client = client_with_keys(alice, 1);

  const auto first = must_claim(alice, client.address);
  std::vector<Json> further;
  for (int i = 0; i < 3; ++i) further.push_back(must_claim(alice, client.address));

  EXPECT_EQ(first, client.prekeys[0]);
  EXPECT_THAT(further, Each(client.last_key));
}

// ACC-39  The ids of the prekeys that are left are listed, that of the last-resort key included.
TEST(Acc39, TheIdsLeftAreListed) {
  auto backend = Backend::under_test();
  auto alice = backend.user("alice");
  const auto client = client_with_keys(alice, 2);
  const auto& id = client.address.client;

  EXPECT_THAT(prekeys_left(alice, id), ElementsAre(1, 2, 65'535));

  const auto claimed = part(must_claim(alice, client.address), "/id");
  const int other = claimed == 1 ? 2 : 1;
  EXPECT_THAT(prekeys_left(alice, id), ElementsAre(other, 65'535));

  require_setup(alice.put("/clients/" + id, {{"prekeys", prekeys(7, 1)}}), {200}, "adding a key");
  EXPECT_THAT(prekeys_left(alice, id), ElementsAre(other, 7, 65'535));
}

// ACC-40  All clients of one user can be asked for at once, and the keys handed out are gone.
TEST(Acc40, APrekeyOfEachClientOfAUser) {
  auto backend = Backend::under_test();
  auto alice = backend.user("alice");
  auto bob = backend.user("bob");
  const auto first = client_with_keys(bob, 1);
  const auto second = client_with_keys(bob, 1);

  const auto reply = alice.get(path_of(bob.id()) + "/prekeys");

  EXPECT_THAT(reply, HasStatus(200));
  EXPECT_EQ(part(reply.json, "/user"), bob.id().id);
  const auto of = [](const KeyedClient& client) {
    return Json{{"client", client.address.client}, {"prekey", client.prekeys[0]}};
  };
  EXPECT_THAT(part(reply.json, "/clients"), UnorderedElementsAre(of(first), of(second)));
  EXPECT_THAT(prekeys_left(bob, first.address.client), ElementsAre(65'535));
  EXPECT_THAT(prekeys_left(bob, second.address.client), ElementsAre(65'535));
}

// ACC-40  So can one client; one that does not exist is not found.
TEST(Acc40, APrekeyOfOneClient) {
  auto backend = Backend::under_test();
  auto alice = backend.user("alice");
  auto bob = backend.user("bob");
  const auto client = client_with_keys(bob, 1);
  const auto path = path_of(bob.id()) + "/prekeys/";

  const auto reply = alice.get(path + client.address.client);
  const auto of_nobody = alice.get(path + client_that_nobody_has);

  EXPECT_THAT(reply, HasStatus(200));
  EXPECT_EQ(part(reply.json, "/client"), client.address.client);
  EXPECT_EQ(part(reply.json, "/prekey"), client.prekeys[0]);
  EXPECT_THAT(prekeys_left(bob, client.address.client), ElementsAre(65'535));
  EXPECT_THAT(of_nobody, HasStatus(404));
}

}  // namespace
}  // namespace twostep::conformance

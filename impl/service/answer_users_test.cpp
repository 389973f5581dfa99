#include "impl/service/accounts.hpp"
#include "impl/service/clients.hpp"
#include "impl/service/prekeys.hpp"
#include "impl/service/three_backends.hpp"
#include "impl/store/prekeys.hpp"

namespace twostep::service {
namespace {

using namespace federation;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

const UserId unknown_id = *UserId::parse("57000000-0000-4000-8000-000000000009");
const QualifiedUser nobody{b, unknown_id};

void upload(FakeWorld& world, const QualifiedUser& user, ClientId client) {
  ThreeBackends::write(world, [&](store::Transaction& rows) {
    store::put_prekey(rows, user.id, client, {1, "first"});
    store::put_prekey(rows, user.id, client, {65535, "last"});
  });
}

std::vector<ClientId> ids_of(const std::vector<PublicClient>& clients) {
  std::vector<ClientId> ids;
  for (const auto& client : clients) ids.push_back(client.id);
  return ids;
}

TEST(Fed11, TheVersionsOfTheseCallsAreTold) {
  ThreeBackends world;
  for (const auto* body : {"[]", "{}", ""}) {
    const auto answer = world.call(world.at_a, b, "brig", "api-version", body);
    EXPECT_EQ(answer.status, 200);
    EXPECT_EQ(answer.body, R"({"supported":[1],"supported_versions":[1]})");
  }
}

TEST(Fed44, UsersHaveTheirClientsAndUnknownOnesAreLeftOut) {
  ThreeBackends world;
  const auto answer =
      world.call(world.at_b, a, "brig", "get-user-clients",
                 R"({"users":[")" + bob.id.text() + R"(",")" + unknown_id.text() + R"("]})");
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.body, R"({")" + bob.id.text() + R"(":[{"id":"b1"},{"id":"b2"}]})");
}

TEST(Fed45, EachBackendIsAskedOnceAndOneThatFailsIsLeftOut) {
  ThreeBackends world;
  world.at_a.peers.backends.erase(c);
  std::vector<QualifiedUser> users{alice, bob, nobody, charlie, chris};
  const auto seen = run(clients_of(world.at_a.backend, users)).value();
  EXPECT_EQ(seen.size(), 2u);
  EXPECT_THAT(ids_of(seen.at(alice)), ElementsAre(alices));
  EXPECT_THAT(ids_of(seen.at(bob)), ElementsAre(bobs, bobs_tablet));
  EXPECT_THAT(world.asked_by_a(),
              ElementsAre("b.example get-user-clients", "c.example get-user-clients"));
}

TEST(Fed45, SoIsOneUserWhereverItIs) {
  ThreeBackends world;
  EXPECT_THAT(ids_of(*run(clients_of_one(world.at_a.backend, alice))), ElementsAre(alices));
  EXPECT_THAT(ids_of(*run(clients_of_one(world.at_a.backend, bob))),
              ElementsAre(bobs, bobs_tablet));
  world.at_a.peers.backends.erase(b);
  EXPECT_FALSE(run(clients_of_one(world.at_a.backend, bob)));
}

TEST(Fed46, PrekeysComeFromEveryBackendThatAnswers) {
  ThreeBackends world;
  upload(world.at_a, ann, anns);
  upload(world.at_b, bob, bobs);
  world.at_a.peers.backends.erase(c);
  PrekeyRequest wanted{{ann, {anns}}, {bob, {bobs, ClientId{0xff}}}, {charlie, {charlies}}};
  const auto claimed = run(claim_prekeys(world.at_a.backend, wanted)).value();
  EXPECT_EQ(claimed.prekeys.at(ann).at(anns), (Prekey{1, "first"}));
  EXPECT_EQ(claimed.prekeys.at(bob).at(bobs), (Prekey{1, "first"}));
  EXPECT_EQ(claimed.prekeys.at(bob).at(ClientId{0xff}), std::nullopt);
  EXPECT_THAT(claimed.failed_to_list, ElementsAre(charlie));
  EXPECT_THAT(world.asked_by_a(), ElementsAre("b.example claim-multi-prekey-bundle",
                                              "c.example claim-multi-prekey-bundle"));
}

TEST(Fed47, APrekeyIsHandedOutOnceToWhomever) {
  ThreeBackends world;
  upload(world.at_b, bob, bobs);
  EXPECT_EQ(*run(claim_prekey_of(world.at_a.backend, bob, bobs)), (Prekey{1, "first"}));
  EXPECT_EQ(*run(claim_prekey_of(world.at_b.backend, bob, bobs)), (Prekey{65535, "last"}));
  EXPECT_EQ(run(claim_prekeys_of(world.at_c.backend, bob))->at(bobs), (Prekey{65535, "last"}));
  EXPECT_EQ(run(claim_prekey_of(world.at_a.backend, bob, ClientId{0xff})).error().reason,
            Reason::not_found);
}

TEST(Fed71, OnePrekeyOrOneOfEachClientIsHandedOut) {
  ThreeBackends world;
  upload(world.at_b, bob, bobs);
  upload(world.at_b, bob, bobs_tablet);
  const auto ask = [&](const char* rpc, const std::string& body) {
    const auto answer = world.call(world.at_b, a, "brig", rpc, body);
    return answer.status == 200 ? answer.body : std::to_string(answer.status);
  };
  const auto name = '"' + bob.id.text() + '"';
  EXPECT_EQ(ask("claim-prekey", "[" + name + R"(,"b1"])"), R"({"id":1,"key":"first"})");
  EXPECT_EQ(ask("claim-prekey", "[" + name + R"(,"ff"])"), "null");
  EXPECT_EQ(ask("claim-prekey-bundle", name),
            R"({"clients":[{"client":"b1","prekey":{"id":65535,"key":"last"}},)"
            R"({"client":"b2","prekey":{"id":1,"key":"first"}}],"user":)" +
                name + "}");
  EXPECT_EQ(ask("claim-prekey-bundle", '"' + unknown_id.text() + '"'),
            R"({"clients":[],"user":")" + unknown_id.text() + R"("})");
  for (const std::string body : {"[]", "7", "{}", R"(["b1","b1"])"}) {
    EXPECT_EQ(ask("claim-prekey", body), "400") << body;
    EXPECT_EQ(ask("claim-prekey-bundle", body), "400") << body;
  }
}

TEST(Fed48, ProfilesComeFromEveryBackend) {
  ThreeBackends world;
  world.at_a.peers.backends.erase(c);
  const QualifiedUser nobody_here{a, unknown_id};
  std::vector<QualifiedUser> users{alice, nobody_here, bob, nobody, chris};
  const auto found = run(find_users(world.at_a.backend, users)).value();
  ASSERT_EQ(found.found.size(), 2u);
  EXPECT_EQ(found.found.at(1).user, bob);
  EXPECT_EQ(found.found.at(1).name, "somebody");
  EXPECT_THAT(found.not_found, ElementsAre(nobody_here, nobody));
  EXPECT_THAT(found.failed, ElementsAre(chris));
  EXPECT_EQ(run(find_user(world.at_a.backend, bob))->user, bob);
  EXPECT_EQ(run(find_user(world.at_a.backend, nobody)).error().reason, Reason::not_found);
}

// B answers with somebody of C.
TEST(Fed48, ABackendSpeaksForItsOwnUsersAlone) {
  ThreeBackends world;
  world.at_a.peers.answers.insert_or_assign(
      "b.example get-users-by-ids",
      PeerReply{200, R"([{"qualified_id":{"id":")" + bob.id.text() +
                         R"(","domain":"c.example"},"name":"Bob"}])"});
  std::vector<QualifiedUser> users{bob};
  EXPECT_THAT(run(find_users(world.at_a.backend, users))->failed, ElementsAre(bob));
}

}  // namespace
}  // namespace twostep::service

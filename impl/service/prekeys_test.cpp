#include "impl/service/prekeys.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>
#include <string>
#include <thread>
#include <vector>

#include "impl/core/limits.hpp"
#include "impl/service/fakes.hpp"
#include "impl/store/memory.hpp"
#include "impl/store/prekeys.hpp"
#include "impl/store/testing.hpp"

namespace twostep::service {
namespace {

using ::testing::ElementsAre;

constexpr ClientId phone{0xf};
constexpr ClientId laptop{0xe};

class PrekeysTest : public ::testing::Test {
 protected:
  /// Gives a client the prekeys 0, 1, … and a last-resort one.
  void upload(const QualifiedUser& user, ClientId client, std::uint16_t count) {
    ASSERT_TRUE(store::testing::write(store, [&](store::Transaction& rows) {
      for (std::uint16_t id = 0; id < count; ++id)
        store::put_prekey(rows, user.id, client, {id, "key " + std::to_string(id)});
      store::put_prekey(rows, user.id, client, {limits::last_resort_prekey_id, "last"});
    }));
  }

  Result<Prekey> claim() { return run(claim_prekey_of(world.backend, alice, phone)); }

  store::MemoryStore store;
  FakeWorld world{store};
  QualifiedUser alice{world.backend.domain, *UserId::parse("a11ce000-0000-4000-8000-000000000001")};
};

using Acc36 = PrekeysTest;
using Acc37 = PrekeysTest;
using Acc38 = PrekeysTest;
using Acc39 = PrekeysTest;
using Acc40 = PrekeysTest;

TEST_F(Acc36, ClientsAreAnsweredOneByOne) {
  upload(alice, phone, 1);
  const QualifiedUser remote{*Domain::parse("b.example"), alice.id};

  const auto claimed =
      run(claim_prekeys(world.backend, {{alice, {phone, phone, ClientId{1}}}, {remote, {phone}}}));

  ASSERT_TRUE(claimed);
  const auto& keys = claimed->prekeys.at(alice);
  EXPECT_EQ(keys.at(phone), (Prekey{0, "key 0"}));
  EXPECT_EQ(keys.at(ClientId{1}), std::nullopt);
  EXPECT_THAT(claimed->failed_to_list, ElementsAre(remote));
}

TEST_F(Acc36, NotMoreUsersThanAConversationHas) {
  PrekeyRequest request;
  const auto add_user = [&] {
    request[{world.backend.domain, UserId{world.entropy.uuid()}}] = {phone};
  };
  for (std::size_t i = 0; i < limits::names_per_request_max; ++i) add_user();
  EXPECT_TRUE(run(claim_prekeys(world.backend, request)));
  add_user();
  EXPECT_EQ(run(claim_prekeys(world.backend, request)).error().reason, Reason::too_many_clients);
}

// Four threads claim more often than there are keys. Each claim gets a key, and no key but the
// last-resort one goes to two of them.
TEST_F(Acc37, NoKeyIsHandedOutTwice) {
  constexpr std::uint16_t uploaded = 200;
  constexpr int claims_each = 60;
  upload(alice, phone, uploaded);

  std::vector<std::vector<std::uint16_t>> claimed(4);
  std::vector<std::thread> threads;
  for (auto& mine : claimed) {
    threads.emplace_back([&] {
      for (int i = 0; i < claims_each; ++i) mine.push_back(claim()->id);
    });
  }
  for (auto& thread : threads) thread.join();

  std::multiset<std::uint16_t> all;
  for (const auto& mine : claimed) all.insert(mine.begin(), mine.end());
  for (std::uint16_t id = 0; id < uploaded; ++id) EXPECT_EQ(all.count(id), 1u) << id;
  EXPECT_EQ(all.count(limits::last_resort_prekey_id), 4u * claims_each - uploaded);
}

TEST_F(Acc38, TheLastResortIsNeverUsedUp) {
  upload(alice, phone, 1);
  EXPECT_EQ(claim()->id, 0);
  for (int i = 0; i < 3; ++i) EXPECT_EQ(*claim(), (Prekey{65535, "last"}));
}

TEST_F(Acc39, ClaimedIdsAreGone) {
  upload(alice, phone, 2);
  claim();
  EXPECT_THAT(*run(prekey_ids_left(world.backend, alice.id, phone)), ElementsAre(1, 65535));
}

TEST_F(Acc40, AnUnknownClientIsNotFound) {
  EXPECT_EQ(claim().error().reason, Reason::not_found);
  const QualifiedUser remote{*Domain::parse("b.example"), alice.id};
  EXPECT_EQ(run(claim_prekey_of(world.backend, remote, phone)).error().reason,
            Reason::invalid_domain);
}

}  // namespace
}  // namespace twostep::service

#include "impl/service/clients.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "impl/core/limits.hpp"
#include "impl/service/fakes.hpp"
#include "impl/service/prekeys.hpp"
#include "impl/service/push_tokens.hpp"
#include "impl/store/accounts.hpp"
#include "impl/store/clients.hpp"
#include "impl/store/cookies.hpp"
#include "impl/store/memory.hpp"
#include "impl/store/testing.hpp"
#include "impl/wire/clients.hpp"

namespace twostep::service {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

const UserId alice = *UserId::parse("a11ce000-0000-4000-8000-000000000001");
const Caller on_laptop{alice, ConnectionId{7}, {}};

class ClientsTest : public ::testing::Test {
 protected:
  ClientsTest() { has_account("hashed:correct horse"); }

  void has_account(std::string password_hash) {
    const Account account{.id = alice,
                          .name = "Alice",
                          .email = EmailAddress::parse("alice@example.org"),
                          .handle = {},
                          .accent_id = 0,
                          .locale = "en",
                          .password_hash = std::move(password_hash)};
    ASSERT_TRUE(store::testing::write(
        store, [&](store::Transaction& rows) { store::put_account(rows, account); }));
  }

  Result<Client> add(std::string last_resort_key, std::optional<std::string> password = {},
                     ClientType type = ClientType::permanent) {
    NewClient request;
    request.type = type;
    request.prekeys = {{1, "one"}};
    request.cookie = "cookie of " + last_resort_key;
    request.last_resort_key = std::move(last_resort_key);
    request.password = std::move(password);
    return run(add_client(world.backend, on_laptop, request));
  }

  Result<Client> add_temporary(std::string last_resort_key) {
    return add(std::move(last_resort_key), "correct horse", ClientType::temporary);
  }

  Result<void> remove(ClientId id, std::optional<std::string> password = {}) {
    return run(remove_client(world.backend, on_laptop, id, std::move(password)));
  }

  std::vector<ClientId> ids() {
    std::vector<ClientId> ids;
    for (const auto& client : *run(list_clients(world.backend, alice))) ids.push_back(client.id);
    return ids;
  }

  /// The events told of so far, oldest first, and none of them again.
  std::vector<std::string> told() {
    std::vector<std::string> events;
    for (const auto& doorbell : world.sockets.doorbells) {
      EXPECT_EQ(doorbell.user, alice);
      EXPECT_EQ(doorbell.origin, on_laptop.connection);
      EXPECT_THAT(doorbell.targets, IsEmpty());
      events.push_back(doorbell.event);
    }
    world.sockets.doorbells.clear();
    return events;
  }

  store::MemoryStore store;
  FakeWorld world{store};
};

using Acc20 = ClientsTest;
using Acc22 = ClientsTest;
using Acc23 = ClientsTest;
using Acc24 = ClientsTest;
using Acc25 = ClientsTest;
using Acc28 = ClientsTest;
using Acc30 = ClientsTest;
using Acc31 = ClientsTest;
using Acc32 = ClientsTest;
using Acc33 = ClientsTest;
using Acc34 = ClientsTest;
using Acc35 = ClientsTest;

Reason refused(const auto& result) { return result.error().reason; }

// SHA-256 of "abc" is a published test vector: ba7816bf 8f01cfea …
TEST_F(Acc20, AnIdIsTheBeginningOfTheKeysHash) {
  EXPECT_EQ(client_id_of("abc").text(), "ba7816bf8f01cfea");
}

TEST_F(Acc22, TheSameLastResortKeyIsTheSameClient) {
  const auto first = add("phone");
  const auto again = add("phone");
  ASSERT_TRUE(again);
  EXPECT_EQ(again->id, first->id);
  EXPECT_THAT(ids(), ElementsAre(first->id));
}

TEST_F(Acc23, EachButTheFirstNeedsThePassword) {
  ASSERT_TRUE(add("phone"));
  EXPECT_EQ(refused(add("laptop")), Reason::missing_auth);
  EXPECT_EQ(refused(add("laptop", "wrong password")), Reason::invalid_credentials);
  EXPECT_EQ(ids().size(), 1u);
  EXPECT_TRUE(add("laptop", "correct horse"));
  EXPECT_EQ(ids().size(), 2u);
}

TEST_F(Acc23, WhoHasNoPasswordNeedsNone) {
  has_account("");
  ASSERT_TRUE(add("phone"));
  EXPECT_TRUE(add("laptop"));
}

// The first of a type is registered without looking at the password: nothing is guessed that way.
TEST_F(Acc23, TheFirstOfEachTypeNeedsNone) {
  ASSERT_TRUE(add("phone"));
  EXPECT_TRUE(add("browser", {}, ClientType::temporary));
  EXPECT_EQ(world.passwords.comparisons, 0);
}

TEST_F(Acc24, OneTooManyIsRefused) {
  for (std::size_t i = 0; i < limits::permanent_clients_max; ++i)
    ASSERT_TRUE(add("client " + std::to_string(i), "correct horse"));
  EXPECT_EQ(refused(add("one more", "correct horse")), Reason::too_many_clients);
  EXPECT_TRUE(add("client 0"));
  EXPECT_TRUE(add_temporary("browser"));
  EXPECT_EQ(ids().size(), limits::clients_per_user_max);
}

TEST_F(Acc25, ATemporaryClientReplacesTheFormer) {
  const auto former = add_temporary("browser");
  told();

  const auto newer = add_temporary("other browser");

  EXPECT_THAT(ids(), ElementsAre(newer->id));
  EXPECT_THAT(told(), ElementsAre(wire::client_removed_event(former->id),
                                  wire::client_added_event(*newer)));
  EXPECT_THAT(world.sockets.closed, ElementsAre(std::pair{alice, former->id}));
}

TEST_F(Acc28, EveryClientIsToldOfANewOne) {
  const auto phone = add("phone");
  EXPECT_THAT(told(), ElementsAre(wire::client_added_event(*phone)));
}

TEST_F(Acc28, ARefusedRegistrationTellsNobody) {
  add("phone");
  told();
  add("laptop", "wrong password");
  EXPECT_THAT(told(), IsEmpty());
}

TEST_F(Acc30, AnUpdateChangesWhatItNames) {
  const auto phone = add("phone")->id;
  ASSERT_TRUE(run(update_client(
      world.backend, on_laptop, phone,
      {.prekeys = {{2, "two"}}, .last_resort_key = {}, .label = "my phone", .capabilities = {}})));
  const auto updated = run(find_client(world.backend, alice, phone));
  EXPECT_EQ(updated->label, "my phone");
  EXPECT_EQ(updated->cookie, "cookie of phone");
  EXPECT_THAT(*run(prekey_ids_left(world.backend, alice, phone)), ElementsAre(1, 2, 65535));
  EXPECT_EQ(refused(run(update_client(world.backend, on_laptop, ClientId{1}, {}))),
            Reason::client_not_found);
}

TEST_F(Acc31, CapabilitiesOnlyGrow) {
  const auto phone = add("phone")->id;
  const auto set = [&](std::vector<std::string> capabilities) {
    ClientUpdate update{.prekeys = {{9, "nine"}},
                        .last_resort_key = {},
                        .label = {},
                        .capabilities = std::move(capabilities)};
    return run(update_client(world.backend, on_laptop, phone, update));
  };
  ASSERT_TRUE(set({"legalhold-implicit-consent"}));
  ASSERT_TRUE(set({"consumable-notifications", "legalhold-implicit-consent"}));
  EXPECT_EQ(refused(set({"legalhold-implicit-consent"})), Reason::capabilities_cannot_be_removed);
  EXPECT_EQ(run(find_client(world.backend, alice, phone))->capabilities.size(), 2u);
}

TEST_F(Acc32, RemovingAPermanentClientNeedsThePassword) {
  const auto phone = add("phone")->id;
  EXPECT_EQ(refused(remove(phone)), Reason::missing_auth);
  EXPECT_EQ(refused(remove(phone, "wrong password")), Reason::invalid_credentials);
  EXPECT_THAT(ids(), ElementsAre(phone));
  EXPECT_TRUE(remove(phone, "correct horse"));
  EXPECT_EQ(refused(remove(phone, "correct horse")), Reason::client_not_found);
}

TEST_F(Acc32, RemovingATemporaryClientNeedsNone) {
  EXPECT_TRUE(remove(add_temporary("browser")->id));
}

TEST_F(Acc33, ARemovedClientLeavesNothing) {
  const auto phone = add("phone")->id;
  ASSERT_TRUE(run(add_push_token(world.backend, on_laptop, {"GCM", "app", "token", phone, {}})));
  told();

  ASSERT_TRUE(remove(phone, "correct horse"));

  EXPECT_THAT(ids(), IsEmpty());
  EXPECT_THAT(*run(prekey_ids_left(world.backend, alice, phone)), IsEmpty());
  EXPECT_THAT(*run(list_push_tokens(world.backend, alice)), IsEmpty());
  EXPECT_THAT(told(), ElementsAre(wire::client_removed_event(phone)));
  EXPECT_THAT(world.sockets.closed, ElementsAre(std::pair{alice, phone}));
}

TEST_F(Acc34, CookiesOfTheClientsLabelGoWithIt) {
  const auto phone = add("phone")->id;
  ASSERT_TRUE(store::testing::write(store, [&](store::Transaction& rows) {
    store::put_cookie(rows, alice, {.number = 1, .label = "cookie of phone"});
    store::put_cookie(rows, alice, {.number = 2, .label = "another"});
    store::put_cookie(rows, alice, {.number = 3, .label = {}});
  }));

  ASSERT_TRUE(remove(phone, "correct horse"));

  std::vector<std::uint64_t> left;
  ASSERT_TRUE(store::testing::read(store, [&](const store::Reader& rows) {
    for (const auto& cookie : store::cookies(rows, alice)) left.push_back(cookie.number);
  }));
  EXPECT_THAT(left, ElementsAre(2, 3));
}

TEST_F(Acc35, OthersSeeIdsAndClasses) {
  const auto phone = add("phone")->id;
  const auto nobody = *UserId::parse("00000000-0000-4000-8000-00000000000b");
  const QualifiedUser local{world.backend.domain, alice};
  const QualifiedUser unknown{world.backend.domain, nobody};
  const QualifiedUser remote{*Domain::parse("b.example"), alice};

  const auto seen = run(clients_of(world.backend, {local, unknown, remote, local}));

  ASSERT_EQ(seen->size(), 1u);
  ASSERT_EQ(seen->at(local).size(), 1u);
  EXPECT_EQ(seen->at(local).front().id, phone);
}

TEST_F(Acc20, AClientInUseIsNotedOncePerDay) {
  const auto phone = add("phone")->id;
  ASSERT_TRUE(store::testing::write(store, [&](store::Transaction& rows) {
    const Instant morning = world.clock.now() + std::chrono::hours{8};
    EXPECT_TRUE(store::client_needs_touch(rows, alice, phone, morning));
    store::touch_client(rows, alice, phone, morning);
    EXPECT_FALSE(store::client_needs_touch(rows, alice, phone, morning + std::chrono::hours{15}));
    EXPECT_TRUE(store::client_needs_touch(rows, alice, phone, morning + std::chrono::hours{16}));
    EXPECT_FALSE(store::client_needs_touch(rows, alice, ClientId{1}, morning));
  }));
  EXPECT_EQ(run(find_client(world.backend, alice, phone))->last_active, world.clock.now());
}

}  // namespace
}  // namespace twostep::service

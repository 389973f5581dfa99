#include "impl/store/conversations.hpp"

#include <gmock/gmock.h>

#include <vector>

#include "impl/store/accounts.hpp"
#include "impl/store/connections.hpp"
#include "impl/store/memory.hpp"
#include "impl/store/testing.hpp"

namespace twostep::store {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

const Domain a = *Domain::parse("a.example");
const Domain b = *Domain::parse("b.example");
const Domain bb = *Domain::parse("bb.example");

// Octets of 0xff and of zero are those that a careless bound of a scan would trip over.
Uuid uuid(std::uint8_t first, std::uint8_t last) {
  Uuid::Octets octets{};
  octets.front() = first;
  octets.back() = last;
  return Uuid{octets};
}
const UserId alice{uuid(1, 0)};
const UserId bob{uuid(0xff, 0xff)};
const QualifiedConversation tea{a, ConversationId{uuid(0, 0xff)}};
const QualifiedConversation next_to_tea{a, ConversationId{uuid(1, 0)}};

struct ConversationTables : ::testing::Test {
  template <class Act>
  void write(Act act) {
    testing::write(store, [&](Transaction& transaction) { act(transaction); }).value();
  }
  template <class Look>
  auto read(Look look) {
    std::optional<decltype(look(std::declval<const Reader&>()))> seen;
    testing::read(store, [&](const Reader& reader) { seen.emplace(look(reader)); }).value();
    return *seen;
  }

  MemoryStore store;
};

TEST_F(ConversationTables, AConversationComesBackAsItWasPut) {
  const Conversation full{.id = tea,
                          .type = ConversationType::one_to_one,
                          .creator = alice,
                          .name = "tea",
                          .access = {"invite", "code"},
                          .access_role = {"guest"},
                          .message_timer_ms = 1000,
                          .receipt_mode = -1};
  const Conversation bare{.id = next_to_tea, .creator = bob};
  write([&](Transaction& transaction) {
    put_conversation(transaction, full);
    put_conversation(transaction, bare);
  });

  EXPECT_EQ(read([](const Reader& reader) { return find_conversation(reader, tea); }), full);
  EXPECT_EQ(read([](const Reader& reader) { return find_conversation(reader, next_to_tea); }),
            bare);
  EXPECT_EQ(read([](const Reader& reader) {
              return find_conversation(reader, {b, tea.id});
            }),
            std::nullopt);
}

TEST_F(ConversationTables, MembersAreOfOneConversationAndInOrder) {
  write([&](Transaction& transaction) {
    for (const auto& domain : {bb, b, a}) {
      for (const auto& user : {bob, alice})
        put_member(transaction, a, tea, {.user = {domain, user}, .role = Role::member});
    }
    put_member(transaction, a, next_to_tea, {.user = {a, alice}});
  });

  EXPECT_THAT(read([](const Reader& reader) { return member_ids(reader, tea); }),
              ElementsAre(QualifiedUser{a, alice}, QualifiedUser{a, bob}, QualifiedUser{b, alice},
                          QualifiedUser{b, bob}, QualifiedUser{bb, alice}, QualifiedUser{bb, bob}));
  EXPECT_THAT(read([](const Reader& reader) { return members(reader, next_to_tea); }),
              ElementsAre(Member{.user = {a, alice}, .role = Role::admin}));
}

TEST_F(ConversationTables, AMembershipIsSeenFromBothSides) {
  write([&](Transaction& transaction) {
    put_member(transaction, a, tea, {.user = {a, bob}});
    put_member(transaction, a, {b, tea.id}, {.user = {a, bob}});
  });
  const QualifiedUser me{a, bob};
  const auto mine = [&] {
    return read([&](const Reader& reader) { return conversations_of(reader, me, {}, 9); });
  };
  EXPECT_THAT(mine(), ElementsAre(tea, self_conversation_of(me), QualifiedConversation{b, tea.id}));

  write([&](Transaction& transaction) { erase_member(transaction, a, tea, me); });

  EXPECT_THAT(mine(), ElementsAre(self_conversation_of(me), QualifiedConversation{b, tea.id}));
  EXPECT_FALSE(read([&](const Reader& reader) { return is_member(reader, tea, me); }));
}

TEST_F(ConversationTables, ARoleChangesAndTheOwnStateStays) {
  const OwnState state{.muted_status = 1, .hidden = true};
  write([&](Transaction& transaction) {
    put_member(transaction, a, tea, {.user = {a, bob}});
    put_own_state(transaction, bob, tea, state);
    put_member(transaction, a, tea, {.user = {a, bob}, .role = Role::member});
  });

  EXPECT_EQ(read([](const Reader& reader) { return own_state(reader, bob, tea); }), state);
  EXPECT_EQ(read([](const Reader& reader) {
              return find_member(reader, tea, {a, bob})->role;
            }),
            Role::member);
}

TEST_F(ConversationTables, TheSelfConversationIsThereBecauseTheAccountIs) {
  const QualifiedUser me{a, alice};
  const auto id = self_conversation_of(me);
  EXPECT_FALSE(read([&](const Reader& reader) { return conversation_exists(reader, id); }));
  EXPECT_THAT(read([&](const Reader& reader) { return member_ids(reader, id); }), IsEmpty());

  write([&](Transaction& transaction) {
    Account account;
    account.id = alice;
    put_account(transaction, account);
  });

  EXPECT_TRUE(read([&](const Reader& reader) { return conversation_exists(reader, id); }));
  EXPECT_TRUE(read([&](const Reader& reader) { return is_member(reader, id, me); }));
  EXPECT_FALSE(read([&](const Reader& reader) { return is_member(reader, id, {a, bob}); }));
  EXPECT_THAT(read([&](const Reader& reader) { return member_ids(reader, id); }), ElementsAre(me));
  EXPECT_EQ(read([&](const Reader& reader) { return find_conversation(reader, id)->type; }),
            ConversationType::self);
}

TEST_F(ConversationTables, AConnectionComesBackAsItWasPut) {
  const Connection connection{.from = alice,
                              .to = {b, bob},
                              .status = Relation::ignored,
                              .last_update = TimeUuid::earliest + std::chrono::milliseconds{1},
                              .conversation = tea};
  write([&](Transaction& transaction) { put_connection(transaction, connection); });

  EXPECT_EQ(read([](const Reader& reader) {
              return find_connection(reader, alice, {b, bob});
            }),
            connection);
}

TEST_F(ConversationTables, ConnectedAreThoseWhoBothAccepted) {
  const auto put = [&](const UserId& from, const QualifiedUser& to, Relation status) {
    write([&](Transaction& transaction) {
      put_connection(
          transaction,
          {.from = from, .to = to, .status = status, .last_update = {}, .conversation = tea});
    });
  };
  const auto are_connected = [&](const QualifiedUser& other) {
    return read([&](const Reader& reader) { return connected(reader, a, alice, other); });
  };
  put(alice, {a, bob}, Relation::accepted);
  put(alice, {b, bob}, Relation::accepted);

  EXPECT_FALSE(are_connected({a, bob}));
  EXPECT_TRUE(are_connected({b, bob}));  // Bob's own row is at his backend.
  EXPECT_FALSE(are_connected({bb, bob}));

  put(bob, {a, alice}, Relation::blocked);
  EXPECT_FALSE(are_connected({a, bob}));
  put(bob, {a, alice}, Relation::accepted);
  EXPECT_TRUE(are_connected({a, bob}));
}

}  // namespace
}  // namespace twostep::store

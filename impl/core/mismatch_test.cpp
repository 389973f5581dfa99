#include "impl/core/mismatch.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <set>
#include <tuple>
#include <vector>

namespace twostep {
namespace {

// The sets of the specification, taken literally: triples in sets, and set algebra on them.
using Triple = std::tuple<Domain, UserId, ClientId>;
using Triples = std::set<Triple>;

const Domain a = *Domain::parse("a.example");
const Domain b = *Domain::parse("b.example");

UserId user(std::uint8_t number) {
  Uuid::Octets octets{};
  octets[15] = number;
  return UserId{Uuid{octets}};
}

const UserId alice = user(1), bob = user(2), chad = user(3), eve = user(4), stranger = user(9);
const ClientId ac{1}, bc{1}, cc{1}, ec{1};  // Client ids are unique within their user only.
const SendingClient alices_client{{a, alice}, ac};

Triples triples(const Clients& clients) {
  Triples all;
  for (const auto& [domain, users] : clients) {
    for (const auto& [id, set] : users) {
      for (const auto client : set) all.emplace(domain, id, client);
    }
  }
  return all;
}

Triples triples(const std::vector<ValidRecipient>& valid) {
  Triples all;
  for (const auto& each : valid) all.emplace(*each.domain, each.user, each.client);
  return all;
}

Recipients to(const Triples& addressed) {
  Recipients recipients;
  for (const auto& [domain, id, client] : addressed) {
    recipients[domain][id][client] = "for " + client.text();
  }
  return recipients;
}

Clients clients_of(const Triples& members) {
  Clients clients;
  for (const auto& [domain, id, client] : members) clients[domain][id].insert(client);
  return clients;
}

// Alice, Bob and Eve with a client each, all of backend A.
const Triples conversation{{a, alice, ac}, {a, bob, bc}, {a, eve, ec}};

// Views in the result refer to the recipients, so the two stay together.
struct Sent {
  Recipients recipients;
  Mismatch mismatch;

  explicit Sent(const Triples& addressed, const Strategy& strategy = ReportAll{},
                const Clients& participants = clients_of(conversation))
      : recipients{to(addressed)},
        mismatch{find_mismatch(participants, recipients, alices_client, strategy)} {}

  Triples missing() const { return triples(mismatch.missing); }
  Triples redundant() const { return triples(mismatch.redundant); }
  Triples deleted() const { return triples(mismatch.deleted); }
  Triples valid() const { return triples(mismatch.valid); }
};

Clients without_eves_client() {
  auto participants = clients_of(conversation);
  participants[a][eve].clear();
  return participants;
}

TEST(Snd01, EverybodyAddressedIsNoMismatch) {
  const Sent sent{{{a, bob, bc}, {a, eve, ec}}};

  EXPECT_TRUE(sent.mismatch.sendable());
  EXPECT_EQ(sent.valid(), (Triples{{a, bob, bc}, {a, eve, ec}}));
  EXPECT_EQ(sent.redundant(), Triples{});
  EXPECT_EQ(sent.deleted(), Triples{});
}

TEST(Snd11, AValidClientKeepsItsOwnCiphertext) {
  const Sent sent{{{a, bob, ClientId{1}}, {a, bob, ClientId{2}}},
                  ReportAll{},
                  clients_of({{a, bob, ClientId{1}}, {a, bob, ClientId{2}}})};

  ASSERT_EQ(sent.mismatch.valid.size(), 2u);
  for (const auto& each : sent.mismatch.valid) {
    EXPECT_EQ(*each.ciphertext, "for " + each.client.text());
  }
}

TEST(Snd14, TheSendingClientIsRedundantIfItAddressesItself) {
  const Sent sent{{{a, alice, ac}, {a, bob, bc}, {a, eve, ec}}};

  EXPECT_TRUE(sent.mismatch.sendable());
  EXPECT_EQ(sent.redundant(), (Triples{{a, alice, ac}}));
  EXPECT_EQ(sent.valid(), (Triples{{a, bob, bc}, {a, eve, ec}}));
}

TEST(Snd15, TheSendersOtherClientsAreExpected) {
  auto participants = clients_of(conversation);
  participants[a][alice].insert(ClientId{7});

  const Sent sent{{{a, bob, bc}, {a, eve, ec}}, ReportAll{}, participants};

  EXPECT_EQ(sent.missing(), (Triples{{a, alice, ClientId{7}}}));
}

TEST(Snd17, AClientThatIsGoneIsDeletedAlsoIfItWasTheLast) {
  const Sent sent{{{a, bob, bc}, {a, eve, ec}}, ReportAll{}, without_eves_client()};

  EXPECT_TRUE(sent.mismatch.sendable());
  EXPECT_EQ(sent.deleted(), (Triples{{a, eve, ec}}));
  EXPECT_EQ(sent.valid(), (Triples{{a, bob, bc}}));
}

TEST(Snd19, MissingNamesJustWhoIsMissing) {
  const Sent sent{{{a, bob, bc}}};

  EXPECT_FALSE(sent.mismatch.sendable());
  EXPECT_EQ(sent.missing(), (Triples{{a, eve, ec}}));
}

TEST(Snd22, WhoIsNoMemberIsRedundantHereAndElsewhere) {
  const Sent sent{{{a, bob, bc}, {a, eve, ec}, {a, stranger, bc}, {b, bob, bc}}};

  EXPECT_TRUE(sent.mismatch.sendable());
  EXPECT_EQ(sent.redundant(), (Triples{{a, stranger, bc}, {b, bob, bc}}));
  EXPECT_EQ(sent.valid(), (Triples{{a, bob, bc}, {a, eve, ec}}));
}

TEST(Snd23, RedundantAndDeletedAreReportedWithMissingOnes) {
  const Sent both{{{a, alice, ac}, {a, bob, bc}, {a, eve, ec}}, ReportAll{}, without_eves_client()};
  const Sent all_three{{{a, alice, ac}, {a, eve, ec}}, ReportAll{}, without_eves_client()};

  for (const auto* sent : {&both, &all_three}) {
    EXPECT_EQ(sent->redundant(), (Triples{{a, alice, ac}}));
    EXPECT_EQ(sent->deleted(), (Triples{{a, eve, ec}}));
  }
  EXPECT_TRUE(both.mismatch.sendable());
  EXPECT_EQ(all_three.missing(), (Triples{{a, bob, bc}}));
}

TEST(Snd24, IgnoreAllSendsToWhoIsAddressed) {
  const Sent sent{{{a, eve, ec}}, IgnoreAll{}};

  EXPECT_TRUE(sent.mismatch.sendable());
  EXPECT_EQ(sent.valid(), (Triples{{a, eve, ec}}));
}

TEST(Snd25, ReportOnlyReportsTheUsersItNames) {
  EXPECT_EQ(Sent({}, ReportOnly{{{a, {eve}}}}).missing(), (Triples{{a, eve, ec}}));
  EXPECT_TRUE(Sent({{a, eve, ec}}, ReportOnly{{{a, {eve}}}}).mismatch.sendable());
  EXPECT_TRUE(Sent({}, ReportOnly{}).mismatch.sendable());
  EXPECT_TRUE(Sent({}, ReportOnly{{{b, {eve}}}}).mismatch.sendable()) << "another backend's eve";
}

TEST(Snd26, IgnoreOnlyReportsEverybodyElse) {
  EXPECT_EQ(Sent({}, IgnoreOnly{{{a, {bob}}}}).missing(), (Triples{{a, eve, ec}}));
  EXPECT_TRUE(Sent({}, IgnoreOnly{{{a, {bob, eve}}}}).mismatch.sendable());
  EXPECT_EQ(Sent({}, IgnoreOnly{}).missing(), (Triples{{a, bob, bc}, {a, eve, ec}}));
}

TEST(Snd27, StrangersInAListChangeNothing) {
  EXPECT_EQ(Sent({}, ReportOnly{{{a, {eve, stranger}}}}).missing(), (Triples{{a, eve, ec}}));
  EXPECT_EQ(Sent({}, IgnoreOnly{{{a, {bob, stranger}}}}).missing(), (Triples{{a, eve, ec}}));
}

// --- For any world -------------------------------------------------------------------------

struct World {
  Clients participants;
  Triples expected;
  Triples addressed;
  Strategy strategy;
};

Triples any_triples() {
  const auto numbers =
      *rc::gen::container<std::vector<std::tuple<bool, std::uint8_t, std::uint8_t>>>(
          rc::gen::tuple(rc::gen::arbitrary<bool>(), rc::gen::inRange<std::uint8_t>(0, 5),
                         rc::gen::inRange<std::uint8_t>(0, 4)));
  Triples all;
  for (const auto& [here, id, client] : numbers) {
    all.emplace(here ? a : b, user(id), ClientId{client});
  }
  return all;
}

Users any_users() {
  Users users;
  for (const auto& [domain, id, client] : any_triples()) users[domain].insert(id);
  return users;
}

World any_world() {
  World world;
  world.expected = any_triples();
  world.participants = clients_of(world.expected);
  for (const auto& [domain, users] : any_users()) {
    for (const auto& id : users) world.participants[domain][id];  // Perhaps without a client.
  }
  world.expected.erase({a, alice, ac});
  world.addressed = any_triples();
  world.strategy = *rc::gen::element<Strategy>(ReportAll{}, IgnoreAll{}, ReportOnly{any_users()},
                                               IgnoreOnly{any_users()});
  return world;
}

bool in(const Users& users, const Triple& triple) {
  const auto found = users.find(std::get<Domain>(triple));
  return found != users.end() && found->second.contains(std::get<UserId>(triple));
}

bool is_reported(const Strategy& strategy, const Triple& triple) {
  if (const auto* only = std::get_if<ReportOnly>(&strategy)) return in(only->users, triple);
  if (const auto* only = std::get_if<IgnoreOnly>(&strategy)) return !in(only->users, triple);
  return std::holds_alternative<ReportAll>(strategy);
}

Triples minus(const Triples& left, const Triples& right) {
  Triples rest;
  for (const auto& each : left) {
    if (!right.contains(each)) rest.insert(each);
  }
  return rest;
}

RC_GTEST_PROP(Mismatch, IsWhatTheDefinitionsSay, ()) {
  const auto world = any_world();
  Triples missing, deleted;
  for (const auto& each : minus(world.expected, world.addressed)) {
    if (is_reported(world.strategy, each)) missing.insert(each);
  }
  const auto extra = minus(world.addressed, world.expected);
  for (const auto& [domain, id, client] : extra) {
    const auto users = world.participants.find(domain);
    const bool is_participant = users != world.participants.end() && users->second.contains(id);
    if (is_participant && Triple{domain, id, client} != Triple{a, alice, ac}) {
      deleted.emplace(domain, id, client);
    }
  }

  const Sent sent{world.addressed, world.strategy, world.participants};

  RC_ASSERT(sent.missing() == missing);
  RC_ASSERT(sent.deleted() == deleted);
  RC_ASSERT(sent.redundant() == minus(extra, deleted));
  RC_ASSERT(sent.valid() == minus(world.addressed, extra));
  RC_ASSERT(sent.mismatch.sendable() == missing.empty());
}

RC_GTEST_PROP(Mismatch, ReportsNoEmptyMaps, ()) {
  const auto world = any_world();
  const Sent sent{world.addressed, world.strategy, world.participants};
  for (const auto* clients :
       {&sent.mismatch.missing, &sent.mismatch.redundant, &sent.mismatch.deleted}) {
    for (const auto& [domain, users] : *clients) {
      RC_ASSERT(!users.empty());
      for (const auto& [id, set] : users) RC_ASSERT(!set.empty());
    }
  }
}

RC_GTEST_PROP(Mismatch, WhoAddressesJustTheExpectedMaySendUnderAnyStrategy, ()) {
  auto world = any_world();
  const Sent exact{world.expected, world.strategy, world.participants};
  RC_ASSERT(exact.mismatch.sendable());
  RC_ASSERT(exact.valid() == world.expected);
  RC_ASSERT(exact.redundant().empty() && exact.deleted().empty());

  world.expected.emplace(a, alice, ac);
  const Sent and_oneself{world.expected, world.strategy, world.participants};
  RC_ASSERT(and_oneself.mismatch.sendable());
  RC_ASSERT(and_oneself.valid() == exact.valid());
  RC_ASSERT(and_oneself.redundant() == (Triples{{a, alice, ac}}));
}

}  // namespace
}  // namespace twostep

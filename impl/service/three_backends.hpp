#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "impl/service/fakes.hpp"
#include "impl/service/send.hpp"
#include "impl/store/accounts.hpp"
#include "impl/store/clients.hpp"
#include "impl/store/connections.hpp"
#include "impl/store/conversations.hpp"
#include "impl/store/inbox.hpp"
#include "impl/store/memory.hpp"
#include "impl/store/testing.hpp"
#include "impl/wire/json.hpp"

/// Three backends that call each other in one process, and a conversation of the first with members at
/// all of them. For tests only.
namespace twostep::service::federation {

inline const auto a = *Domain::parse("a.example");
inline const auto b = *Domain::parse("b.example");
inline const auto c = *Domain::parse("c.example");

inline const QualifiedUser alice{a, *UserId::parse("a11ce000-0000-4000-8000-000000000001")};
inline const QualifiedUser ann{a, *UserId::parse("a0a0a0a0-0000-4000-8000-000000000002")};
inline const QualifiedUser bob{b, *UserId::parse("b0b00000-0000-4000-8000-000000000003")};
inline const QualifiedUser charlie{c, *UserId::parse("c4a00000-0000-4000-8000-000000000004")};
inline const QualifiedUser chris{c, *UserId::parse("c4150000-0000-4000-8000-000000000005")};

inline constexpr ClientId alices{0xa1};
inline constexpr ClientId anns{0xa2};
inline constexpr ClientId bobs{0xb1};
inline constexpr ClientId bobs_tablet{0xb2};
inline constexpr ClientId charlies{0xc1};
inline constexpr ClientId charlies_tablet{0xc2};
inline constexpr ClientId chriss{0xc3};

inline const QualifiedConversation talk{
    a, *ConversationId::parse("7a1c0000-0000-4000-8000-00000000000a")};

using Addressed = std::vector<std::pair<QualifiedUser, ClientId>>;

/// Every client but the sending one.
inline Addressed all_but(ClientId sending) {
  Addressed all{{alice, alices},    {ann, anns},         {bob, bobs},
                {bob, bobs_tablet}, {charlie, charlies}, {charlie, charlies_tablet},
                {chris, chriss}};
  std::erase_if(all, [&](const auto& entry) { return entry.second == sending; });
  return all;
}

inline NewMessage message_from(ClientId sending, const Addressed& addressed,
                               Strategy strategy = ReportAll{}) {
  NewMessage message{.sender = sending, .strategy = std::move(strategy)};
  for (const auto& [user, client] : addressed)
    message.recipients[user.domain][user.id][client] = "for " + client.text();
  return message;
}

// Protobuf, as far as a message needs it: numbers and texts under a field's number.
inline std::string varint(std::uint64_t value) {
  std::string out;
  for (; value >= 0x80; value >>= 7) out += static_cast<char>(value | 0x80);
  return out + static_cast<char>(value);
}
inline std::string field(unsigned number, std::uint64_t value) {
  return varint(number << 3) + varint(value);
}
inline std::string field(unsigned number, const std::string& text) {
  return varint(number << 3 | 2) + varint(text.size()) + text;
}

/// The same as a client posts it, with the strategy to report all.
inline std::string protobuf_of(const NewMessage& message) {
  auto out = field(1, field(1, message.sender.value));
  for (const auto& [domain, users] : message.recipients) {
    auto of_domain = field(1, domain.text());
    for (const auto& [user, texts] : users) {
      auto of_user = field(1, field(1, std::string{user.bytes()}));
      for (const auto& [client, text] : texts)
        of_user += field(2, field(1, field(1, client.value)) + field(2, text));
      of_domain += field(2, of_user);
    }
    out += field(2, of_domain);
  }
  return out + field(7, std::string{});
}

struct ThreeBackends {
  ThreeBackends() {
    introduce({&at_a, &at_b, &at_c});
    add(at_a, alice, {alices});
    add(at_a, ann, {anns});
    add(at_b, bob, {bobs, bobs_tablet});
    add(at_c, charlie, {charlies, charlies_tablet});
    add(at_c, chris, {chriss});
    write(at_a, [](store::Transaction& rows) {
      store::put_conversation(rows, {.id = talk, .creator = alice.id, .access = {"invite"}});
    });
    for (const auto& member : {alice, ann, bob, charlie, chris}) join(member);
  }

  FakeWorld& world_of(const Domain& domain) {
    if (domain == a) return at_a;
    return domain == b ? at_b : at_c;
  }

  static void write(FakeWorld& world, std::function<void(store::Transaction&)> what) {
    store::testing::write(world.backend.store, std::move(what)).value();
  }

  void add(FakeWorld& world, const QualifiedUser& user, const std::vector<ClientId>& clients) {
    write(world, [&](store::Transaction& rows) {
      Account account;
      account.id = user.id;
      account.name = "somebody";
      store::put_account(rows, account);
      for (const auto client : clients) {
        Client device;
        device.id = client;
        store::put_client(rows, user.id, device);
      }
    });
  }

  /// Makes the user a member, at the owner and at its own backend.
  void join(const QualifiedUser& user, const QualifiedConversation& conversation = talk) {
    for (const auto& domain : {conversation.domain, user.domain})
      write(world_of(domain), [&](store::Transaction& rows) {
        store::put_member(rows, domain, conversation, {.user = user});
      });
  }

  /// Both sides of an accepted connection, each at its own backend.
  void connect(const QualifiedUser& one, const QualifiedUser& other) {
    for (const auto& [mine, theirs] : {std::pair{one, other}, std::pair{other, one}})
      write(world_of(mine.domain), [&mine = mine, &theirs = theirs](store::Transaction& rows) {
        store::put_connection(rows, {.from = mine.id,
                                     .to = theirs,
                                     .status = Relation::accepted,
                                     .last_update = Instant{},
                                     .conversation = {a, ConversationId{}}});
      });
  }

  static Caller caller(const QualifiedUser& user) {
    return {.user = user.id, .connection = {1}, .client = {}};
  }

  /// The message of a user of the owner.
  Result<Sent> send(NewMessage message, const QualifiedUser& user = alice) {
    Sender sender{.user = user, .connection = {1}};
    return run(service::send(at_a.backend, std::move(sender), talk, std::move(message)));
  }

  PeerAnswer call(FakeWorld& callee, const Domain& origin, const std::string& component,
                  const std::string& rpc, std::string body) {
    PeerRequest request{
        .origin = origin, .component = component, .rpc = rpc, .body = std::move(body)};
    return run(answer_peer(callee.backend, std::move(request)));
  }

  std::vector<wire::Json> events_of(const QualifiedUser& user) {
    std::vector<wire::Json> events;
    store::testing::read(world_of(user.domain).backend.store, [&](const store::Reader& reader) {
      store::visit_after(reader, user.id, std::nullopt, TimeUuid::earliest,
                         [&](const store::NotificationView& row) {
                           events.push_back(wire::parse_object(row.event).value());
                           return true;
                         });
    }).value();
    return events;
  }

  std::vector<std::string> event_types_of(const QualifiedUser& user) {
    std::vector<std::string> types;
    for (const auto& event : events_of(user)) types.push_back(event.at("type").get<std::string>());
    return types;
  }

  /// The clients that have a message, at every backend, once for each.
  std::vector<std::string> delivered() {
    std::vector<std::string> clients;
    for (const auto& user : {alice, ann, bob, charlie, chris}) {
      for (const auto& event : events_of(user))
        if (event.at("data").contains("recipient"))
          clients.push_back(event["data"]["recipient"].get<std::string>());
    }
    std::sort(clients.begin(), clients.end());
    return clients;
  }

  /// What A has asked of others, in order of names, since this was last asked.
  std::vector<std::string> asked_by_a() {
    auto made = at_a.peers.made();
    at_a.peers.calls.clear();
    std::sort(made.begin(), made.end());
    return made;
  }

  store::MemoryStore rows_a;
  store::MemoryStore rows_b;
  store::MemoryStore rows_c;
  FakeWorld at_a{rows_a, "a.example"};
  FakeWorld at_b{rows_b, "b.example"};
  FakeWorld at_c{rows_c, "c.example"};
};

}  // namespace twostep::service::federation

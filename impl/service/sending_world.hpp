#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "impl/service/fakes.hpp"
#include "impl/service/faulty_store.hpp"
#include "impl/service/send.hpp"
#include "impl/store/clients.hpp"
#include "impl/store/conversations.hpp"
#include "impl/store/inbox.hpp"
#include "impl/store/memory.hpp"
#include "impl/store/testing.hpp"
#include "impl/wire/json.hpp"

/// A small backend to send in, and what a send does to it. For tests only.
namespace twostep::service::sending {

inline const auto a = *Domain::parse("a.example");
inline const auto b = *Domain::parse("b.example");
inline const auto alice = *UserId::parse("a11ce000-0000-4000-8000-000000000001");
inline const auto ann = *UserId::parse("a0a0a0a0-0000-4000-8000-000000000002");
inline const auto arno = *UserId::parse("a4004000-0000-4000-8000-000000000003");
inline const auto stranger = *UserId::parse("57000000-0000-4000-8000-000000000004");
inline const QualifiedConversation talk{
    a, *ConversationId::parse("c0000000-0000-4000-8000-00000000000c")};

inline constexpr ClientId alices_laptop{0xa1};
inline constexpr ClientId alices_phone{0xa2};
inline constexpr ClientId anns_phone{0xb1};
inline constexpr ClientId anns_tablet{0xb2};
inline constexpr ClientId arnos_phone{0xc1};
inline constexpr ClientId strangers_phone{0xd1};
inline constexpr ClientId unknown{0xff};
inline constexpr ConnectionId alices_login{77};

using Addressed = std::map<UserId, std::vector<ClientId>>;

inline const Addressed everybody{
    {alice, {alices_phone}}, {ann, {anns_phone, anns_tablet}}, {arno, {arnos_phone}}};

inline Addressed without(ClientId left_out) {
  auto rest = everybody;
  for (auto& [user, clients] : rest) std::erase(clients, left_out);
  return rest;
}

inline Addressed with(const UserId& user, ClientId client) {
  auto more = everybody;
  more[user].push_back(client);
  return more;
}

/// The ciphertext of a client: different for each, and told apart from every other text.
inline std::string ciphertext_for(ClientId client) { return "for " + client.text(); }

inline NewMessage message_to(const Addressed& addressed, Strategy strategy = ReportAll{}) {
  NewMessage message{.sender = alices_laptop, .recipients = {}, .strategy = std::move(strategy)};
  for (const auto& [user, clients] : addressed)
    for (const auto client : clients) message.recipients[a][user][client] = ciphertext_for(client);
  return message;
}

/// The clients of one map of a status, as text: "ann b1".
inline std::vector<std::string> shown(const Clients& clients) {
  const std::map<UserId, std::string> names{
      {alice, "alice"}, {ann, "ann"}, {arno, "arno"}, {stranger, "stranger"}};
  std::vector<std::string> all;
  for (const auto& [domain, users] : clients)
    for (const auto& [user, set] : users)
      for (const auto client : set) all.push_back(names.at(user) + ' ' + client.text());
  return all;
}

/// A backend with a conversation of alice (two clients), ann (two) and arno (one), a stranger who
/// is not in it, and everything that a send does to it.
struct World {
  World() {
    const Conversation group{.id = talk, .creator = alice};
    act([&](store::Transaction& rows) {
      store::put_conversation(rows, group);
      for (const auto& member : {alice, ann, arno})
        store::put_member(rows, a, talk, {.user = {a, member}});
    });
    for (const auto& [user, client] :
         std::vector<std::pair<UserId, ClientId>>{{alice, alices_laptop},
                                                  {alice, alices_phone},
                                                  {ann, anns_phone},
                                                  {ann, anns_tablet},
                                                  {arno, arnos_phone},
                                                  {stranger, strangers_phone}})
      add_client(user, client);
  }

  void act(std::function<void(store::Transaction&)> what) {
    store::testing::write(memory, std::move(what)).value();
  }

  void add_client(const UserId& user, ClientId client) {
    Client device;
    device.id = client;
    act([&](store::Transaction& rows) { store::put_client(rows, user, device); });
  }

  Result<Sent> send(NewMessage message, const UserId& user = alice,
                    const QualifiedConversation& conversation = talk) {
    Sender sender{.user = {a, user}, .connection = alices_login};
    return run(service::send(fakes.backend, sender, conversation, std::move(message)));
  }

  /// What each client finds in its inbox: its ciphertext, in base64.
  std::map<ClientId, std::vector<std::string>> delivered() {
    std::map<ClientId, std::vector<std::string>> found;
    for (const auto& user : {alice, ann, arno, stranger}) {
      for (const auto& event : events_of(user)) {
        const auto client = ClientId::parse(event["data"]["recipient"].get<std::string>());
        found[client.value()].push_back(event["data"]["text"].get<std::string>());
      }
    }
    return found;
  }

  std::vector<wire::Json> events_of(const UserId& user) {
    std::vector<wire::Json> events;
    store::testing::read(memory, [&](const store::Reader& reader) {
      store::visit_after(reader, user, std::nullopt, TimeUuid::earliest,
                         [&](const store::NotificationView& row) {
                           events.push_back(wire::parse_object(row.event).value());
                           return true;
                         });
    }).value();
    return events;
  }

  store::MemoryStore memory;
  FaultyStore store{memory};
  FakeWorld fakes{store};
};

/// Runs a send that is to be refused or stopped, and shows that it left no trace anywhere.
inline Result<Sent> send_without_trace(World& world, NewMessage message, const UserId& user = alice,
                                       const QualifiedConversation& conversation = talk) {
  const auto before = store::testing::rows_of(world.memory);
  auto sent = world.send(std::move(message), user, conversation);
  EXPECT_EQ(store::testing::rows_of(world.memory), before);
  EXPECT_THAT(world.fakes.sockets.doorbells, ::testing::IsEmpty());
  EXPECT_THAT(world.fakes.sockets.transients, ::testing::IsEmpty());
  EXPECT_THAT(world.fakes.push.offered, ::testing::IsEmpty());
  return sent;
}

}  // namespace twostep::service::sending

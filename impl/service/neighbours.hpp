#pragma once

#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "impl/service/connections.hpp"
#include "impl/service/conversations.hpp"
#include "impl/service/fakes.hpp"
#include "impl/service/members.hpp"
#include "impl/store/accounts.hpp"
#include "impl/store/inbox.hpp"
#include "impl/store/memory.hpp"
#include "impl/store/testing.hpp"

/// Users of one backend who get to know each other, for unit tests of connections and
/// conversations. Everything is done by the time a call returns.
///
/// Threads    The test's.
namespace twostep::service {

struct Neighbours {
  store::MemoryStore store;
  FakeWorld world{store};

  /// A new user, with a connection of their own.
  Caller user(const std::string& name) {
    const Caller caller{
        .user = UserId{world.entropy.uuid()}, .connection = {++connections}, .client = {}};
    store::testing::write(store, [&](store::Transaction& transaction) {
      Account account;
      account.id = caller.user;
      account.name = name;
      store::put_account(transaction, account);
    }).value();
    return caller;
  }

  QualifiedUser name_of(const Caller& caller) const { return {world.backend.domain, caller.user}; }

  AskedConnection ask(const Caller& from, const Caller& to) {
    return run(ask_for_connection(world.backend, from, name_of(to))).value();
  }

  void connect(const Caller& one, const Caller& other) {
    ask(one, other);
    ask(other, one);
  }

  /// How `from` sees the connection: its status, or "" if there is none.
  std::string_view seen(const Caller& from, const Caller& to) {
    const auto found = run(find_connection(world.backend, from, name_of(to))).value();
    return found ? twostep::name_of(found->status) : std::string_view{};
  }

  wire::NewConversation group_of(const std::vector<Caller>& others) {
    wire::NewConversation wanted;
    for (const auto& other : others) wanted.users.push_back(name_of(other));
    return wanted;
  }

  Result<ConversationView> try_create(const Caller& creator, wire::NewConversation wanted) {
    return run(create_conversation(world.backend, creator, std::move(wanted)));
  }

  QualifiedConversation create(const Caller& creator, const std::vector<Caller>& others,
                               Role role = Role::admin) {
    auto wanted = group_of(others);
    wanted.role = role;
    return try_create(creator, std::move(wanted)).value().conversation.id;
  }

  Result<Happened> add(const Caller& by, const QualifiedConversation& id,
                       const std::vector<Caller>& users, Role role = Role::admin) {
    wire::NewMembers wanted{.users = {}, .role = role};
    for (const auto& each : users) wanted.users.push_back(name_of(each));
    return run(add_members(world.backend, by, id, wanted));
  }

  Result<Happened> remove(const Caller& by, const QualifiedConversation& id, const Caller& who) {
    return run(remove_member(world.backend, by, id, name_of(who)));
  }

  /// The users in it, as `by` sees them.
  std::vector<QualifiedUser> members(const Caller& by, const QualifiedConversation& id) {
    const auto view = run(find_conversation(world.backend, by, id)).value();
    std::vector<QualifiedUser> names;
    for (const auto& member : view.members) names.push_back(member.user);
    return names;
  }

  /// The events in the user's inbox that have come since the last call.
  std::vector<nlohmann::json> news(const Caller& of) {
    std::vector<nlohmann::json> events;
    auto& pointer = pointers[of.user];
    store::testing::read(store, [&](const store::Reader& reader) {
      store::visit_after(reader, of.user, pointer, TimeUuid::earliest,
                         [&](const store::NotificationView& notification) {
                           pointer = notification.id;
                           events.push_back(nlohmann::json::parse(notification.event));
                           return true;
                         });
    }).value();
    return events;
  }

  std::vector<std::string> news_types(const Caller& of) {
    std::vector<std::string> types;
    for (const auto& event : news(of)) types.push_back(event.at("type").get<std::string>());
    return types;
  }

  std::uint64_t connections = 0;
  std::map<UserId, std::optional<TimeUuid>> pointers;
};

}  // namespace twostep::service

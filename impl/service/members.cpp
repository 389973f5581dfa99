#include "impl/service/members.hpp"

#include <algorithm>
#include <iterator>
#include <map>
#include <memory>
#include <set>
#include <utility>
#include <vector>

#include "impl/core/limits.hpp"
#include "impl/service/change.hpp"
#include "impl/service/conversation_change.hpp"
#include "impl/service/conversations_elsewhere.hpp"
#include "impl/service/transient.hpp"
#include "impl/store/connections.hpp"
#include "impl/store/conversations.hpp"
#include "impl/wire/conversation_events.hpp"
#include "impl/wire/frame.hpp"

namespace twostep::service {
namespace {

using boost::asio::awaitable;

template <class T>
void take_over(std::optional<T>& value, const std::optional<T>& wanted) {
  if (wanted) value = wanted;
}

OwnState changed(OwnState state, const OwnState& wanted) {
  take_over(state.muted_status, wanted.muted_status);
  take_over(state.muted_ref, wanted.muted_ref);
  take_over(state.archived, wanted.archived);
  take_over(state.archived_ref, wanted.archived_ref);
  take_over(state.hidden, wanted.hidden);
  take_over(state.hidden_ref, wanted.hidden_ref);
  return state;
}

/// Users who are to join, and what that needs.
struct Joining {
  std::vector<QualifiedUser> users;
  std::map<Domain, std::vector<UserId>> present;  ///< Members of other backends.
};

/// Whether the caller may bring them in. Nobody is left if all of them are members already.
Result<Joining> decide_joining(const store::Reader& reader, const QualifiedUser& me,
                               const QualifiedConversation& id, const wire::NewMembers& wanted) {
  const auto own = changeable_conversation(reader, me, id, Action::add_member);
  if (!own) return own.error();
  const auto present = store::member_ids(reader, id);
  Joining joining;
  std::set_difference(wanted.users.begin(), wanted.users.end(), present.begin(), present.end(),
                      std::back_inserter(joining.users));
  if (present.size() + joining.users.size() > twostep::limits::members_max)
    return Refusal{Reason::too_many_members};
  for (const auto& user : joining.users)
    if (!store::connected(reader, me.domain, me.id, user)) return Refusal{Reason::not_connected};
  for (const auto& member : present)
    if (member.domain != me.domain) joining.present[member.domain].push_back(member.id);
  return joining;
}

/// Everything that is needed of other backends before anybody of theirs joins: that they are there,
/// and that they were told. Returns whom that was.
awaitable<Result<std::set<Domain>>> prepare_elsewhere(Backend& backend,
                                                      const wire::EventOrigin& origin,
                                                      const Joining& joining, Role role) {
  std::set<Domain> joins;
  bool some_are_new = false;
  for (const auto& user : joining.users) {
    if (user.domain == backend.domain) continue;
    joins.insert(user.domain);
    some_are_new = some_are_new || !joining.present.contains(user.domain);
  }
  if (joins.empty()) co_return joins;
  if (!backend.peers) co_return Refusal{Reason::federation_not_enabled};
  auto needed = joins;
  if (some_are_new)
    for (const auto& [peer, members] : joining.present) needed.insert(peer);
  const auto there = co_await see_that_all_are_there(backend, needed);
  if (!there) co_return there.error();

  const MembersJoined action{.users = joining.users, .role = role};
  std::vector<Asked<std::string, Done>> told;
  for (const auto& peer : joins) {
    const auto found = joining.present.find(peer);
    auto present = found == joining.present.end() ? std::vector<UserId>{} : found->second;
    told.push_back({peer, update_for(origin, std::move(present), action)});
  }
  co_await ask_all(backend, told, on_conversation_updated);
  if (auto refusal = unreachable(told)) co_return *std::move(refusal);
  co_return joins;
}

}  // namespace

awaitable<Result<Happened>> add_members(Backend& backend, Caller caller, QualifiedConversation id,
                                        wire::NewMembers wanted) {
  const QualifiedUser me{backend.domain, caller.user};
  auto as_told = origin_of(backend, caller, id);
  const auto look_at = [&](const store::Reader& reader) {
    as_told = origin_of_change(backend, reader, me, id);
    return decide_joining(reader, me, id, wanted);
  };
  const auto seen = co_await look(backend, look_at);
  if (!seen) co_return seen.error();
  const auto told = co_await prepare_elsewhere(backend, as_told, *seen, wanted.role);
  if (!told) co_return told.error();

  using Outcome = Result<std::optional<Happening>>;
  const auto decide = [&](store::Transaction& transaction, Events& events) -> Outcome {
    auto joining = decide_joining(transaction, me, id, wanted);
    if (!joining) return joining.error();
    // Who has left since was a member when this was asked: there was nothing to do, and nobody was told.
    std::erase_if(joining->users, [&](const QualifiedUser& user) {
      return !std::binary_search(seen->users.begin(), seen->users.end(), user);
    });
    if (joining->users.empty()) return std::optional<Happening>{};
    auto origin = origin_of_change(backend, transaction, me, id);
    origin.time = std::max(origin.time, as_told.time);
    for (const auto& user : joining->users)
      store::put_member(transaction, backend.domain, id, {.user = user, .role = wanted.role});
    store::put_time_of_change(transaction, id, origin.time);
    auto happening = happen(backend, transaction, events, origin, caller.connection,
                            MembersJoined{.users = std::move(joining->users), .role = wanted.role});
    std::erase_if(happening.elsewhere, [&](const auto& each) { return told->contains(each.peer); });
    return std::optional{std::move(happening)};
  };
  co_return co_await change_conversation(backend, decide);
}

awaitable<Result<Happened>> remove_member(Backend& backend, Caller caller, QualifiedConversation id,
                                          QualifiedUser user) {
  const QualifiedUser me{backend.domain, caller.user};
  if (id.domain != backend.domain) {
    if (user != me) co_return Refusal{Reason::action_denied};
    co_return co_await leave_conversation_elsewhere(backend, caller, std::move(id));
  }
  using Outcome = Result<std::optional<Happening>>;
  const auto decide = [&](store::Transaction& transaction, Events& events) -> Outcome {
    const auto own = user == me
                         ? own_conversation(transaction, me, id)
                         : changeable_conversation(transaction, me, id, Action::remove_member);
    if (!own) return own.error();
    if (!can_change(own->conversation.type)) return Refusal{Reason::invalid_op};
    if (!store::is_member(transaction, id, user)) return std::optional<Happening>{};
    const auto origin = origin_of_change(backend, transaction, me, id);
    auto happening = happen(backend, transaction, events, origin, caller.connection,
                            MembersGone{{user}});  // While it is one.
    store::erase_member(transaction, backend.domain, id, user);
    store::put_time_of_change(transaction, id, origin.time);
    return std::optional{std::move(happening)};
  };
  co_return co_await change_conversation(backend, decide);
}

awaitable<Result<Happened>> change_role(Backend& backend, Caller caller, QualifiedConversation id,
                                        QualifiedUser user, Role role) {
  using Outcome = Result<std::optional<Happening>>;
  const auto decide = [&](store::Transaction& transaction, Events& events) -> Outcome {
    const QualifiedUser me{backend.domain, caller.user};
    if (user == me) {
      const auto own = own_conversation(transaction, me, id);
      return own ? Refusal{Reason::invalid_op} : own.error();
    }
    const auto own = changeable_conversation(transaction, me, id, Action::change_role);
    if (!own) return own.error();
    const auto member = store::find_member(transaction, id, user);
    if (!member) return Refusal{Reason::no_conversation, "No such member"};
    if (member->role == role) return std::optional<Happening>{};

    const Member now{.user = user, .role = role};
    store::put_member(transaction, backend.domain, id, now);
    return std::optional{happen(backend, transaction, events, origin_of(backend, caller, id),
                                caller.connection, RoleChanged{now})};
  };
  co_return co_await change_conversation(backend, decide);
}

awaitable<Result<void>> change_own_state(Backend& backend, Caller caller, QualifiedConversation id,
                                         OwnState wanted) {
  const auto decide = [&](store::Transaction& transaction, Events& events) -> Result<void> {
    if (!store::is_member(transaction, id, {backend.domain, caller.user}))
      return Refusal{Reason::no_conversation};
    const auto before = store::own_state(transaction, caller.user, id);
    const auto after = changed(before, wanted);
    if (after == before) return {};

    store::put_own_state(transaction, caller.user, id, after);
    events.add(transaction,
               {.user = caller.user,
                .targets = {},
                .origin = caller.connection,
                .event = wire::own_state_event(origin_of(backend, caller, id), wanted)});
    return {};
  };
  co_return co_await change(backend, decide);
}

awaitable<Result<void>> tell_typing(Backend& backend, Caller caller, QualifiedConversation id,
                                    wire::Typing typing) {
  using Members = std::vector<QualifiedUser>;
  const QualifiedUser me{backend.domain, caller.user};
  const auto look_at = [&](const store::Reader& reader) -> Result<Members> {
    if (!store::is_member(reader, id, me)) return Refusal{Reason::no_conversation};
    return store::member_ids(reader, id);
  };
  const auto members = co_await look(backend, look_at);
  if (!members) co_return members.error();

  const auto event = wire::typing_event(origin_of(backend, caller, id), typing);
  const auto frame = std::make_shared<const std::string>(
      wire::transient_frame(transient_id(backend, backend.clock.now()), event));
  for (const auto& member : *members) {
    if (member == me || member.domain != backend.domain) continue;
    backend.sockets.send_transient(member.id, {}, caller.connection, frame);
  }
  co_return Result<void>{};
}

}  // namespace twostep::service

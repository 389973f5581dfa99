#include "impl/service/members.hpp"

#include <algorithm>
#include <memory>
#include <utility>
#include <vector>

#include "impl/core/limits.hpp"
#include "impl/service/change.hpp"
#include "impl/service/conversation_change.hpp"
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

std::vector<Member> not_yet_in(const std::vector<QualifiedUser>& present,
                               const wire::NewMembers& wanted) {
  std::vector<Member> joining;
  for (const auto& user : wanted.users) {
    const bool is_in = std::binary_search(present.begin(), present.end(), user);
    if (!is_in) joining.push_back({.user = user, .role = wanted.role});
  }
  return joining;
}

}  // namespace

awaitable<Result<Happened>> add_members(Backend& backend, Caller caller, QualifiedConversation id,
                                        wire::NewMembers wanted) {
  const auto decide = [&](store::Transaction& transaction, Events& events) -> Result<Happened> {
    const QualifiedUser me{backend.domain, caller.user};
    const auto own = changeable_conversation(transaction, me, id, Action::add_member);
    if (!own) return own.error();
    const auto present = store::member_ids(transaction, id);
    const auto joining = not_yet_in(present, wanted);
    if (joining.empty()) return Happened{};
    if (present.size() + joining.size() > twostep::limits::members_max)
      return Refusal{Reason::too_many_members};
    for (const auto& [user, role] : joining) {
      const bool local = user.domain == backend.domain;
      if (local && !store::connected(transaction, backend.domain, me.id, user))
        return Refusal{Reason::not_connected};
    }
    for (const auto& [user, role] : joining) {
      if (user.domain != backend.domain) return Refusal{Reason::federation_not_enabled};
    }

    for (const auto& member : joining) store::put_member(transaction, backend.domain, id, member);
    auto event = wire::member_join_event(origin_of(backend, caller, id), joining);
    tell_members(transaction, events, backend.domain, caller, id, event);
    return Happened{std::move(event)};
  };
  co_return co_await change(backend, decide);
}

awaitable<Result<Happened>> remove_member(Backend& backend, Caller caller, QualifiedConversation id,
                                          QualifiedUser user) {
  const auto decide = [&](store::Transaction& transaction, Events& events) -> Result<Happened> {
    const QualifiedUser me{backend.domain, caller.user};
    const auto own = user == me
                         ? own_conversation(transaction, me, id)
                         : changeable_conversation(transaction, me, id, Action::remove_member);
    if (!own) return own.error();
    if (!can_change(own->conversation.type)) return Refusal{Reason::invalid_op};
    if (!store::is_member(transaction, id, user)) return Happened{};

    auto event = wire::member_leave_event(origin_of(backend, caller, id), user);
    tell_members(transaction, events, backend.domain, caller, id, event);  // While it is one.
    store::erase_member(transaction, backend.domain, id, user);
    return Happened{std::move(event)};
  };
  co_return co_await change(backend, decide);
}

awaitable<Result<Happened>> change_role(Backend& backend, Caller caller, QualifiedConversation id,
                                        QualifiedUser user, Role role) {
  const auto decide = [&](store::Transaction& transaction, Events& events) -> Result<Happened> {
    const QualifiedUser me{backend.domain, caller.user};
    if (user == me) {
      const auto own = own_conversation(transaction, me, id);
      return own ? Refusal{Reason::invalid_op} : own.error();
    }
    const auto own = changeable_conversation(transaction, me, id, Action::change_role);
    if (!own) return own.error();
    const auto member = store::find_member(transaction, id, user);
    if (!member) return Refusal{Reason::no_conversation, "No such member"};
    if (member->role == role) return Happened{};

    const Member now{.user = user, .role = role};
    store::put_member(transaction, backend.domain, id, now);
    auto event = wire::role_event(origin_of(backend, caller, id), now);
    tell_members(transaction, events, backend.domain, caller, id, event);
    return Happened{std::move(event)};
  };
  co_return co_await change(backend, decide);
}

awaitable<Result<void>> change_own_state(Backend& backend, Caller caller, QualifiedConversation id,
                                         OwnState wanted) {
  const auto decide = [&](store::Transaction& transaction, Events& events) -> Result<void> {
    const auto own = own_conversation(transaction, {backend.domain, caller.user}, id);
    if (!own) return own.error();
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

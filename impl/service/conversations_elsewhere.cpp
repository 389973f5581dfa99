#include "impl/service/conversations_elsewhere.hpp"

#include <algorithm>
#include <map>
#include <utility>

#include "impl/service/change.hpp"
#include "impl/service/peer_calls.hpp"
#include "impl/store/conversations.hpp"
#include "impl/wire/conversation_events.hpp"

namespace twostep::service {
namespace {

using boost::asio::awaitable;

/// What a user keeps of each of these conversations; none if it is no member.
using OwnStates = std::map<QualifiedConversation, OwnState>;

awaitable<Result<OwnStates>> own_states(Backend& backend, UserId user,
                                        const std::vector<QualifiedConversation>& ids) {
  const auto look_at = [&](const store::Reader& reader) -> Result<OwnStates> {
    OwnStates states;
    for (const auto& id : ids)
      if (store::is_member(reader, id, {backend.domain, user}))
        states.emplace(id, store::own_state(reader, user, id));
    return states;
  };
  co_return co_await look(backend, look_at);
}

/// Takes the view of this conversation out of the owner's answer.
std::optional<ConversationView> take(std::vector<ConversationView>& views,
                                     const QualifiedConversation& id) {
  const auto found = std::find_if(views.begin(), views.end(), [&](const ConversationView& view) {
    return view.conversation.id == id;
  });
  if (found == views.end()) return std::nullopt;
  return std::move(*found);
}

/// Ends the membership here, unless the owner has already said that it ended.
/// Unless the user was brought in again since `joined`, while the owner was being told.
awaitable<Result<Done>> forget_membership(Backend& backend, Caller caller, QualifiedConversation id,
                                          std::optional<Instant> joined, const std::string& event) {
  const QualifiedUser me{backend.domain, caller.user};
  const auto decide = [&](store::Transaction& transaction, Events& events) -> Result<Done> {
    if (!store::is_member(transaction, id, me)) return Done{};
    if (store::joined_at(transaction, id, me) != joined) return Done{};
    store::erase_member(transaction, backend.domain, id, me);
    events.add(transaction,
               {.user = me.id, .targets = {}, .origin = caller.connection, .event = event});
    return Done{};
  };
  co_return co_await change(backend, decide);
}

}  // namespace

awaitable<Result<ConversationView>> find_conversation_elsewhere(Backend& backend, Caller caller,
                                                                QualifiedConversation id) {
  const std::vector<QualifiedConversation> one{id};
  auto states = co_await own_states(backend, caller.user, one);
  if (!states) co_return states.error();
  if (states->empty()) co_return Refusal{Reason::no_conversation};
  wire::PeerConversationQuery query{.user = caller.user, .conversations = {id.id}};
  auto views = co_await get_conversations(backend, id.domain, std::move(query));
  if (!views) co_return views.error();
  auto view = take(*views, id);
  if (!view) co_return Refusal{Reason::no_conversation};
  view->own_state = std::move(states->at(id));
  co_return *std::move(view);
}

awaitable<Result<Done>> list_conversations_elsewhere(Backend& backend, Caller caller,
                                                     const std::vector<QualifiedConversation>& ids,
                                                     wire::FoundConversations& conversations) {
  auto states = co_await own_states(backend, caller.user, ids);
  if (!states) co_return states.error();
  std::map<Domain, wire::PeerConversationQuery> queries;
  for (const auto& id : std::set(ids.begin(), ids.end())) {
    if (id.domain == backend.domain) continue;
    if (states->contains(id)) {
      auto& query = queries[id.domain];
      query.user = caller.user;
      query.conversations.push_back(id.id);
    } else {
      conversations.not_found.push_back(id);
    }
  }
  std::vector<Asked<wire::PeerConversationQuery, std::vector<ConversationView>>> owners;
  for (auto& [owner, query] : queries) owners.push_back({owner, std::move(query)});
  co_await ask_all(backend, owners, get_conversations);

  for (auto& [owner, query, views] : owners) {
    for (const auto& each : query.conversations) {
      const QualifiedConversation id{owner, each};
      auto view = views ? take(*views, id) : std::nullopt;
      if (view) {
        view->own_state = states->at(id);
        conversations.found.push_back(*std::move(view));
      } else {
        (views ? conversations.not_found : conversations.failed).push_back(id);
      }
    }
  }
  co_return Done{};
}

awaitable<Result<Happened>> leave_conversation_elsewhere(Backend& backend, Caller caller,
                                                         QualifiedConversation id) {
  const QualifiedUser me{backend.domain, caller.user};
  using Joined = std::optional<Instant>;
  const auto look_at = [&](const store::Reader& reader) -> Result<Joined> {
    return store::joined_at(reader, id, me);
  };
  const auto joined = co_await look(backend, look_at);
  if (!joined) co_return joined.error();
  wire::PeerLeave leave{.conversation = id.id, .leaver = caller.user};
  const auto answer = co_await leave_conversation(backend, id.domain, leave);
  if (!answer) co_return answer.error();
  const std::vector<QualifiedUser> gone{me};
  const auto event = wire::member_leave_event(origin_of(backend, caller, id), gone);
  switch (*answer) {
    case wire::LeaveAnswer::not_found:
      co_return Refusal{Reason::no_conversation};
    case wire::LeaveAnswer::not_allowed:
      co_return Refusal{Reason::action_denied};
    case wire::LeaveAnswer::unchanged:  // Or about to join: we are told before the owner stores it.
      co_return Happened{};
    case wire::LeaveAnswer::left:
      break;
  }
  const auto forgotten = co_await forget_membership(backend, caller, id, *joined, event);
  if (!forgotten) co_return forgotten.error();
  co_return Happened{event};
}

}  // namespace twostep::service

#include "impl/service/conversation_change.hpp"

#include <algorithm>
#include <map>

#include "impl/store/conversations.hpp"
#include "impl/wire/peer_conversations.hpp"

namespace twostep::service {

Result<OwnConversation> own_conversation(const store::Reader& reader, const QualifiedUser& user,
                                         const QualifiedConversation& id) {
  auto self = store::find_member(reader, id, user);
  if (!self) return Refusal{Reason::no_conversation};
  auto conversation = store::find_conversation(reader, id);
  if (!conversation) return Refusal{Reason::no_conversation};
  return OwnConversation{*std::move(conversation), *std::move(self)};
}

Result<OwnConversation> changeable_conversation(const store::Reader& reader,
                                                const QualifiedUser& user,
                                                const QualifiedConversation& id, Action action) {
  if (id.domain != user.domain) {
    if (!store::is_member(reader, id, user)) return Refusal{Reason::no_conversation};
    return Refusal{Reason::federation_not_implemented};
  }
  auto own = own_conversation(reader, user, id);
  if (!own) return own;
  if (!can_change(own->conversation.type)) return Refusal{Reason::invalid_op};
  if (!permits(own->self.role, action)) return Refusal{Reason::action_denied};
  return own;
}

wire::EventOrigin origin_of(const Backend& backend, const Caller& caller,
                            const QualifiedConversation& conversation) {
  return {.conversation = conversation,
          .from = {backend.domain, caller.user},
          .time = backend.clock.now()};
}

wire::EventOrigin origin_of_change(const Backend& backend, const store::Reader& reader,
                                   const QualifiedUser& by,
                                   const QualifiedConversation& conversation) {
  return {.conversation = conversation,
          .from = by,
          .time = store::time_of_change(reader, conversation, backend.clock.now())};
}

void tell_members(store::Transaction& transaction, Events& events, const Domain& local,
                  const Caller& caller, const QualifiedConversation& conversation,
                  const std::string& event) {
  for (const auto& member : store::member_ids(transaction, conversation)) {
    if (member.domain != local) continue;
    events.add(transaction,
               {.user = member.id, .targets = {}, .origin = caller.connection, .event = event});
  }
}

std::string update_for(const wire::EventOrigin& origin, std::vector<UserId> present,
                       const ConversationAction& action) {
  return wire::encode_conversation_updated({.time = origin.time,
                                            .by = origin.from,
                                            .conversation = origin.conversation.id,
                                            .present = std::move(present),
                                            .action = action});
}

Happening happen(Backend& backend, store::Transaction& transaction, Events& events,
                 const wire::EventOrigin& origin, ConnectionId connection,
                 const ConversationAction& action) {
  Happening happening{.event = wire::event_of(origin, action)};
  const auto* const joined = std::get_if<MembersJoined>(&action);
  const auto joins = [&](const QualifiedUser& user) {
    return joined &&
           std::find(joined->users.begin(), joined->users.end(), user) != joined->users.end();
  };
  std::map<Domain, std::vector<UserId>> elsewhere;
  for (const auto& member : store::member_ids(transaction, origin.conversation)) {
    if (member.domain == backend.domain) {
      events.add(
          transaction,
          {.user = member.id, .targets = {}, .origin = connection, .event = happening.event});
    } else {
      auto& present = elsewhere[member.domain];
      if (!joins(member)) present.push_back(member.id);
    }
  }
  for (auto& [domain, present] : elsewhere)
    happening.elsewhere.push_back({domain, update_for(origin, std::move(present), action)});
  return happening;
}

boost::asio::awaitable<Result<Done>> see_that_all_are_there(Backend& backend,
                                                            const std::set<Domain>& peers) {
  std::vector<Asked<std::monostate, Done>> pings;
  for (const auto& peer : peers) pings.push_back({peer, {}});
  co_await ask_all(backend, pings, ping);
  if (auto refusal = unreachable(pings)) co_return *std::move(refusal);
  co_return Done{};
}

}  // namespace twostep::service

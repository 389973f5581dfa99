#include "impl/service/conversation_change.hpp"

#include "impl/store/conversations.hpp"

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

void tell_members(store::Transaction& transaction, Events& events, const Domain& local,
                  const Caller& caller, const QualifiedConversation& conversation,
                  const std::string& event) {
  for (const auto& member : store::member_ids(transaction, conversation)) {
    if (member.domain != local) continue;
    events.add(transaction,
               {.user = member.id, .targets = {}, .origin = caller.connection, .event = event});
  }
}

}  // namespace twostep::service

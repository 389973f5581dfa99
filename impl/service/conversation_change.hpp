#pragma once

#include <string>

#include "impl/core/conversation.hpp"
#include "impl/core/result.hpp"
#include "impl/service/change.hpp"
#include "impl/service/ports.hpp"
#include "impl/store/store.hpp"
#include "impl/wire/conversation_events.hpp"

/// What every change to a conversation begins and ends with: may the caller do this, and who is
/// to hear of it.
///
/// Threads    Inside one transaction.
/// Source     specs/06-conversations.md (CNV).
namespace twostep::service {

/// A conversation of which the caller is a member.
struct OwnConversation {
  Conversation conversation;
  Member self;
};

/// Errors     `no_conversation`, whether there is none or the caller is not a member.
Result<OwnConversation> own_conversation(const store::Reader& reader, const QualifiedUser& user,
                                         const QualifiedConversation& id);

/// The same, if the caller may do this to it.
/// Errors     Also `invalid_op` if nobody may, `action_denied` if the caller's role does not.
Result<OwnConversation> changeable_conversation(const store::Reader& reader,
                                                const QualifiedUser& user,
                                                const QualifiedConversation& id, Action action);

/// Where an event comes from that the caller causes now.
wire::EventOrigin origin_of(const Backend& backend, const Caller& caller,
                            const QualifiedConversation& conversation);

/// Stores the event for every local member, the caller included.
void tell_members(store::Transaction& transaction, Events& events, const Domain& local,
                  const Caller& caller, const QualifiedConversation& conversation,
                  const std::string& event);

}  // namespace twostep::service

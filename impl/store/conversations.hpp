#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "impl/core/conversation.hpp"
#include "impl/core/ids.hpp"
#include "impl/core/time_uuid.hpp"
#include "impl/store/store.hpp"

/// Conversations, their members, and how each member keeps them.
///
/// Shape      Three tables. One row per conversation: name, access, …; one per (conversation,
///            member): the role; and for each local member one per (user, conversation): its own
///            state. The functions for members write the last two together, so that "who is in it"
///            and "what am I in" never disagree. Values are JSON text.
///            Everybody's self conversation has no row: it is there because the account is.
/// Threads    Functions over a reader or a transaction; no state of their own.
/// Source     specs/06-conversations.md (CNV).
namespace twostep::store {

std::optional<Conversation> find_conversation(const Reader& reader,
                                              const QualifiedConversation& id);

bool conversation_exists(const Reader& reader, const QualifiedConversation& id);

void put_conversation(Transaction& transaction, const Conversation& conversation);

bool is_member(const Reader& reader, const QualifiedConversation& conversation,
               const QualifiedUser& user);

/// By domain, then by id. Looks at keys alone: every send needs it, and no send needs the roles.
std::vector<QualifiedUser> member_ids(const Reader& reader,
                                      const QualifiedConversation& conversation);

std::vector<Member> members(const Reader& reader, const QualifiedConversation& conversation);

std::optional<Member> find_member(const Reader& reader, const QualifiedConversation& conversation,
                                  const QualifiedUser& user);

/// Adds a member, or changes its role. `local` is this backend: only its users get a row for their
/// own state, and a member that has one keeps it.
void put_member(Transaction& transaction, const Domain& local,
                const QualifiedConversation& conversation, const Member& member);

void erase_member(Transaction& transaction, const Domain& local,
                  const QualifiedConversation& conversation, const QualifiedUser& user);

/// When members of a conversation of this backend change that change now: later by a millisecond, at
/// least, than whenever they changed before, whatever the clock says. So the times that other backends
/// are told have the order of the changes.
Instant time_of_change(const Reader& reader, const QualifiedConversation& id, Instant now);

/// Notes that they changed then. Nothing for a conversation that has no row.
void put_time_of_change(Transaction& transaction, const QualifiedConversation& id, Instant changed);

/// When a user here was last brought into a conversation of another backend, by that backend's clock.
/// None if that was never noted.
std::optional<Instant> joined_at(const Reader& reader, const QualifiedConversation& conversation,
                                 const QualifiedUser& user);

/// Notes that it was then, unless a later time is noted. In milliseconds, as calls have it.
/// Requires   The user is a member.
void put_joined_at(Transaction& transaction, const QualifiedConversation& conversation,
                   const QualifiedUser& user, Instant joined);

/// What a local user keeps of a conversation; all empty where nothing was ever put.
OwnState own_state(const Reader& reader, const UserId& user,
                   const QualifiedConversation& conversation);

/// Requires   The user is a local member.
void put_own_state(Transaction& transaction, const UserId& user,
                   const QualifiedConversation& conversation, const OwnState& state);

/// The conversations of a user of this backend, wherever they are owned, in the order of their
/// names; those after `after`, at most `size_max`.
std::vector<QualifiedConversation> conversations_of(
    const Reader& reader, const QualifiedUser& user,
    const std::optional<QualifiedConversation>& after, std::size_t size_max);

}  // namespace twostep::store

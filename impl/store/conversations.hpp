#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "impl/core/conversation.hpp"
#include "impl/core/ids.hpp"
#include "impl/store/store.hpp"

/// Conversations, their members, and how each member keeps them.
///
/// Shape      Three tables. One row per conversation: name, access, …; one per (conversation,
///            member): the role; and for each local member one per (user, conversation): its own
///            state. The functions for members write the last two together, so that "who is in it"
///            and "what am I in" never disagree. Values are JSON text.
/// Threads    Functions over a reader or a transaction; no state of their own.
/// Source     specs/06-conversations.md (CNV).
namespace twostep::store {

struct Conversation {
  QualifiedConversation id;
  ConversationType type = ConversationType::group;
  std::optional<UserId> creator;
  std::optional<std::string> name;
  std::vector<std::string> access;       ///< As the wire names them, each once.
  std::vector<std::string> access_role;  ///< The same.
  std::optional<std::int64_t> message_timer_ms;
  std::optional<std::int32_t> receipt_mode;
};

struct Member {
  QualifiedUser user;
  Role role = Role::admin;

  friend bool operator==(const Member&, const Member&) = default;
};

/// What a member keeps for itself; nobody else sees it. The references are the client's own.
struct OwnState {
  std::optional<std::int32_t> muted_status;
  std::optional<std::string> muted_ref;
  bool archived = false;
  std::optional<std::string> archived_ref;
  bool hidden = false;
  std::optional<std::string> hidden_ref;

  friend bool operator==(const OwnState&, const OwnState&) = default;
};

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

/// None if the local user is not a member.
std::optional<OwnState> find_own_state(const Reader& reader, const UserId& user,
                                       const QualifiedConversation& conversation);

/// Requires   The user is a local member.
void put_own_state(Transaction& transaction, const UserId& user,
                   const QualifiedConversation& conversation, const OwnState& state);

/// The conversations of a local user, wherever they are owned, in the order of their names; those
/// after `after`, at most `size_max`.
std::vector<QualifiedConversation> conversations_of(
    const Reader& reader, const UserId& user, const std::optional<QualifiedConversation>& after,
    std::size_t size_max);

}  // namespace twostep::store

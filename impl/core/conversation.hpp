#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "impl/core/ids.hpp"

/// Conversations, their members, and who may do what in them.
///
/// Threads    Plain values and pure functions.
/// Source     specs/06-conversations.md (CNV), roles.
namespace twostep {

/// The numbers are on the wire and on disk.
enum class ConversationType : std::uint8_t {
  group = 0,
  self = 1,        ///< A user with nobody else; its id is the user's.
  one_to_one = 2,  ///< Of an accepted connection.
  connect = 3,     ///< Of a connection that waits for an answer.
};

enum class Role : std::uint8_t { admin, member };

inline constexpr std::array roles = {Role::admin, Role::member};

std::string_view name_of(Role role);  ///< "wire_admin", "wire_member".
std::optional<Role> role_named(std::string_view name);

struct Conversation {
  QualifiedConversation id;  ///< Its domain is the owner.
  ConversationType type = ConversationType::group;
  UserId creator;
  std::optional<std::string> name = {};
  std::vector<std::string> access = {};       ///< As the wire names them, each once.
  std::vector<std::string> access_role = {};  ///< The same.
  std::optional<std::int64_t> message_timer_ms = {};
  std::optional<std::int64_t> receipt_mode = {};

  friend bool operator==(const Conversation&, const Conversation&) = default;
};

struct Member {
  QualifiedUser user;
  Role role = Role::admin;

  friend bool operator==(const Member&, const Member&) = default;
};

/// What a member keeps for itself; nobody else sees it. The references are the client's own.
struct OwnState {
  std::optional<std::int64_t> muted_status = {};
  std::optional<std::string> muted_ref = {};
  std::optional<bool> archived = {};
  std::optional<std::string> archived_ref = {};
  std::optional<bool> hidden = {};
  std::optional<std::string> hidden_ref = {};

  friend bool operator==(const OwnState&, const OwnState&) = default;
};

/// A conversation as one of its members sees it.
struct ConversationView {
  Conversation conversation;
  std::vector<Member> members;  ///< All of them.
  std::size_t self = 0;         ///< Which of them is looking.
  OwnState own_state = {};
};

/// The conversation of a user with nobody else bears the user's name.
inline QualifiedConversation self_conversation_of(const QualifiedUser& user) {
  return {user.domain, ConversationId{user.id}};
}

/// What a member may want to do to a conversation or to its other members.
enum class Action : std::uint8_t {
  add_member,
  remove_member,  ///< Somebody else; leaving needs no permission.
  change_role,
  rename,
  change_message_timer,
  change_receipt_mode,
};

/// Whether the role has the permission for it.
constexpr bool permits(Role role, Action action) {
  switch (action) {
    case Action::add_member:
    case Action::remove_member:
    case Action::change_role:
    case Action::rename:
    case Action::change_message_timer:
    case Action::change_receipt_mode:
      return role == Role::admin;
  }
  return false;
}

/// Whether a conversation's name, settings and members change on request. Those of the others
/// follow from accounts and connections.
constexpr bool can_change(ConversationType type) { return type == ConversationType::group; }

}  // namespace twostep

#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

/// What kinds of conversations there are, and who may do what in them.
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

/// What a member may want to do to a conversation or to its other members.
enum class Action : std::uint8_t {
  add_member,
  remove_member,  ///< Somebody else.
  leave,
  change_role,
  rename,
  change_message_timer,
  change_receipt_mode,
};

/// Whether the role has the permission for it.
constexpr bool permits(Role role, Action action) {
  return role == Role::admin || action == Action::leave;
}

/// Whether conversations of this type know the action at all, whoever asks. Only groups change.
constexpr bool knows(ConversationType type, Action) { return type == ConversationType::group; }

}  // namespace twostep

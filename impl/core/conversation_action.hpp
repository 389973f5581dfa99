#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "impl/core/conversation.hpp"
#include "impl/core/ids.hpp"

/// What can happen to a conversation after it was created, as its members and their backends are told.
///
/// Threads    Plain values.
/// Source     specs/06-conversations.md (CNV), specs/09-federation.md (FED).
namespace twostep {

struct MembersJoined {
  std::vector<QualifiedUser> users;
  Role role = Role::admin;  ///< Of all of them.
};

/// They have left, if it is just the one who acts; else they were removed.
struct MembersGone {
  std::vector<QualifiedUser> users;
};

struct Renamed {
  std::string name;
};

struct MessageTimerChanged {
  std::optional<std::int64_t> timer_ms;
};

struct ReceiptModeChanged {
  std::int64_t mode = 0;
};

struct RoleChanged {
  Member member;
};

using ConversationAction = std::variant<MembersJoined, MembersGone, Renamed, MessageTimerChanged,
                                        ReceiptModeChanged, RoleChanged>;

}  // namespace twostep

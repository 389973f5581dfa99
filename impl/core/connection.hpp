#pragma once

#include "impl/core/connection_state.hpp"
#include "impl/core/ids.hpp"
#include "impl/core/time_uuid.hpp"

/// A connection as one side sees it.
///
/// Threads    Plain values.
/// Source     specs/06-conversations.md (CNV), connections.
namespace twostep {

struct Connection {
  UserId from;  ///< A user of this backend: this side.
  QualifiedUser to;
  Relation status = Relation::pending;
  Instant last_update;  ///< Kept in milliseconds.
  QualifiedConversation conversation;

  friend bool operator==(const Connection&, const Connection&) = default;
};

}  // namespace twostep

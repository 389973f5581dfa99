#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "impl/core/conversation.hpp"
#include "impl/core/conversation_action.hpp"
#include "impl/core/ids.hpp"
#include "impl/wire/conversations.hpp"
#include "impl/wire/event.hpp"

/// The events that tell the members of a conversation what became of it.
///
/// Shape      Each function returns one event as the JSON bytes that are stored and sent.
/// Threads    Pure functions.
/// Source     specs/06-conversations.md (CNV), specs/07-wire.md (WIR), events.
namespace twostep::wire {

/// `conversation` is its text in the schema of events, as the one who is told sees it.
std::string create_event(const EventOrigin& origin, std::string_view conversation);

std::string member_join_event(const EventOrigin& origin, std::span<const Member> joined);

/// The reason is that they left, if it is just the one who acts, else that they were removed.
std::string member_leave_event(const EventOrigin& origin, std::span<const QualifiedUser> gone);

std::string rename_event(const EventOrigin& origin, std::string_view name);
std::string message_timer_event(const EventOrigin& origin, std::optional<std::int64_t> timer_ms);
std::string receipt_mode_event(const EventOrigin& origin, std::int64_t receipt_mode);

std::string role_event(const EventOrigin& origin, const Member& changed);
/// The event of whatever happened.
std::string event_of(const EventOrigin& origin, const ConversationAction& action);

/// Only what is there has changed.
std::string own_state_event(const EventOrigin& origin, const OwnState& changed);

std::string typing_event(const EventOrigin& origin, Typing typing);

}  // namespace twostep::wire

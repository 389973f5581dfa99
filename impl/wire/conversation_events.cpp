#include "impl/wire/conversation_events.hpp"

#include <variant>
#include <vector>

#include "impl/wire/json.hpp"
#include "impl/wire/own_state.hpp"

namespace twostep::wire {
namespace {

Json target(const QualifiedUser& user) {
  return {{"qualified_target", qualified_id(user)}, {"target", user.id.text()}};
}

}  // namespace

std::string create_event(const EventOrigin& origin, std::string_view conversation) {
  return conversation_event_of("conversation.create", origin, conversation);
}

std::string member_join_event(const EventOrigin& origin, std::span<const Member> joined) {
  auto users = Json::array();
  auto ids = Json::array();
  for (const auto& member : joined) {
    users.push_back({{"qualified_id", qualified_id(member.user)},
                     {"id", member.user.id.text()},
                     {"conversation_role", name_of(member.role)}});
    ids.push_back(member.user.id.text());
  }
  return conversation_event(
      "conversation.member-join", origin,
      {{"users", std::move(users)}, {"user_ids", std::move(ids)}, {"add_type", "internal_add"}});
}

std::string member_leave_event(const EventOrigin& origin, std::span<const QualifiedUser> gone) {
  auto users = Json::array();
  auto ids = Json::array();
  for (const auto& user : gone) {
    users.push_back(qualified_id(user));
    ids.push_back(user.id.text());
  }
  const bool left = gone.size() == 1 && gone.front() == origin.from;
  return conversation_event("conversation.member-leave", origin,
                            {{"qualified_user_ids", std::move(users)},
                             {"user_ids", std::move(ids)},
                             {"reason", left ? "left" : "removed"}});
}

std::string rename_event(const EventOrigin& origin, std::string_view name) {
  return conversation_event("conversation.rename", origin, {{"name", name}});
}

std::string message_timer_event(const EventOrigin& origin, std::optional<std::int64_t> timer_ms) {
  return conversation_event("conversation.message-timer-update", origin,
                            {{"message_timer", timer_ms ? Json(*timer_ms) : Json()}});
}

std::string receipt_mode_event(const EventOrigin& origin, std::int64_t receipt_mode) {
  return conversation_event("conversation.receipt-mode-update", origin,
                            {{"receipt_mode", receipt_mode}});
}

std::string role_event(const EventOrigin& origin, const Member& changed) {
  auto data = target(changed.user);
  data["conversation_role"] = name_of(changed.role);
  return conversation_event("conversation.member-update", origin, data);
}

std::string event_of(const EventOrigin& origin, const ConversationAction& action) {
  struct Visitor {
    const EventOrigin& origin;

    std::string operator()(const MembersJoined& joined) const {
      std::vector<Member> members;
      for (const auto& user : joined.users) members.push_back({.user = user, .role = joined.role});
      return member_join_event(origin, members);
    }
    std::string operator()(const MembersGone& gone) const {
      return member_leave_event(origin, gone.users);
    }
    std::string operator()(const Renamed& renamed) const {
      return rename_event(origin, renamed.name);
    }
    std::string operator()(const MessageTimerChanged& changed) const {
      return message_timer_event(origin, changed.timer_ms);
    }
    std::string operator()(const ReceiptModeChanged& changed) const {
      return receipt_mode_event(origin, changed.mode);
    }
    std::string operator()(const RoleChanged& changed) const {
      return role_event(origin, changed.member);
    }
  };
  return std::visit(Visitor{origin}, action);
}

std::string own_state_event(const EventOrigin& origin, const OwnState& changed) {
  auto data = target(origin.from);
  for_each_member_of(changed, [&](const char* name, const auto& value) {
    if (value) data[name] = *value;
  });
  return conversation_event("conversation.member-update", origin, data);
}

std::string typing_event(const EventOrigin& origin, Typing typing) {
  switch (typing) {
    case Typing::started:
      return conversation_event("conversation.typing", origin, {{"status", "started"}});
    case Typing::stopped:
      return conversation_event("conversation.typing", origin, {{"status", "stopped"}});
  }
  return {};
}

}  // namespace twostep::wire

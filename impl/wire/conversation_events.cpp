#include "impl/wire/conversation_events.hpp"

#include "impl/wire/json.hpp"
#include "impl/wire/json_text.hpp"
#include "impl/wire/own_state.hpp"

namespace twostep::wire {
namespace {

std::string event(std::string_view type, const EventOrigin& origin, std::string_view data) {
  std::string text;
  text.reserve(data.size() + 512);
  text += R"({"type":"conversation.)";
  text += type;
  text += R"(","conversation":")";
  text += origin.conversation.id.text();
  text += R"(","qualified_conversation":)";
  append_qualified_id(text, origin.conversation.domain, origin.conversation.id);
  text += R"(,"from":")";
  text += origin.from.id.text();
  text += R"(","qualified_from":)";
  append_qualified_id(text, origin.from.domain, origin.from.id);
  text += R"(,"time":")";
  text += millisecond_time(origin.time);
  text += R"(","data":)";
  text += data;
  text += '}';
  return text;
}

Json target(const QualifiedUser& user) {
  return {{"qualified_target", qualified_id(user)}, {"target", user.id.text()}};
}

}  // namespace

std::string create_event(const EventOrigin& origin, std::string_view conversation) {
  return event("create", origin, conversation);
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
  return event("member-join", origin,
               text_of({{"users", std::move(users)},
                        {"user_ids", std::move(ids)},
                        {"add_type", "internal_add"}}));
}

std::string member_leave_event(const EventOrigin& origin, const QualifiedUser& gone) {
  return event("member-leave", origin,
               text_of({{"qualified_user_ids", Json::array({qualified_id(gone)})},
                        {"user_ids", Json::array({gone.id.text()})},
                        {"reason", gone == origin.from ? "left" : "removed"}}));
}

std::string rename_event(const EventOrigin& origin, std::string_view name) {
  return event("rename", origin, text_of({{"name", name}}));
}

std::string message_timer_event(const EventOrigin& origin, std::optional<std::int64_t> timer_ms) {
  return event("message-timer-update", origin,
               text_of({{"message_timer", timer_ms ? Json(*timer_ms) : Json()}}));
}

std::string receipt_mode_event(const EventOrigin& origin, std::int64_t receipt_mode) {
  return event("receipt-mode-update", origin, text_of({{"receipt_mode", receipt_mode}}));
}

std::string role_event(const EventOrigin& origin, const Member& changed) {
  auto data = target(changed.user);
  data["conversation_role"] = name_of(changed.role);
  return event("member-update", origin, text_of(data));
}

std::string own_state_event(const EventOrigin& origin, const OwnState& changed) {
  auto data = target(origin.from);
  for_each_member_of(changed, [&](const char* name, const auto& value) {
    if (value) data[name] = *value;
  });
  return event("member-update", origin, text_of(data));
}

std::string typing_event(const EventOrigin& origin, Typing typing) {
  switch (typing) {
    case Typing::started:
      return event("typing", origin, R"({"status":"started"})");
    case Typing::stopped:
      return event("typing", origin, R"({"status":"stopped"})");
  }
  return {};
}

}  // namespace twostep::wire

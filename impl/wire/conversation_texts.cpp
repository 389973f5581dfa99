#include <algorithm>
#include <cassert>

#include "impl/wire/conversations.hpp"
#include "impl/wire/json.hpp"
#include "impl/wire/own_state.hpp"
#include "impl/wire/paging.hpp"

namespace twostep::wire {
namespace {

constexpr std::string_view never = "1970-01-01T00:00:00.000Z";

template <class T>
Json or_null(const std::optional<T>& value) {
  return value ? Json(*value) : Json();
}

/// The one word that older clients know for a set of access roles: the narrowest that allows all.
std::string_view one_word_for(const std::vector<std::string>& access_role) {
  const auto has = [&](std::string_view word) {
    return std::find(access_role.begin(), access_role.end(), word) != access_role.end();
  };
  if (access_role.empty()) return "private";
  if (has("guest")) return "non_activated";
  return has("non_team_member") || has("service") ? "activated" : "team";
}

Json json_of(const Conversation& conversation, ConversationSchema schema) {
  const bool group = conversation.type == ConversationType::group;
  Json json{{"qualified_id", qualified_id(conversation.id)},
            {"id", conversation.id.id.text()},
            {"type", static_cast<int>(conversation.type)},
            {"creator", conversation.creator.text()},
            {"access", conversation.access},
            {"access_role", conversation.access_role},
            {"name", or_null(conversation.name)},
            {"team", nullptr},
            {"message_timer", or_null(conversation.message_timer_ms)},
            {"receipt_mode", or_null(conversation.receipt_mode)},
            {"last_event", "0.0"},
            {"last_event_time", never},
            {"protocol", "proteus"},
            {"group_conv_type", group ? Json("group_conversation") : Json()},
            {"cells_state", "disabled"},
            {"add_permission", nullptr},
            {"parent", nullptr},
            {"history", nullptr}};
  if (schema == ConversationSchema::in_events) {
    json["access_role"] = one_word_for(conversation.access_role);
    json["access_role_v2"] = conversation.access_role;
  }
  return json;
}

Json json_of(const Member& member) {
  return {{"qualified_id", qualified_id(member.user)},
          {"id", member.user.id.text()},
          {"conversation_role", name_of(member.role)},
          {"status", 0}};
}

std::string without_last_brace(std::string text) {
  assert(text.ends_with('}'));
  text.pop_back();
  return text;
}

std::string rest_of_self(const OwnState& own_state) {
  Json json{{"service", nullptr}, {"status_ref", "0.0"}, {"status_time", never}};
  for_each_member_of(own_state,
                     [&](const char* name, const auto& value) { json[name] = or_null(value); });
  json["otr_archived"] = own_state.archived.value_or(false);
  json["hidden"] = own_state.hidden.value_or(false);
  return text_of(json).substr(1);
}

}  // namespace

ConversationTexts::ConversationTexts(const Conversation& conversation,
                                     std::span<const Member> members, ConversationSchema schema)
    : head_{without_last_brace(text_of(json_of(conversation, schema))) + R"(,"members":{"self":)"} {
  members_.reserve(members.size());
  for (const auto& member : members) {
    members_.push_back(without_last_brace(text_of(json_of(member))));
    members_bytes_ += members_.back().size() + 2;
  }
}

std::string ConversationTexts::seen_by(std::size_t member, const OwnState& own_state) const {
  assert(member < members_.size());
  const auto rest = rest_of_self(own_state);
  std::string text;
  text.reserve(head_.size() + members_bytes_ + rest.size() + 64);
  text += head_;
  text += members_[member];
  text += ',';
  text += rest;
  text += R"(,"others":[)";
  bool first = true;
  for (std::size_t other = 0; other < members_.size(); ++other) {
    if (other == member) continue;
    if (!first) text += ',';
    first = false;
    text += members_[other];
    text += '}';
  }
  text += "]}}";
  return text;
}

std::string encode_conversation(const ConversationView& view) {
  return ConversationTexts{view.conversation, view.members, ConversationSchema::current}.seen_by(
      view.self, view.own_state);
}

std::string encode_created_conversation(const ConversationView& view) {
  return without_last_brace(encode_conversation(view)) + R"(,"failed_to_add":[]})";
}

std::string encode_conversation_ids(const ConversationIdPage& page) {
  auto ids = Json::array();
  std::optional<QualifiedConversation> last;
  for (const auto& id : page.ids) {
    ids.push_back(qualified_id(id));
    last = id;
  }
  return text_of({{"qualified_conversations", std::move(ids)},
                  {"has_more", page.has_more},
                  {"paging_state", paging_state(last)}});
}

std::string encode_conversations(const FoundConversations& conversations) {
  std::string text = R"({"found":[)";
  for (const auto& view : conversations.found) {
    if (!text.ends_with('[')) text += ',';
    text += encode_conversation(view);
  }
  const auto names = [](const std::vector<QualifiedConversation>& ids) {
    auto list = Json::array();
    for (const auto& id : ids) list.push_back(qualified_id(id));
    return text_of(list);
  };
  text += R"(],"not_found":)" + names(conversations.not_found);
  text += R"(,"failed":)" + names(conversations.failed);
  return text + '}';
}

}  // namespace twostep::wire

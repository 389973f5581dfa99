#include "impl/wire/peer_conversations.hpp"

#include <algorithm>
#include <limits>
#include <utility>

#include "impl/core/limits.hpp"
#include "impl/wire/fields.hpp"
#include "impl/wire/json_text.hpp"
#include "impl/wire/time_text.hpp"

namespace twostep::wire {
namespace {

/// Words of access: short, few, and whatever the owner calls them.
constexpr read::Text word{1, 64};
constexpr std::size_t words_max = 16;
constexpr read::Text name_text{1, limits::conversation_name_chars_max};
constexpr read::Integer timer_ms{0, std::numeric_limits<std::int64_t>::max()};
constexpr read::Integer receipt_mode{std::numeric_limits<std::int32_t>::min(),
                                     std::numeric_limits<std::int32_t>::max()};

struct ReadRole {
  Result<Role> operator()(const Json& value) const {
    if (const auto* text = value.get_ptr<const std::string*>()) {
      if (const auto role = role_named(*text)) return *role;
      // Roles that only the owner knows may do nothing here: the owner decides.
      return Role::member;
    }
    return Refusal{Reason::bad_request, "not a role"};
  }
};

struct ReadMember {
  Result<Member> operator()(const Json& value) const {
    Fields fields{value};
    Member member{.user = fields.required("qualified_id", read::qualified_user),
                  .role = fields.optional("conversation_role", ReadRole{}).value_or(Role::admin)};
    return fields.done(std::move(member));
  }
};

struct ReadType {
  Result<ConversationType> operator()(const Json& value) const {
    const auto number = read::Integer{0, 3}(value);
    if (!number) return number.error();
    return static_cast<ConversationType>(*number);
  }
};

Json member_json(const Member& member) {
  return {{"qualified_id", qualified_id(member.user)},
          {"id", member.user.id.text()},
          {"conversation_role", name_of(member.role)},
          {"status", 0}};
}

template <class T>
Json or_null(const std::optional<T>& value) {
  return value ? Json(*value) : Json();
}

template <class Id>
Json id_list(const std::vector<Id>& ids) {
  auto list = Json::array();
  for (const auto& id : ids) list.push_back(id.text());
  return list;
}

Json user_list(const std::vector<QualifiedUser>& users) {
  auto list = Json::array();
  for (const auto& user : users) list.push_back(qualified_id(user));
  return list;
}

const Json proteus{{"protocol", "proteus"}};

// --- Actions -------------------------------------------------------------------------------

struct Tagged {
  std::string_view tag;
  Json action;
};

Tagged tagged(const PeerUpdate& update) {
  struct Visitor {
    const PeerUpdate& update;

    Tagged operator()(const MembersJoined& joined) const {
      return {"ConversationJoinTag",
              {{"users", user_list(joined.users)},
               {"role", name_of(joined.role)},
               {"join_type", "internal_add"}}};
    }
    Tagged operator()(const MembersGone& gone) const {
      if (gone.users == std::vector{update.by}) return {"ConversationLeaveTag", Json::object()};
      return {"ConversationRemoveMembersTag",
              {{"targets", user_list(gone.users)}, {"reason", "removed"}}};
    }
    Tagged operator()(const Renamed& renamed) const {
      return {"ConversationRenameTag", {{"name", renamed.name}}};
    }
    Tagged operator()(const MessageTimerChanged& changed) const {
      return {"ConversationMessageTimerUpdateTag", {{"message_timer", or_null(changed.timer_ms)}}};
    }
    Tagged operator()(const ReceiptModeChanged& changed) const {
      return {"ConversationReceiptModeUpdateTag", {{"receipt_mode", changed.mode}}};
    }
    Tagged operator()(const RoleChanged& changed) const {
      return {"ConversationMemberUpdateTag",
              {{"target", qualified_id(changed.member.user)},
               {"update", {{"conversation_role", name_of(changed.member.role)}}}}};
    }
  };
  return std::visit(Visitor{update}, update.action);
}

Result<ConversationAction> action_of(std::string_view tag, const Json& action,
                                     const QualifiedUser& by) {
  const read::List users{read::qualified_user, limits::members_max, 1};
  Fields fields{action};
  ConversationAction read;
  if (tag == "ConversationJoinTag") {
    read = MembersJoined{.users = fields.required("users", users),
                         .role = fields.required("role", ReadRole{})};
  } else if (tag == "ConversationLeaveTag") {
    return ConversationAction{MembersGone{{by}}};
  } else if (tag == "ConversationRemoveMembersTag") {
    read = MembersGone{fields.required("targets", users)};
  } else if (tag == "ConversationRenameTag") {
    read = Renamed{fields.required("name", name_text)};
  } else if (tag == "ConversationMessageTimerUpdateTag") {
    read = MessageTimerChanged{fields.optional("message_timer", timer_ms)};
  } else if (tag == "ConversationReceiptModeUpdateTag") {
    read = ReceiptModeChanged{fields.required("receipt_mode", receipt_mode)};
  } else if (tag == "ConversationMemberUpdateTag") {
    auto target = fields.required("target", read::qualified_user);
    const auto update = fields.required("update", read::anything);
    Fields changed{update};
    read = RoleChanged{
        {.user = std::move(target), .role = changed.required("conversation_role", ReadRole{})}};
    if (changed.refusal()) return *changed.refusal();
  } else {
    return Refusal{Reason::bad_request, "not an action that is known"};
  }
  return fields.done(std::move(read));
}

// --- A conversation as one user sees it ----------------------------------------------------

Json view_json(const ConversationView& view) {
  const auto& conversation = view.conversation;
  auto others = Json::array();
  for (std::size_t i = 0; i < view.members.size(); ++i)
    if (i != view.self) others.push_back(member_json(view.members[i]));
  return {
      {"id", conversation.id.id.text()},
      {"metadata",
       {{"type", static_cast<int>(conversation.type)},
        {"creator", conversation.creator.text()},
        {"access", conversation.access},
        {"access_role", conversation.access_role},
        {"name", or_null(conversation.name)},
        {"team", nullptr},
        {"message_timer", or_null(conversation.message_timer_ms)},
        {"receipt_mode", or_null(conversation.receipt_mode)}}},
      {"members",
       {{"self_role", name_of(view.members.at(view.self).role)}, {"others", std::move(others)}}},
      {"protocol", proteus}};
}

struct ReadView {
  const Domain& owner;
  const QualifiedUser& user;

  Result<ConversationView> operator()(const Json& value) const {
    const read::List words{word, words_max};
    Fields fields{value};
    const auto id = fields.required("id", read::conversation_id);
    const auto metadata = fields.required("metadata", read::anything);
    const auto members = fields.required("members", read::anything);
    if (fields.refusal()) return *fields.refusal();

    Fields about{metadata};
    Conversation conversation{
        .id = {owner, id},
        .type = about.required("type", ReadType{}),
        .creator = about.optional("creator", read::user_id).value_or(UserId{}),
        .name = about.optional("name", name_text),
        .access = about.required("access", words),
        .access_role = about.optional("access_role", words).value_or(std::vector<std::string>{}),
        .message_timer_ms = about.optional("message_timer", timer_ms),
        .receipt_mode = about.optional("receipt_mode", receipt_mode)};
    if (about.refusal()) return *about.refusal();

    Fields who{members};
    const auto self_role = who.required("self_role", ReadRole{});
    auto all = who.required("others", read::List{ReadMember{}, limits::members_max});
    if (who.refusal()) return *who.refusal();
    std::erase_if(all, [&](const Member& member) { return member.user == user; });
    all.insert(all.begin(), {.user = user, .role = self_role});
    return ConversationView{.conversation = std::move(conversation), .members = std::move(all)};
  }
};

}  // namespace

std::string encode_conversation_created(const PeerConversation& created) {
  const auto& conversation = created.conversation;
  auto others = Json::array();
  for (std::size_t i = 1; i < created.members.size(); ++i)
    others.push_back(member_json(created.members[i]));
  return text_of({{"time", millisecond_time(created.time)},
                  {"orig_user_id", conversation.creator.text()},
                  {"cnv_id", conversation.id.id.text()},
                  {"cnv_type", static_cast<int>(conversation.type)},
                  {"cnv_access", conversation.access},
                  {"cnv_access_roles", conversation.access_role},
                  {"cnv_name", or_null(conversation.name)},
                  {"non_creator_members", std::move(others)},
                  {"message_timer", or_null(conversation.message_timer_ms)},
                  {"receipt_mode", or_null(conversation.receipt_mode)},
                  {"protocol", proteus}});
}

Result<PeerConversation> decode_conversation_created(std::string_view body, const Domain& owner) {
  const auto json = parse_object(body);
  if (!json) return json.error();
  const read::List words{word, words_max};
  Fields fields{*json};
  PeerConversation created{
      .time = fields.required("time", read::time),
      .conversation = {.id = {owner, fields.required("cnv_id", read::conversation_id)},
                       .type = fields.required("cnv_type", ReadType{}),
                       .creator = fields.required("orig_user_id", read::user_id),
                       .name = fields.optional("cnv_name", name_text),
                       .access = fields.required("cnv_access", words),
                       .access_role = fields.optional("cnv_access_roles", words)
                                          .value_or(std::vector<std::string>{}),
                       .message_timer_ms = fields.optional("message_timer", timer_ms),
                       .receipt_mode = fields.optional("receipt_mode", receipt_mode)},
      .members =
          fields.required("non_creator_members", read::List{ReadMember{}, limits::members_max})};
  const QualifiedUser creator{owner, created.conversation.creator};
  created.members.insert(created.members.begin(), {.user = creator});
  return fields.done(std::move(created));
}

std::string encode_conversation_updated(const PeerUpdate& update) {
  auto [tag, action] = tagged(update);
  return text_of({{"time", millisecond_time(update.time)},
                  {"origUserId", qualified_id(update.by)},
                  {"convId", update.conversation.text()},
                  {"alreadyPresentUsers", id_list(update.present)},
                  {"action", {{"tag", tag}, {"action", std::move(action)}}},
                  {"extraConversationData", nullptr}});
}

Result<PeerUpdate> decode_conversation_updated(std::string_view body) {
  const auto json = parse_object(body);
  if (!json) return json.error();
  Fields fields{*json};
  PeerUpdate update{.time = fields.required("time", read::time),
                    .by = fields.required("origUserId", read::qualified_user),
                    .conversation = fields.required("convId", read::conversation_id),
                    .present = fields.required("alreadyPresentUsers",
                                               read::List{read::user_id, limits::members_max}),
                    .action = {}};
  const auto tagged_action = fields.required("action", read::anything);
  if (fields.refusal()) return *fields.refusal();
  Fields inner{tagged_action};
  const auto tag = inner.required("tag", read::Text{1, 64});
  const auto action = inner.optional("action", read::anything).value_or(Json::object());
  if (inner.refusal()) return *inner.refusal();
  auto read = action_of(tag, action, update.by);
  if (!read) return read.error();
  update.action = *std::move(read);
  return update;
}

std::string encode_peer_leave(const PeerLeave& leave) {
  return text_of({{"conv_id", leave.conversation.text()}, {"leaver", leave.leaver.text()}});
}

Result<PeerLeave> decode_peer_leave(std::string_view body) {
  const auto json = parse_object(body);
  if (!json) return json.error();
  Fields fields{*json};
  PeerLeave leave{.conversation = fields.required("conv_id", read::conversation_id),
                  .leaver = fields.required("leaver", read::user_id)};
  return fields.done(std::move(leave));
}

std::string encode_leave_answer(LeaveAnswer answer) {
  switch (answer) {
    case LeaveAnswer::left:
      return R"({"Right":[]})";
    case LeaveAnswer::not_found:
      return R"({"Left":"RemoveFromConversationErrorNotFound"})";
    case LeaveAnswer::not_allowed:
      return R"({"Left":"RemoveFromConversationErrorRemovalNotAllowed"})";
    case LeaveAnswer::unchanged:
      return R"({"Left":"RemoveFromConversationErrorUnchanged"})";
  }
  return {};
}

Result<LeaveAnswer> decode_leave_answer(const Json& answer) {
  Fields fields{answer};
  const auto right = fields.optional("Right", read::anything);
  const read::OneOf<LeaveAnswer> reasons{
      {{"RemoveFromConversationErrorNotFound", LeaveAnswer::not_found},
       {"RemoveFromConversationErrorRemovalNotAllowed", LeaveAnswer::not_allowed},
       {"RemoveFromConversationErrorUnchanged", LeaveAnswer::unchanged}}};
  if (right) return LeaveAnswer::left;
  return fields.done(fields.required("Left", reasons));
}

std::string encode_conversation_query(const PeerConversationQuery& query) {
  return text_of({{"user_id", query.user.text()}, {"conv_ids", id_list(query.conversations)}});
}

Result<PeerConversationQuery> decode_conversation_query(std::string_view body) {
  const auto json = parse_object(body);
  if (!json) return json.error();
  Fields fields{*json};
  PeerConversationQuery query{
      .user = fields.required("user_id", read::user_id),
      .conversations = fields.required(
          "conv_ids", read::List{read::conversation_id, limits::conversations_page_max})};
  return fields.done(std::move(query));
}

std::string encode_peer_conversations(std::span<const ConversationView> views) {
  // View by view: a tree of all of them would be many times as large as its text.
  std::string text = R"({"convs":[)";
  for (const auto& view : views) {
    if (text.back() != '[') text += ',';
    text += text_of(view_json(view));
  }
  return text + "]}";
}

Result<std::vector<ConversationView>> decode_peer_conversations(const Json& answer,
                                                                const Domain& owner,
                                                                const QualifiedUser& user) {
  Fields fields{answer};
  return fields.done(
      fields.required("convs", read::List{ReadView{owner, user}, limits::conversations_page_max}));
}

}  // namespace twostep::wire

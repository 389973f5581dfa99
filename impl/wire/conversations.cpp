#include "impl/wire/conversations.hpp"

#include <algorithm>
#include <limits>
#include <type_traits>

#include "impl/wire/fields.hpp"
#include "impl/wire/json.hpp"
#include "impl/wire/own_state.hpp"
#include "impl/wire/paging.hpp"

namespace twostep::wire {
namespace {

constexpr read::Integer receipt_mode{std::numeric_limits<std::int32_t>::min(),
                                     std::numeric_limits<std::int32_t>::max()};
constexpr read::Integer timer_ms{0, std::numeric_limits<std::int64_t>::max()};
constexpr read::Text conversation_name{1, limits::conversation_name_chars_max};

struct RoleName {
  Result<Role> operator()(const Json& value) const {
    if (const auto* text = value.get_ptr<const std::string*>()) {
      if (const auto role = role_named(*text)) return *role;
    }
    return Refusal{Reason::bad_request, "not a role"};
  }
};

/// A set of words out of a known few, in the order in which those stand here.
struct Words {
  std::span<const std::string_view> known;

  Result<std::vector<std::string>> operator()(const Json& value) const {
    const auto given = read::List{read::Text{1, 64}, 16}(value);
    if (!given) return given.error();
    const auto is_known = [&](const std::string& word) {
      return std::find(known.begin(), known.end(), word) != known.end();
    };
    if (!std::all_of(given->begin(), given->end(), is_known))
      return Refusal{Reason::bad_request, "not one of the words possible here"};
    std::vector<std::string> words;
    for (const auto word : known) {
      if (std::find(given->begin(), given->end(), word) != given->end()) words.emplace_back(word);
    }
    return words;
  }
};

constexpr std::string_view access_words[] = {"private", "invite", "link", "code"};
constexpr std::string_view access_role_words[] = {"team_member", "non_team_member", "guest",
                                                  "service"};

std::vector<QualifiedUser> each_once(std::vector<QualifiedUser> users) {
  std::sort(users.begin(), users.end());
  users.erase(std::unique(users.begin(), users.end()), users.end());
  return users;
}

/// What is asked for and is not there: teams, and the other protocol.
std::optional<Refusal> beyond_us(const Json& json) {
  if (const auto team = json.find("team"); team != json.end() && !team->is_null())
    return Refusal{Reason::no_team_member};
  if (json.value("protocol", Json("proteus")) != "proteus")
    return Refusal{Reason::bad_request, "protocol: only proteus is spoken here"};
  return std::nullopt;
}

}  // namespace

Result<NewConversation> decode_new_conversation(std::string_view body, const Domain& local) {
  const auto json = parse_object(body);
  if (!json) return json.error();
  if (const auto refusal = beyond_us(*json)) return *refusal;

  Fields fields{*json};
  constexpr auto most = limits::invited_per_request_max;
  auto users = fields.optional("qualified_users", read::List{read::qualified_user, most});
  const auto unqualified = fields.optional("users", read::List{read::user_id, most});
  NewConversation conversation;
  if (users) conversation.users = *std::move(users);
  if (unqualified) {
    for (const auto& user : *unqualified) conversation.users.push_back({local, user});
  }
  conversation.users = each_once(std::move(conversation.users));
  conversation.role = fields.optional("conversation_role", RoleName{}).value_or(Role::admin);
  conversation.name = fields.optional("name", conversation_name);
  conversation.access =
      fields.optional("access", Words{access_words}).value_or(std::vector<std::string>{"invite"});
  conversation.access_role =
      fields.optional("access_role", Words{access_role_words})
          .value_or(std::vector<std::string>{"team_member", "non_team_member", "service"});
  conversation.message_timer_ms = fields.optional("message_timer", timer_ms);
  conversation.receipt_mode = fields.optional("receipt_mode", receipt_mode);
  return fields.done(std::move(conversation));
}

Result<NewMembers> decode_new_members(std::string_view body) {
  const auto json = parse_object(body);
  if (!json) return json.error();
  Fields fields{*json};
  NewMembers members{
      .users = each_once(fields.required(
          "qualified_users", read::List{read::qualified_user, limits::invited_per_request_max, 1})),
      .role = fields.optional("conversation_role", RoleName{}).value_or(Role::admin)};
  return fields.done(std::move(members));
}

Result<ListConversationIds> decode_list_conversation_ids(std::string_view body) {
  const auto json = parse_object_or_nothing(body);
  if (!json) return json.error();
  Fields fields{*json};
  ListConversationIds list;
  const auto size = fields.optional("size", read::Integer{1, limits::conversations_page_max});
  if (size) list.size = static_cast<std::size_t>(*size);
  list.after =
      fields.optional("paging_state", read::PagingState<ConversationId>{}).value_or(std::nullopt);
  return fields.done(std::move(list));
}

Result<std::vector<QualifiedConversation>> decode_conversation_ids(std::string_view body) {
  const auto json = parse_object(body);
  if (!json) return json.error();
  Fields fields{*json};
  return fields.done(fields.required(
      "qualified_ids", read::List{read::qualified_conversation, limits::conversations_page_max}));
}

Result<std::string> decode_name(std::string_view body) {
  const auto json = parse_object(body);
  if (!json) return json.error();
  Fields fields{*json};
  return fields.done(fields.required("name", conversation_name));
}

Result<std::optional<std::int64_t>> decode_message_timer(std::string_view body) {
  const auto json = parse_object(body);
  if (!json) return json.error();
  Fields fields{*json};
  return fields.done(fields.optional("message_timer", timer_ms));
}

Result<std::int64_t> decode_receipt_mode(std::string_view body) {
  const auto json = parse_object(body);
  if (!json) return json.error();
  Fields fields{*json};
  return fields.done(fields.required("receipt_mode", receipt_mode));
}

Result<Role> decode_role(std::string_view body) {
  const auto json = parse_object(body);
  if (!json) return json.error();
  Fields fields{*json};
  return fields.done(fields.required("conversation_role", RoleName{}));
}

Result<OwnState> decode_own_state(std::string_view body) {
  const auto json = parse_object(body);
  if (!json) return json.error();
  Fields fields{*json};
  OwnState state;
  for_each_member_of(state, [&](const char* name, auto& value) {
    using T = typename std::decay_t<decltype(value)>::value_type;
    if constexpr (std::is_same_v<T, bool>) {
      value = fields.optional(name, read::boolean);
    } else if constexpr (std::is_same_v<T, std::string>) {
      value = fields.optional(name, read::Text{0, limits::own_reference_chars_max});
    } else {
      value = fields.optional(name, receipt_mode);
    }
  });
  if (!fields.refusal() && state == OwnState{})
    return Refusal{Reason::bad_request, "nothing to change"};
  return fields.done(std::move(state));
}

Result<Typing> decode_typing(std::string_view body) {
  const auto json = parse_object(body);
  if (!json) return json.error();
  Fields fields{*json};
  const read::OneOf<Typing> typing{{{"started", Typing::started}, {"stopped", Typing::stopped}}};
  return fields.done(fields.required("status", typing));
}

}  // namespace twostep::wire

#include "impl/store/conversations.hpp"

#include <nlohmann/json.hpp>

#include "impl/store/key.hpp"
#include "impl/store/names_in_keys.hpp"

namespace twostep::store {
namespace {

using nlohmann::json;

Key conversation_key(const QualifiedConversation& id) {
  Key key{Table::conversation};
  return add(key, id);
}

Key members_key(const QualifiedConversation& conversation) {
  Key key{Table::member};
  return add(key, conversation);
}

Key member_key(const QualifiedConversation& conversation, const QualifiedUser& user) {
  auto key = members_key(conversation);
  return add(key, user);
}

Key memberships_key(const UserId& user) { return Key{Table::membership}.add(user); }

Key membership_key(const UserId& user, const QualifiedConversation& conversation) {
  auto key = memberships_key(user);
  return add(key, conversation);
}

template <class T>
void put_if(json& row, const char* name, const std::optional<T>& value) {
  if (value) row[name] = *value;
}

template <class T>
void get_if(const json& row, const char* name, std::optional<T>& value) {
  if (const auto found = row.find(name); found != row.end()) value = found->get<T>();
}

Role role_in(std::string_view value) {
  return *role_named(json::parse(value).at("role").get_ref<const std::string&>());
}

}  // namespace

std::optional<Conversation> find_conversation(const Reader& reader,
                                              const QualifiedConversation& id) {
  const auto value = reader.get(conversation_key(id).bytes());
  if (!value) return std::nullopt;
  const auto row = json::parse(*value);
  Conversation conversation{.id = id,
                            .type = static_cast<ConversationType>(row.at("type").get<int>()),
                            .creator = {},
                            .name = {},
                            .access = row.at("access"),
                            .access_role = row.at("access_role"),
                            .message_timer_ms = {},
                            .receipt_mode = {}};
  std::optional<std::string> creator;
  get_if(row, "creator", creator);
  if (creator) conversation.creator = UserId::parse(*creator);
  get_if(row, "name", conversation.name);
  get_if(row, "message_timer_ms", conversation.message_timer_ms);
  get_if(row, "receipt_mode", conversation.receipt_mode);
  return conversation;
}

bool conversation_exists(const Reader& reader, const QualifiedConversation& id) {
  return reader.get(conversation_key(id).bytes()).has_value();
}

void put_conversation(Transaction& transaction, const Conversation& conversation) {
  json row{{"type", static_cast<int>(conversation.type)},
           {"access", conversation.access},
           {"access_role", conversation.access_role}};
  if (conversation.creator) row["creator"] = conversation.creator->text();
  put_if(row, "name", conversation.name);
  put_if(row, "message_timer_ms", conversation.message_timer_ms);
  put_if(row, "receipt_mode", conversation.receipt_mode);
  transaction.put(conversation_key(conversation.id).bytes(), row.dump());
}

bool is_member(const Reader& reader, const QualifiedConversation& conversation,
               const QualifiedUser& user) {
  return reader.get(member_key(conversation, user).bytes()).has_value();
}

std::vector<QualifiedUser> member_ids(const Reader& reader,
                                      const QualifiedConversation& conversation) {
  std::vector<QualifiedUser> found;
  const auto all = members_key(conversation);
  NamesInKeys<UserId> names{all};
  reader.scan(all.bytes(), all.end(), [&](std::string_view key, std::string_view) {
    found.push_back(names.read(key));
    return true;
  });
  return found;
}

std::vector<Member> members(const Reader& reader, const QualifiedConversation& conversation) {
  std::vector<Member> found;
  const auto all = members_key(conversation);
  NamesInKeys<UserId> names{all};
  reader.scan(all.bytes(), all.end(), [&](std::string_view key, std::string_view value) {
    found.push_back({.user = names.read(key), .role = role_in(value)});
    return true;
  });
  return found;
}

std::optional<Member> find_member(const Reader& reader, const QualifiedConversation& conversation,
                                  const QualifiedUser& user) {
  const auto value = reader.get(member_key(conversation, user).bytes());
  if (!value) return std::nullopt;
  return Member{.user = user, .role = role_in(*value)};
}

void put_member(Transaction& transaction, const Domain& local,
                const QualifiedConversation& conversation, const Member& member) {
  transaction.put(member_key(conversation, member.user).bytes(),
                  json{{"role", name_of(member.role)}}.dump());
  if (member.user.domain != local) return;
  if (!find_own_state(transaction, member.user.id, conversation))
    put_own_state(transaction, member.user.id, conversation, {});
}

void erase_member(Transaction& transaction, const Domain& local,
                  const QualifiedConversation& conversation, const QualifiedUser& user) {
  transaction.erase(member_key(conversation, user).bytes());
  if (user.domain == local) transaction.erase(membership_key(user.id, conversation).bytes());
}

std::optional<OwnState> find_own_state(const Reader& reader, const UserId& user,
                                       const QualifiedConversation& conversation) {
  const auto value = reader.get(membership_key(user, conversation).bytes());
  if (!value) return std::nullopt;
  const auto row = json::parse(*value);
  OwnState state{.muted_status = {},
                 .muted_ref = {},
                 .archived = row.value("archived", false),
                 .archived_ref = {},
                 .hidden = row.value("hidden", false),
                 .hidden_ref = {}};
  get_if(row, "muted_status", state.muted_status);
  get_if(row, "muted_ref", state.muted_ref);
  get_if(row, "archived_ref", state.archived_ref);
  get_if(row, "hidden_ref", state.hidden_ref);
  return state;
}

void put_own_state(Transaction& transaction, const UserId& user,
                   const QualifiedConversation& conversation, const OwnState& state) {
  auto row = json::object();
  put_if(row, "muted_status", state.muted_status);
  put_if(row, "muted_ref", state.muted_ref);
  if (state.archived) row["archived"] = true;
  put_if(row, "archived_ref", state.archived_ref);
  if (state.hidden) row["hidden"] = true;
  put_if(row, "hidden_ref", state.hidden_ref);
  transaction.put(membership_key(user, conversation).bytes(), row.dump());
}

std::vector<QualifiedConversation> conversations_of(
    const Reader& reader, const UserId& user, const std::optional<QualifiedConversation>& after,
    std::size_t size_max) {
  std::vector<QualifiedConversation> found;
  const auto all = memberships_key(user);
  NamesInKeys<ConversationId> names{all};
  const auto begin = after ? membership_key(user, *after).end() : all.bytes();
  reader.scan(begin, all.end(), [&](std::string_view key, std::string_view) {
    if (found.size() == size_max) return false;
    found.push_back(names.read(key));
    return true;
  });
  return found;
}

}  // namespace twostep::store

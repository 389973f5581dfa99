#include "impl/store/conversations.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "impl/store/accounts.hpp"
#include "impl/store/key.hpp"
#include "impl/store/names_in_keys.hpp"

namespace twostep::store {
namespace {

using nlohmann::json;
using std::chrono::milliseconds;

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

// Whose self conversation this is, if a user of this backend bears the name.
std::optional<QualifiedUser> self_in(const Reader& reader, const QualifiedConversation& id) {
  const UserId user{id.id};
  return account_exists(reader, user) ? std::optional{QualifiedUser{id.domain, user}}
                                      : std::nullopt;
}

Conversation self_conversation(const QualifiedUser& user) {
  return {.id = self_conversation_of(user),
          .type = ConversationType::self,
          .creator = user.id,
          .access = {"private"}};
}

std::optional<std::string_view> row_of(const Reader& reader, const QualifiedConversation& id) {
  return reader.get(conversation_key(id).bytes());
}

using Milliseconds = std::optional<std::int64_t>;  // Since the epoch.

Milliseconds changed_in(const Reader& reader, const QualifiedConversation& id) {
  Milliseconds changed;
  if (const auto value = row_of(reader, id)) get_if(json::parse(*value), "changed_ms", changed);
  return changed;
}

}  // namespace

std::optional<Conversation> find_conversation(const Reader& reader,
                                              const QualifiedConversation& id) {
  const auto value = row_of(reader, id);
  if (!value) {
    const auto self = self_in(reader, id);
    return self ? std::optional{self_conversation(*self)} : std::nullopt;
  }
  const auto row = json::parse(*value);
  Conversation conversation{.id = id,
                            .type = static_cast<ConversationType>(row.at("type").get<int>()),
                            .creator = *UserId::parse(row.at("creator").get<std::string>()),
                            .access = row.at("access").get<std::vector<std::string>>(),
                            .access_role = row.at("access_role").get<std::vector<std::string>>()};
  get_if(row, "name", conversation.name);
  get_if(row, "message_timer_ms", conversation.message_timer_ms);
  get_if(row, "receipt_mode", conversation.receipt_mode);
  return conversation;
}

bool conversation_exists(const Reader& reader, const QualifiedConversation& id) {
  return row_of(reader, id) || self_in(reader, id);
}

void put_conversation(Transaction& transaction, const Conversation& conversation) {
  json row{{"type", static_cast<int>(conversation.type)},
           {"creator", conversation.creator.text()},
           {"access", conversation.access},
           {"access_role", conversation.access_role}};
  put_if(row, "name", conversation.name);
  put_if(row, "message_timer_ms", conversation.message_timer_ms);
  put_if(row, "receipt_mode", conversation.receipt_mode);
  put_if(row, "changed_ms", changed_in(transaction, conversation.id));
  transaction.put(conversation_key(conversation.id).bytes(), row.dump());
}

bool is_member(const Reader& reader, const QualifiedConversation& conversation,
               const QualifiedUser& user) {
  return reader.get(member_key(conversation, user).bytes()).has_value() ||
         self_in(reader, conversation) == user;
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
  if (!found.empty()) return found;
  if (auto self = self_in(reader, conversation)) found.push_back(*std::move(self));
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
  if (!found.empty()) return found;
  if (auto self = self_in(reader, conversation)) found.push_back({.user = *std::move(self)});
  return found;
}

std::optional<Member> find_member(const Reader& reader, const QualifiedConversation& conversation,
                                  const QualifiedUser& user) {
  if (const auto value = reader.get(member_key(conversation, user).bytes()))
    return Member{.user = user, .role = role_in(*value)};
  return self_in(reader, conversation) == user ? std::optional{Member{.user = user}} : std::nullopt;
}

void put_member(Transaction& transaction, const Domain& local,
                const QualifiedConversation& conversation, const Member& member) {
  transaction.put(member_key(conversation, member.user).bytes(),
                  json{{"role", name_of(member.role)}}.dump());
  if (member.user.domain != local) return;
  const auto key = membership_key(member.user.id, conversation);
  if (!transaction.get(key.bytes())) transaction.put(key.bytes(), "{}");
}

void erase_member(Transaction& transaction, const Domain& local,
                  const QualifiedConversation& conversation, const QualifiedUser& user) {
  transaction.erase(member_key(conversation, user).bytes());
  if (user.domain == local) transaction.erase(membership_key(user.id, conversation).bytes());
}

Instant time_of_change(const Reader& reader, const QualifiedConversation& id, Instant now) {
  const auto before = changed_in(reader, id);
  return before ? std::max(now, Instant{milliseconds{*before + 1}}) : now;
}

void put_time_of_change(Transaction& transaction, const QualifiedConversation& id,
                        Instant changed) {
  const auto value = row_of(transaction, id);
  if (!value) return;
  auto row = json::parse(*value);
  row["changed_ms"] = std::chrono::floor<milliseconds>(changed.time_since_epoch()).count();
  transaction.put(conversation_key(id).bytes(), row.dump());
}

std::optional<Instant> joined_at(const Reader& reader, const QualifiedConversation& conversation,
                                 const QualifiedUser& user) {
  const auto value = reader.get(member_key(conversation, user).bytes());
  if (!value) return std::nullopt;
  Milliseconds joined;
  get_if(json::parse(*value), "joined_ms", joined);
  return joined ? std::optional{Instant{milliseconds{*joined}}} : std::nullopt;
}

void put_joined_at(Transaction& transaction, const QualifiedConversation& conversation,
                   const QualifiedUser& user, Instant joined) {
  if (joined <= joined_at(transaction, conversation, user)) return;
  const auto key = member_key(conversation, user);
  auto row = json::parse(*transaction.get(key.bytes()));
  row["joined_ms"] = std::chrono::floor<milliseconds>(joined.time_since_epoch()).count();
  transaction.put(key.bytes(), row.dump());
}

OwnState own_state(const Reader& reader, const UserId& user,
                   const QualifiedConversation& conversation) {
  OwnState state;
  const auto value = reader.get(membership_key(user, conversation).bytes());
  if (!value) return state;
  const auto row = json::parse(*value);
  get_if(row, "muted_status", state.muted_status);
  get_if(row, "muted_ref", state.muted_ref);
  get_if(row, "archived", state.archived);
  get_if(row, "archived_ref", state.archived_ref);
  get_if(row, "hidden", state.hidden);
  get_if(row, "hidden_ref", state.hidden_ref);
  return state;
}

void put_own_state(Transaction& transaction, const UserId& user,
                   const QualifiedConversation& conversation, const OwnState& state) {
  auto row = json::object();
  put_if(row, "muted_status", state.muted_status);
  put_if(row, "muted_ref", state.muted_ref);
  put_if(row, "archived", state.archived);
  put_if(row, "archived_ref", state.archived_ref);
  put_if(row, "hidden", state.hidden);
  put_if(row, "hidden_ref", state.hidden_ref);
  transaction.put(membership_key(user, conversation).bytes(), row.dump());
}

std::vector<QualifiedConversation> conversations_of(
    const Reader& reader, const QualifiedUser& user,
    const std::optional<QualifiedConversation>& after, std::size_t size_max) {
  std::vector<QualifiedConversation> found;
  const auto all = memberships_key(user.id);
  NamesInKeys<ConversationId> names{all};
  const auto begin = after ? membership_key(user.id, *after).end() : all.bytes();
  reader.scan(begin, all.end(), [&](std::string_view key, std::string_view) {
    if (found.size() == size_max) return false;
    found.push_back(names.read(key));
    return true;
  });

  // The self conversation stands where a row of its own would.
  const auto self = self_conversation_of(user);
  const auto place = std::lower_bound(found.begin(), found.end(), self);
  const bool listed = place != found.end() && *place == self;
  if (!listed && (!after || *after < self)) found.insert(place, self);
  if (found.size() > size_max) found.pop_back();
  return found;
}

}  // namespace twostep::store

#include "property-tests/stores/words.hpp"

#include <algorithm>
#include <optional>
#include <sstream>
#include <vector>

#include "property-tests/stores/cast.hpp"

namespace twostep::properties::stores {
namespace {

std::string text_of(const std::string& text) { return text; }
std::string text_of(bool truth) { return truth ? "yes" : "no"; }
std::string text_of(std::int64_t number) { return std::to_string(number); }
std::string text_of(Instant at) { return name_of(at); }
std::string text_of(const EmailAddress& email) { return email.text(); }
std::string text_of(const Handle& handle) { return handle.text(); }

template <class T>
std::string text_of(const std::optional<T>& value) {
  return value ? text_of(*value) : "-";
}

std::string text_of(const std::vector<std::string>& several) {
  std::string text;
  for (const auto& one : several) text += one + ',';
  return '[' + text + ']';
}

template <class... Parts>
std::string sentence(const Parts&... parts) {
  std::string text;
  ((text += text_of(parts) + ' '), ...);
  text.pop_back();
  return text;
}

template <class Cast, class Name>
std::string place_in(const Cast& cast, const Name& name, const char* letter) {
  const auto found = std::find(cast.begin(), cast.end(), name);
  return found == cast.end() ? "?" : letter + std::to_string(found - cast.begin());
}

std::int64_t count(auto moment) { return moment.time_since_epoch().count(); }

}  // namespace

std::string name_of(const UserId& user) { return place_in(users, user, "u"); }
std::string name_of(const QualifiedUser& user) { return place_in(people, user, "u"); }
std::string name_of(ClientId client) { return place_in(devices, client, "d"); }

std::string name_of(const QualifiedConversation& conversation) {
  const auto name = place_in(conversations, conversation, "c");
  return name == "?" ? conversation.domain.text() + '/' + conversation.id.text() : name;
}

std::string name_of(Instant at) { return '@' + std::to_string((at - moment(0)).count()); }

std::string name_of(const TimeUuid& id) { return name_of(id.instant()); }

std::string words(const Account& account) {
  return sentence(account.name, account.email, account.handle, account.accent_id, account.locale,
                  account.password_hash);
}

std::string words(const Client& client) {
  return sentence(client.type == ClientType::temporary, client.registered, client.device_class,
                  client.label, client.cookie, client.model, client.capabilities);
}

std::string words(const Conversation& conversation) {
  return sentence(static_cast<std::int64_t>(conversation.type), name_of(conversation.creator),
                  conversation.name, conversation.access, conversation.access_role,
                  conversation.message_timer_ms, conversation.receipt_mode);
}

std::string words(const OwnState& state) {
  return sentence(state.muted_status, state.muted_ref, state.archived, state.archived_ref,
                  state.hidden, state.hidden_ref);
}

std::string words(const Connection& connection) {
  return sentence(std::string{twostep::name_of(connection.status)}, count(connection.last_update),
                  name_of(connection.conversation));
}

std::string words(const Cookie& cookie) {
  return sentence(cookie.persistent, count(cookie.issued), count(cookie.expires));
}

std::string words(const PushToken& token) {
  return sentence(token.token, static_cast<std::int64_t>(token.registered_on.value));
}

}  // namespace twostep::properties::stores

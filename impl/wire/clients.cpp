#include "impl/wire/clients.hpp"

#include <utility>

#include "impl/core/limits.hpp"
#include "impl/wire/fields.hpp"
#include "impl/wire/json_text.hpp"
#include "impl/wire/prekeys.hpp"

namespace twostep::wire {
namespace {

constexpr read::Text short_text{0, limits::label_chars_max};
constexpr std::string_view consumable_notifications = "consumable-notifications";

/// Also bounds the list: each may be named once.
constexpr std::size_t capabilities_max = 2;

/// The known capabilities in one order, so that the same set is stored as the same text.
Result<std::vector<std::string>> capabilities(const Json& value) {
  const read::OneOf<std::string> word{{{"legalhold-implicit-consent", "legalhold-implicit-consent"},
                                       {consumable_notifications, "consumable-notifications"}}};
  return read::List{word, capabilities_max}(value);
}

Result<std::string> device_class(const Json& value) {
  return read::OneOf<std::string>{
      {{"phone", "phone"}, {"tablet", "tablet"}, {"desktop", "desktop"}}}(value);
}

/// Clients for legal hold are not for users to add, and their label differs from a misspelt type's.
enum class TypeWord { permanent, temporary, legalhold };

Result<TypeWord> type_word(const Json& value) {
  return read::OneOf<TypeWord>{{{"permanent", TypeWord::permanent},
                                {"temporary", TypeWord::temporary},
                                {"legalhold", TypeWord::legalhold}}}(value);
}

const char* word_of(ClientType type) {
  switch (type) {
    case ClientType::permanent:
      return "permanent";
    case ClientType::temporary:
      return "temporary";
  }
  return "";
}

}  // namespace

Result<NewClient> decode_new_client(std::string_view body) {
  const auto json = parse_object(body);
  if (!json) return json.error();
  Fields fields{*json};
  const auto type = fields.required("type", type_word);
  NewClient client{
      .type = type == TypeWord::temporary ? ClientType::temporary : ClientType::permanent,
      .device_class = fields.optional("class", device_class),
      .label = fields.optional("label", short_text),
      .cookie = fields.optional("cookie", short_text),
      .model = fields.optional("model", short_text),
      .capabilities =
          fields.optional("capabilities", capabilities).value_or(std::vector<std::string>{}),
      .prekeys = fields.required("prekeys", prekey_list),
      .last_resort_key = fields.required("lastkey", last_resort_key),
      .password = fields.optional("password", read::Text{1, limits::password_chars_max})};
  if (!fields.refusal() && type == TypeWord::legalhold)
    return Refusal{Reason::client_error, "Users add no clients for legal hold"};
  return fields.done(std::move(client));
}

Result<ClientUpdate> decode_client_update(std::string_view body) {
  const auto json = parse_object(body);
  if (!json) return json.error();
  Fields fields{*json};
  ClientUpdate update{
      .prekeys = fields.optional("prekeys", prekey_list).value_or(std::vector<Prekey>{}),
      .last_resort_key = fields.optional("lastkey", last_resort_key),
      .label = fields.optional("label", short_text),
      .capabilities = fields.optional("capabilities", capabilities)};
  return fields.done(std::move(update));
}

Result<std::vector<QualifiedUser>> decode_client_query(std::string_view body) {
  const auto json = parse_object(body);
  if (!json) return json.error();
  Fields fields{*json};
  return fields.done(fields.required(
      "qualified_users", read::List{read::qualified_user, limits::names_per_request_max}));
}

Json client(const Client& client) {
  Json json{{"id", client.id.text()},
            {"type", word_of(client.type)},
            {"time", millisecond_time(client.registered)},
            {"capabilities", client.capabilities},
            {"mls_public_keys", Json::object()}};
  if (client.device_class) json["class"] = *client.device_class;
  if (client.label) json["label"] = *client.label;
  if (client.cookie) json["cookie"] = *client.cookie;
  if (client.model) json["model"] = *client.model;
  if (client.last_active) json["last_active"] = second_time(*client.last_active);
  return json;
}

Json public_client(const PublicClient& client) {
  Json json{{"id", client.id.text()}};
  if (client.device_class) json["class"] = *client.device_class;
  return json;
}

std::string client_added_event(const Client& added) {
  auto known = added.capabilities;
  std::erase(known, consumable_notifications);
  auto json = client(added);
  json["capabilities"] = {{"capabilities", std::move(known)}};
  return text_of({{"type", "user.client-add"}, {"client", std::move(json)}});
}

std::string client_removed_event(ClientId client) {
  return text_of({{"type", "user.client-remove"}, {"client", {{"id", client.text()}}}});
}

}  // namespace twostep::wire

#include "impl/wire/peer_users.hpp"

#include "impl/core/limits.hpp"
#include "impl/wire/clients.hpp"
#include "impl/wire/fields.hpp"

namespace twostep::wire {
namespace {

/// Clients of one user. Ours have eight; others may allow more, but not without an end.
constexpr std::size_t clients_of_user_max = 256;

struct ReadPublicClient {
  Result<PublicClient> operator()(const Json& value) const {
    Fields fields{value};
    PublicClient client{
        .id = fields.required("id", read::client_id),
        .device_class = fields.optional("class", read::Text{0, limits::label_chars_max})};
    return fields.done(std::move(client));
  }
};

}  // namespace

std::string encode_users_query(const std::vector<UserId>& users) {
  auto ids = Json::array();
  for (const auto& user : users) ids.push_back(user.text());
  return text_of({{"users", std::move(ids)}});
}

Result<std::vector<UserId>> decode_users_query(std::string_view body) {
  const auto json = parse_object(body);
  if (!json) return json.error();
  Fields fields{*json};
  return fields.done(
      fields.required("users", read::List{read::user_id, limits::names_per_request_max}));
}

std::string encode_peer_clients(const PeerClients& clients) {
  auto json = Json::object();
  for (const auto& [user, devices] : clients) {
    auto& list = json[user.text()] = Json::array();
    for (const auto& device : devices) list.push_back(public_client(device));
  }
  return text_of(json);
}

Result<PeerClients> decode_peer_clients(const Json& answer) {
  return read::Map{read::user_id, read::List{ReadPublicClient{}, clients_of_user_max},
                   limits::names_per_request_max}(answer);
}

}  // namespace twostep::wire

#include "impl/wire/peer_users.hpp"

#include <cstdint>
#include <utility>

#include "impl/core/limits.hpp"
#include "impl/wire/accounts.hpp"
#include "impl/wire/clients.hpp"
#include "impl/wire/fields.hpp"
#include "impl/wire/prekeys.hpp"

namespace twostep::wire {
namespace {

/// Clients of one user. Ours have eight; others may allow more, but not without an end.
constexpr std::size_t clients_of_user_max = 256;

/// Names elsewhere may be longer than ours.
constexpr std::size_t name_chars_max = 1'024;

/// A bundle has about 150 octets.
constexpr std::size_t prekey_chars_max = 1'024;

constexpr std::string_view response_ok = "NewConnectionResponseOk";
constexpr std::string_view user_not_activated = "NewConnectionResponseUserNotActivated";

std::string_view name_of(Wish wish) {
  switch (wish) {
    case Wish::connect:
      return "RemoteConnect";
    case Wish::rescind:
      return "RemoteRescind";
  }
  return {};
}

const read::OneOf<Wish> wish_names{
    {{name_of(Wish::connect), Wish::connect}, {name_of(Wish::rescind), Wish::rescind}}};

struct ReadPublicClient {
  Result<PublicClient> operator()(const Json& value) const {
    Fields fields{value};
    PublicClient client{
        .id = fields.required("id", read::client_id),
        .device_class = fields.optional("class", read::Text{0, limits::label_chars_max})};
    return fields.done(std::move(client));
  }
};

struct ReadProfile {
  const Domain& peer;

  Result<Profile> operator()(const Json& value) const {
    Fields fields{value};
    Profile profile{.user = fields.required("qualified_id", read::qualified_user),
                    .name = fields.required("name", read::Text{0, name_chars_max})};
    if (const auto handle = fields.optional("handle", read::Text{0, limits::handle_chars_max}))
      profile.handle = Handle::parse(*handle);
    const auto colour = fields.optional("accent_id", read::Integer{INT32_MIN, INT32_MAX});
    profile.accent_id = colour.value_or(0);
    if (!fields.refusal() && profile.user.domain != peer)
      return Refusal{Reason::bad_request, "a user of another backend"};
    return fields.done(std::move(profile));
  }
};

/// As it is handed out: whether it is a key is for the client to say that uses it.
struct ReadPrekey {
  Result<std::optional<Prekey>> operator()(const Json& value) const {
    if (value.is_null()) return std::optional<Prekey>{};
    Fields fields{value};
    Prekey prekey{.id = static_cast<std::uint16_t>(fields.required("id", read::Integer{0, 65535})),
                  .key = fields.required("key", read::Text{1, prekey_chars_max})};
    return fields.done(std::optional{std::move(prekey)});
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

std::string encode_user_ids(const std::vector<UserId>& users) {
  auto ids = Json::array();
  for (const auto& user : users) ids.push_back(user.text());
  return text_of(ids);
}

Result<std::vector<UserId>> decode_user_ids(std::string_view body) {
  const auto json = parse_value(body);
  if (!json) return json.error();
  return read::List{read::user_id, limits::names_per_request_max}(*json);
}

std::string encode_peer_profiles(const std::vector<Profile>& profiles) {
  auto list = Json::array();
  for (const auto& each : profiles) list.push_back(profile(each));
  return text_of(list);
}

Result<std::vector<Profile>> decode_peer_profiles(const Json& answer, const Domain& peer) {
  return read::List{ReadProfile{peer}, limits::names_per_request_max}(answer);
}

std::string encode_prekey_query(const PeerPrekeyQuery& query) {
  auto json = Json::object();
  for (const auto& [user, clients] : query) {
    auto& list = json[user.text()] = Json::array();
    for (const auto client : clients) list.push_back(client.text());
  }
  return text_of(json);
}

Result<PeerPrekeyQuery> decode_peer_prekey_query(std::string_view body) {
  const auto json = parse_object(body);
  if (!json) return json.error();
  return read::Map{read::user_id, read::List{read::client_id, clients_of_user_max},
                   limits::names_per_request_max}(*json);
}

std::string encode_peer_prekeys(const PeerPrekeys& prekeys) {
  auto json = Json::object();
  for (const auto& [user, clients] : prekeys) {
    auto& of_user = json[user.text()] = Json::object();
    for (const auto& [client, key] : clients) of_user[client.text()] = key ? prekey(*key) : Json{};
  }
  return text_of(json);
}

Result<PeerPrekeys> decode_peer_prekeys(const Json& answer) {
  const read::Map clients{read::client_id, ReadPrekey{}, clients_of_user_max};
  return read::Map{read::user_id, clients, limits::names_per_request_max}(answer);
}

Result<ClientOfUser> decode_client_of_user(std::string_view body) {
  const auto json = parse_value(body);
  if (!json) return json.error();
  if (!json->is_array() || json->size() != 2)
    return Refusal{Reason::bad_request, "a user and a client"};
  const auto user = read::user_id(json->at(0));
  if (!user) return user.error();
  const auto client = read::client_id(json->at(1));
  if (!client) return client.error();
  return ClientOfUser{.user = *user, .client = *client};
}

std::string encode_peer_prekey(const std::optional<Prekey>& claimed) {
  return text_of(claimed ? prekey(*claimed) : Json{});
}

Result<UserId> decode_user_id(std::string_view body) {
  const auto json = parse_value(body);
  if (!json) return json.error();
  return read::user_id(*json);
}

std::string encode_peer_prekeys_of_user(const UserId& user,
                                        const std::map<ClientId, Prekey>& claimed) {
  return text_of(prekeys_of_user(user, claimed));
}

std::string encode_peer_wish(const PeerWish& wish) {
  return text_of(
      {{"from", wish.from.text()}, {"to", wish.to.text()}, {"action", name_of(wish.wish)}});
}

Result<PeerWish> decode_peer_wish(std::string_view body) {
  const auto json = parse_object(body);
  if (!json) return json.error();
  Fields fields{*json};
  PeerWish wish{.from = fields.required("from", read::user_id),
                .to = fields.required("to", read::user_id),
                .wish = fields.required("action", wish_names)};
  return fields.done(std::move(wish));
}

std::string encode_wish_answer(const WishAnswer& answer) {
  if (!answer.exists) return text_of({{"tag", user_not_activated}});
  const auto reaction = answer.reaction ? Json(name_of(*answer.reaction)) : Json();
  return text_of({{"tag", response_ok}, {"contents", reaction}});
}

Result<WishAnswer> decode_wish_answer(const Json& answer) {
  Fields fields{answer};
  const read::OneOf<bool> tags{{{response_ok, true}, {user_not_activated, false}}};
  WishAnswer read{.exists = fields.required("tag", tags)};
  if (read.exists) read.reaction = fields.optional("contents", wish_names);
  return fields.done(read);
}

}  // namespace twostep::wire

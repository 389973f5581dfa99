#include "impl/service/clients.hpp"

#include <sodium.h>

#include <algorithm>
#include <array>
#include <utility>

#include "impl/core/limits.hpp"
#include "impl/service/accounts.hpp"
#include "impl/service/ask_peers.hpp"
#include "impl/service/peer_calls.hpp"
#include "impl/store/accounts.hpp"
#include "impl/store/clients.hpp"
#include "impl/store/cookies.hpp"
#include "impl/store/prekeys.hpp"
#include "impl/store/push_tokens.hpp"
#include "impl/wire/clients.hpp"

namespace twostep::service {

namespace net = boost::asio;

namespace {

void tell(store::Transaction& rows, Events& events, const Caller& caller, std::string event) {
  events.add(
      rows,
      {.user = caller.user, .targets = {}, .origin = caller.connection, .event = std::move(event)});
}

/// The client's row and everything that is only there because of it.
void erase(store::Transaction& rows, Events& events, const Caller& caller, const Client& client) {
  store::erase_client(rows, caller.user, client.id);
  store::remove_prekeys(rows, caller.user, client.id);
  store::remove_push_tokens(rows, caller.user, client.id);
  if (client.cookie) store::erase_cookies_labelled(rows, caller.user, *client.cookie);
  tell(rows, events, caller, wire::client_removed_event(client.id));
}

void put_prekeys(store::Transaction& rows, const UserId& user, ClientId client,
                 const std::vector<Prekey>& prekeys,
                 const std::optional<std::string>& last_resort_key) {
  for (const auto& prekey : prekeys) store::put_prekey(rows, user, client, prekey);
  if (last_resort_key)
    store::put_prekey(rows, user, client, {limits::last_resort_prekey_id, *last_resort_key});
}

/// Whether every element of `fewer` is in `more`.
bool holds_all(const std::vector<std::string>& more, const std::vector<std::string>& fewer) {
  return std::all_of(fewer.begin(), fewer.end(), [&](const auto& element) {
    return std::find(more.begin(), more.end(), element) != more.end();
  });
}

/// A refused change is tried once more after the password was found right. Trying first, instead of
/// asking if a password will be needed, leaves no moment in which the answer could change.
template <class Change>
auto with_password_if_needed(Backend& backend, UserId user, std::optional<std::string> password,
                             Change attempt) -> decltype(attempt(false)) {
  auto outcome = co_await attempt(false);
  if (outcome || outcome.error().reason != Reason::missing_auth || !password) co_return outcome;
  const auto is_user = co_await authenticate(backend, user, std::move(password));
  if (!is_user) co_return is_user.error();
  co_return co_await attempt(true);
}

bool needs_no_password(const store::Reader& rows, const UserId& user) {
  const auto account = store::find_account(rows, user);
  return account && account->password_hash.empty();
}

/// What a registration did besides adding the client.
struct Added {
  Client client;
  std::vector<ClientId> removed;
};

Result<Added> add(store::Transaction& rows, Events& events, const Caller& caller,
                  const NewClient& request, Instant now, bool authenticated) {
  const Client client{.id = client_id_of(request.last_resort_key),
                      .type = request.type,
                      .registered = now,
                      .device_class = request.device_class,
                      .label = request.label,
                      .cookie = request.cookie,
                      .model = request.model,
                      .capabilities = request.capabilities,
                      .last_active = {}};
  auto same_type = store::clients(rows, caller.user);
  std::erase_if(same_type, [&](const Client& other) { return other.type != client.type; });
  const auto others_end = std::remove_if(same_type.begin(), same_type.end(),
                                         [&](const auto& other) { return other.id == client.id; });
  const bool again = others_end != same_type.end();
  const std::vector<Client> others(same_type.begin(), others_end);

  if (!again && !others.empty() && !authenticated && !needs_no_password(rows, caller.user))
    return Refusal{Reason::missing_auth};
  if (!again && client.type == ClientType::permanent &&
      others.size() >= limits::permanent_clients_max)
    return Refusal{Reason::too_many_clients};

  Added added{client, {}};
  if (client.type == ClientType::temporary) {
    for (const auto& former : others) {
      erase(rows, events, caller, former);
      added.removed.push_back(former.id);
    }
  }
  store::put_client(rows, caller.user, client);
  put_prekeys(rows, caller.user, client.id, request.prekeys, request.last_resort_key);
  tell(rows, events, caller, wire::client_added_event(client));
  return added;
}

}  // namespace

ClientId client_id_of(std::string_view last_resort_key) {
  std::array<unsigned char, crypto_hash_sha256_BYTES> hash;
  crypto_hash_sha256(hash.data(), reinterpret_cast<const unsigned char*>(last_resort_key.data()),
                     last_resort_key.size());
  ClientId id;
  for (std::size_t i = 0; i < sizeof id.value; ++i) id.value = id.value << 8 | hash[i];
  return id;
}

net::awaitable<Result<Client>> add_client(Backend& backend, Caller caller, NewClient request) {
  const auto attempt = [&](bool authenticated) {
    return change(backend, [&, authenticated](store::Transaction& rows, Events& events) {
      return add(rows, events, caller, request, backend.clock.now(), authenticated);
    });
  };
  auto added = co_await with_password_if_needed(backend, caller.user, request.password, attempt);
  if (!added) co_return added.error();
  for (const auto& id : added->removed) backend.sockets.close(caller.user, id);
  co_return std::move(added->client);
}

net::awaitable<Result<void>> update_client(Backend& backend, Caller caller, ClientId id,
                                           ClientUpdate update) {
  co_return co_await change(backend, [&](store::Transaction& rows, Events&) -> Result<void> {
    auto client = store::find_client(rows, caller.user, id);
    if (!client) return Refusal{Reason::client_not_found};
    if (update.capabilities) {
      if (!holds_all(*update.capabilities, client->capabilities))
        return Refusal{Reason::capabilities_cannot_be_removed};
      client->capabilities = *update.capabilities;
    }
    if (update.label) client->label = update.label;
    store::put_client(rows, caller.user, *client);
    put_prekeys(rows, caller.user, id, update.prekeys, update.last_resort_key);
    return {};
  });
}

net::awaitable<Result<void>> remove_client(Backend& backend, Caller caller, ClientId id,
                                           std::optional<std::string> password) {
  const auto attempt = [&](bool authenticated) {
    return change(backend,
                  [&, authenticated](store::Transaction& rows, Events& events) -> Result<void> {
                    const auto client = store::find_client(rows, caller.user, id);
                    if (!client) return Refusal{Reason::client_not_found};
                    if (client->type == ClientType::permanent && !authenticated &&
                        !needs_no_password(rows, caller.user))
                      return Refusal{Reason::missing_auth};
                    erase(rows, events, caller, *client);
                    return {};
                  });
  };
  const auto removed =
      co_await with_password_if_needed(backend, caller.user, std::move(password), attempt);
  if (removed) backend.sockets.close(caller.user, id);
  co_return removed;
}

net::awaitable<Result<std::vector<Client>>> list_clients(Backend& backend, UserId user) {
  co_return co_await look(backend, [&](const store::Reader& rows) -> Result<std::vector<Client>> {
    return store::clients(rows, user);
  });
}

net::awaitable<Result<Client>> find_client(Backend& backend, UserId user, ClientId id) {
  co_return co_await look(backend, [&](const store::Reader& rows) -> Result<Client> {
    if (auto client = store::find_client(rows, user, id)) return *std::move(client);
    return Refusal{Reason::client_not_found};
  });
}

std::map<UserId, std::vector<PublicClient>> public_clients(const store::Reader& reader,
                                                           const std::vector<UserId>& users) {
  std::map<UserId, std::vector<PublicClient>> found;
  for (const auto& user : users) {
    if (found.contains(user) || !store::account_exists(reader, user)) continue;
    auto& clients = found[user];
    for (auto& client : store::clients(reader, user))
      clients.push_back({client.id, std::move(client.device_class)});
  }
  return found;
}

net::awaitable<Result<ClientsOfUsers>> clients_of(Backend& backend,
                                                  std::vector<QualifiedUser> users) {
  std::vector<UserId> here;
  for (const auto& user : users)
    if (user.domain == backend.domain) here.push_back(user.id);
  using Found = std::map<UserId, std::vector<PublicClient>>;
  const auto look_at = [&](const store::Reader& rows) -> Result<Found> {
    return public_clients(rows, here);
  };
  auto found = co_await look(backend, look_at);
  if (!found) co_return found.error();

  ClientsOfUsers answer;
  for (auto& [user, clients] : *found)
    answer.emplace(QualifiedUser{backend.domain, user}, std::move(clients));
  auto questions = questions_about<wire::PeerClients>(users, backend.domain);
  co_await ask_all(backend, questions, get_user_clients);
  for (auto& [peer, asked, said] : questions) {
    if (!said) continue;
    for (const auto& user : asked)
      if (auto clients = said->extract(user))
        answer.emplace(QualifiedUser{peer, user}, std::move(clients.mapped()));
  }
  co_return answer;
}

net::awaitable<Result<std::vector<PublicClient>>> clients_of_one(Backend& backend,
                                                                 QualifiedUser user) {
  if (user.domain == backend.domain) {
    std::vector<QualifiedUser> one{user};
    auto seen = co_await clients_of(backend, std::move(one));
    if (!seen) co_return seen.error();
    co_return std::move((*seen)[user]);
  }
  std::vector<UserId> one{user.id};
  auto said = co_await get_user_clients(backend, user.domain, std::move(one));
  if (!said) co_return said.error();
  co_return std::move((*said)[user.id]);
}

}  // namespace twostep::service

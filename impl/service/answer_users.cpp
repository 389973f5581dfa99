#include "impl/service/answer_users.hpp"

#include "impl/service/change.hpp"
#include "impl/store/accounts.hpp"
#include "impl/store/clients.hpp"
#include "impl/wire/peer_users.hpp"

namespace twostep::service {

using boost::asio::awaitable;

awaitable<Result<PeerAnswer>> answer_api_version(Backend&, const PeerRequest&) {
  co_return PeerAnswer{.body = R"({"supported":[1],"supported_versions":[1]})"};
}

awaitable<Result<PeerAnswer>> answer_get_user_clients(Backend& backend,
                                                      const PeerRequest& request) {
  const auto users = wire::decode_users_query(request.body);
  if (!users) co_return users.error();
  const auto look_at = [&](const store::Reader& reader) -> Result<wire::PeerClients> {
    wire::PeerClients found;
    for (const auto& user : *users) {
      if (!store::account_exists(reader, user)) continue;
      auto& clients = found[user];
      clients.clear();  // Somebody named twice is answered once.
      for (auto& client : store::clients(reader, user))
        clients.push_back({client.id, std::move(client.device_class)});
    }
    return found;
  };
  const auto found = co_await look(backend, look_at);
  if (!found) co_return found.error();
  co_return PeerAnswer{.body = wire::encode_peer_clients(*found)};
}

}  // namespace twostep::service

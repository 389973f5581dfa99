#include "impl/service/prekeys.hpp"

#include <utility>

#include "impl/core/limits.hpp"
#include "impl/service/change.hpp"
#include "impl/store/clients.hpp"
#include "impl/store/prekeys.hpp"

namespace twostep::service {

namespace net = boost::asio;

net::awaitable<Result<ClaimedPrekeys>> claim_prekeys(Backend& backend, PrekeyRequest request) {
  if (request.size() > limits::names_per_request_max) co_return Refusal{Reason::too_many_clients};
  co_return co_await change(
      backend, [&](store::Transaction& rows, Events&) -> Result<ClaimedPrekeys> {
        ClaimedPrekeys claimed;
        for (const auto& [user, clients] : request) {
          if (user.domain != backend.domain) {
            claimed.failed_to_list.push_back(user);
            continue;
          }
          auto& prekeys = claimed.prekeys[user];
          for (const auto client : clients) {
            if (!prekeys.contains(client))
              prekeys.emplace(client, store::claim_prekey(rows, user.id, client));
          }
        }
        return claimed;
      });
}

net::awaitable<Result<std::map<ClientId, Prekey>>> claim_prekeys_of(Backend& backend,
                                                                    QualifiedUser user) {
  if (user.domain != backend.domain) co_return Refusal{Reason::federation_not_enabled};
  co_return co_await change(
      backend, [&](store::Transaction& rows, Events&) -> Result<std::map<ClientId, Prekey>> {
        std::map<ClientId, Prekey> claimed;
        for (const auto client : store::client_ids(rows, user.id)) {
          if (auto prekey = store::claim_prekey(rows, user.id, client))
            claimed.emplace(client, *std::move(prekey));
        }
        return claimed;
      });
}

net::awaitable<Result<Prekey>> claim_prekey_of(Backend& backend, QualifiedUser user,
                                               ClientId client) {
  if (user.domain != backend.domain) co_return Refusal{Reason::federation_not_enabled};
  co_return co_await change(backend, [&](store::Transaction& rows, Events&) -> Result<Prekey> {
    if (auto prekey = store::claim_prekey(rows, user.id, client)) return *std::move(prekey);
    return Refusal{Reason::not_found};
  });
}

net::awaitable<Result<std::vector<std::uint16_t>>> prekey_ids_left(Backend& backend, UserId user,
                                                                   ClientId client) {
  co_return co_await look(backend,
                          [&](const store::Reader& rows) -> Result<std::vector<std::uint16_t>> {
                            return store::prekey_ids(rows, user, client);
                          });
}

}  // namespace twostep::service

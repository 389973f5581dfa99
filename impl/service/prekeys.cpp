#include "impl/service/prekeys.hpp"

#include <utility>

#include "impl/core/limits.hpp"
#include "impl/service/ask_peers.hpp"
#include "impl/service/change.hpp"
#include "impl/service/clients.hpp"
#include "impl/service/peer_calls.hpp"
#include "impl/store/prekeys.hpp"

namespace twostep::service {

namespace net = boost::asio;

net::awaitable<Result<wire::PeerPrekeys>> claim_prekeys_here(Backend& backend,
                                                             wire::PeerPrekeyQuery query) {
  co_return co_await change(
      backend, [&](store::Transaction& rows, Events&) -> Result<wire::PeerPrekeys> {
        wire::PeerPrekeys claimed;
        for (const auto& [user, clients] : query) {
          auto& prekeys = claimed[user];
          for (const auto client : clients) {
            if (!prekeys.contains(client))
              prekeys.emplace(client, store::claim_prekey(rows, user, client));
          }
        }
        return claimed;
      });
}

net::awaitable<Result<ClaimedPrekeys>> claim_prekeys(Backend& backend, PrekeyRequest request) {
  if (request.size() > limits::names_per_request_max) co_return Refusal{Reason::too_many_clients};
  wire::PeerPrekeyQuery here;
  std::map<Domain, wire::PeerPrekeyQuery> elsewhere;
  for (auto& [user, clients] : request) {
    auto& query = user.domain == backend.domain ? here : elsewhere[user.domain];
    query.emplace(user.id, std::move(clients));
  }
  auto claimed_here = co_await claim_prekeys_here(backend, std::move(here));
  if (!claimed_here) co_return claimed_here.error();

  ClaimedPrekeys claimed;
  const auto take_over = [&](const Domain& domain, wire::PeerPrekeys& prekeys) {
    for (auto& [user, keys] : prekeys)
      claimed.prekeys.emplace(QualifiedUser{domain, user}, std::move(keys));
  };
  take_over(backend.domain, *claimed_here);
  std::vector<Asked<wire::PeerPrekeyQuery, wire::PeerPrekeys>> questions;
  for (auto& [domain, query] : elsewhere) questions.push_back({domain, std::move(query)});
  co_await ask_all(backend, questions, claim_multi_prekey_bundle);
  for (auto& [peer, query, answer] : questions) {
    if (answer) {
      take_over(peer, *answer);
    } else {
      for (const auto& [user, clients] : query) claimed.failed_to_list.push_back({peer, user});
    }
  }
  co_return claimed;
}

net::awaitable<Result<std::map<ClientId, Prekey>>> claim_prekeys_of(Backend& backend,
                                                                    QualifiedUser user) {
  const auto known = co_await clients_of_one(backend, user);
  if (!known) co_return known.error();
  wire::PeerPrekeyQuery query;
  for (const auto& client : *known) query[user.id].push_back(client.id);
  auto claiming = user.domain == backend.domain
                      ? claim_prekeys_here(backend, std::move(query))
                      : claim_multi_prekey_bundle(backend, user.domain, std::move(query));
  auto claimed = co_await std::move(claiming);
  if (!claimed) co_return claimed.error();
  std::map<ClientId, Prekey> prekeys;
  for (auto& [client, prekey] : (*claimed)[user.id])
    if (prekey) prekeys.emplace(client, *std::move(prekey));
  co_return prekeys;
}

net::awaitable<Result<Prekey>> claim_prekey_of(Backend& backend, QualifiedUser user,
                                               ClientId client) {
  wire::PeerPrekeyQuery query{{user.id, {client}}};
  auto claiming = user.domain == backend.domain
                      ? claim_prekeys_here(backend, std::move(query))
                      : claim_multi_prekey_bundle(backend, user.domain, std::move(query));
  auto claimed = co_await std::move(claiming);
  if (!claimed) co_return claimed.error();
  if (auto& prekey = (*claimed)[user.id][client]) co_return *std::move(prekey);
  co_return Refusal{Reason::not_found};
}

net::awaitable<Result<std::vector<std::uint16_t>>> prekey_ids_left(Backend& backend, UserId user,
                                                                   ClientId client) {
  co_return co_await look(backend,
                          [&](const store::Reader& rows) -> Result<std::vector<std::uint16_t>> {
                            return store::prekey_ids(rows, user, client);
                          });
}

}  // namespace twostep::service

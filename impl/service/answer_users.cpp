#include "impl/service/answer_users.hpp"

#include <utility>
#include <vector>

#include "impl/service/accounts.hpp"
#include "impl/service/change.hpp"
#include "impl/service/clients.hpp"
#include "impl/service/prekeys.hpp"
#include "impl/wire/peer_users.hpp"

namespace twostep::service {

using boost::asio::awaitable;

awaitable<Result<PeerAnswer>> answer_api_version(Backend&, const PeerRequest&) {
  const std::string version{peer_api_version};
  co_return PeerAnswer{.body = R"({"supported":[)" + version + R"(],"supported_versions":[)" +
                               version + "]}"};
}

awaitable<Result<PeerAnswer>> answer_get_user_clients(Backend& backend,
                                                      const PeerRequest& request) {
  const auto users = wire::decode_users_query(request.body);
  if (!users) co_return users.error();
  const auto look_at = [&](const store::Reader& reader) -> Result<wire::PeerClients> {
    return public_clients(reader, *users);
  };
  const auto found = co_await look(backend, look_at);
  if (!found) co_return found.error();
  co_return PeerAnswer{.body = wire::encode_peer_clients(*found)};
}

awaitable<Result<PeerAnswer>> answer_get_users_by_ids(Backend& backend,
                                                      const PeerRequest& request) {
  const auto users = wire::decode_user_ids(request.body);
  if (!users) co_return users.error();
  std::vector<QualifiedUser> names;
  for (const auto& user : *users) names.push_back({backend.domain, user});
  const auto found = co_await find_users(backend, std::move(names));
  if (!found) co_return found.error();
  co_return PeerAnswer{.body = wire::encode_peer_profiles(found->found)};
}

awaitable<Result<PeerAnswer>> answer_claim_prekeys(Backend& backend, const PeerRequest& request) {
  auto query = wire::decode_peer_prekey_query(request.body);
  if (!query) co_return query.error();
  const auto claimed = co_await claim_prekeys_here(backend, *std::move(query));
  if (!claimed) co_return claimed.error();
  co_return PeerAnswer{.body = wire::encode_peer_prekeys(*claimed)};
}

awaitable<Result<PeerAnswer>> answer_claim_prekey(Backend& backend, const PeerRequest& request) {
  const auto wanted = wire::decode_client_of_user(request.body);
  if (!wanted) co_return wanted.error();
  wire::PeerPrekeyQuery query{{wanted->user, {wanted->client}}};
  const auto claimed = co_await claim_prekeys_here(backend, std::move(query));
  if (!claimed) co_return claimed.error();
  const auto& prekey = claimed->at(wanted->user).at(wanted->client);
  co_return PeerAnswer{.body = wire::encode_peer_prekey(prekey)};
}

awaitable<Result<PeerAnswer>> answer_claim_prekeys_of_user(Backend& backend,
                                                           const PeerRequest& request) {
  const auto user = wire::decode_user_id(request.body);
  if (!user) co_return user.error();
  const QualifiedUser name{backend.domain, *user};
  const auto claimed = co_await claim_prekeys_of(backend, name);
  if (!claimed) co_return claimed.error();
  co_return PeerAnswer{.body = wire::encode_peer_prekeys_of_user(*user, *claimed)};
}

}  // namespace twostep::service

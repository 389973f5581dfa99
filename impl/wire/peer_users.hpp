#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "impl/core/account.hpp"
#include "impl/core/client.hpp"
#include "impl/core/connection_elsewhere.hpp"
#include "impl/core/ids.hpp"
#include "impl/core/result.hpp"
#include "impl/wire/json.hpp"

/// What backends tell each other about their users. Ids are those of the callee's users.
///
/// Shape      A request is decoded from a body, an answer from JSON that was parsed: that tells an
///            answer that is no JSON from one that is JSON of another shape.
/// Errors     `bad_request`.
/// Threads    Pure functions.
/// Source     specs/09-federation.md (FED).
namespace twostep::wire {

/// `get-user-clients`: `{"users":["<uid>"…]}`
std::string encode_users_query(const std::vector<UserId>& users);
Result<std::vector<UserId>> decode_users_query(std::string_view body);

/// `{"<uid>":[{"id":"<client>","class":"phone"}…]}`
using PeerClients = std::map<UserId, std::vector<PublicClient>>;
std::string encode_peer_clients(const PeerClients& clients);
Result<PeerClients> decode_peer_clients(const Json& answer);

/// `get-users-by-ids`: `["<uid>"…]`, and their profiles in a list.
std::string encode_user_ids(const std::vector<UserId>& users);
Result<std::vector<UserId>> decode_user_ids(std::string_view body);
std::string encode_peer_profiles(const std::vector<Profile>& profiles);
/// Users of another domain than `peer` are refused: it may speak for its own only.
Result<std::vector<Profile>> decode_peer_profiles(const Json& answer, const Domain& peer);

/// `claim-multi-prekey-bundle`: `{"<uid>":["<client>"…]}`, and `null` for unknown clients.
using PeerPrekeyQuery = std::map<UserId, std::vector<ClientId>>;
using PeerPrekeys = std::map<UserId, std::map<ClientId, std::optional<Prekey>>>;
std::string encode_prekey_query(const PeerPrekeyQuery& query);
Result<PeerPrekeyQuery> decode_peer_prekey_query(std::string_view body);
std::string encode_peer_prekeys(const PeerPrekeys& prekeys);
Result<PeerPrekeys> decode_peer_prekeys(const Json& answer);

/// `claim-prekey`: `["<uid>","<client>"]`, answered with a prekey, or `null` for an unknown client.
struct ClientOfUser {
  UserId user;
  ClientId client;
};
Result<ClientOfUser> decode_client_of_user(std::string_view body);
std::string encode_peer_prekey(const std::optional<Prekey>& claimed);

/// `claim-prekey-bundle`: `"<uid>"`, answered with what was claimed of all clients.
Result<UserId> decode_user_id(std::string_view body);
std::string encode_peer_prekeys_of_user(const UserId& user,
                                        const std::map<ClientId, Prekey>& claimed);

/// `send-connection-action`: what a user of the caller wants of one of the callee.
struct PeerWish {
  UserId from;
  UserId to;
  Wish wish;
};
std::string encode_peer_wish(const PeerWish& wish);
Result<PeerWish> decode_peer_wish(std::string_view body);

struct WishAnswer {
  bool exists = true;                 ///< Whether there is such a user.
  std::optional<Wish> reaction = {};  ///< What that user wants, if it answers the wish.
};
std::string encode_wish_answer(const WishAnswer& answer);
Result<WishAnswer> decode_wish_answer(const Json& answer);

}  // namespace twostep::wire

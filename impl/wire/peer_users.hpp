#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "impl/core/client.hpp"
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

}  // namespace twostep::wire

#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "impl/core/client.hpp"
#include "impl/core/ids.hpp"
#include "impl/core/result.hpp"
#include "impl/wire/json.hpp"

/// Clients in bodies and in events.
///
/// Errors     `bad_request`; `malformed_prekeys` for keys that are no Proteus prekey bundles of the
///            id beside them.
/// Threads    Pure functions.
/// Source     specs/07-wire.md (WIR), clients.
namespace twostep::wire {

Result<NewClient> decode_new_client(std::string_view body);
Result<ClientUpdate> decode_client_update(std::string_view body);

/// Whose clients are asked for.
Result<std::vector<QualifiedUser>> decode_client_query(std::string_view body);

Json client(const Client& client);
Json public_client(const PublicClient& client);

/// `user.client-add`, which has capabilities nested twice and knows the older of them only: event
/// shapes do not follow the version of the API.
std::string client_added_event(const Client& client);

/// `user.client-remove`
std::string client_removed_event(ClientId client);

}  // namespace twostep::wire

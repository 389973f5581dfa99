#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "impl/core/client.hpp"
#include "impl/core/ids.hpp"
#include "impl/core/result.hpp"
#include "impl/wire/json.hpp"

/// Prekeys in bodies: `{"id":<number>,"key":"<base64>"}`.
///
/// Errors     `bad_request`; `malformed_prekeys` for keys that are no Proteus prekey bundles of the
///            id beside them, and for a last-resort key whose id is not 65535, or another whose is.
/// Threads    Pure functions.
/// Source     specs/07-wire.md (WIR), prekeys.
namespace twostep::wire {

/// Readers, as `Fields` takes them.
Result<std::vector<Prekey>> prekey_list(const Json& value);
Result<std::string> last_resort_key(const Json& value);

/// `{"<domain>":{"<user>":["<client>"…]}}`
Result<std::map<QualifiedUser, std::vector<ClientId>>> decode_prekey_query(std::string_view body);

Json prekey(const Prekey& prekey);

/// `{"user","clients":[{"client","prekey"}…]}`: what was claimed of all clients of a user.
Json prekeys_of_user(const UserId& user, const std::map<ClientId, Prekey>& claimed);

}  // namespace twostep::wire

#pragma once

#include <string_view>
#include <vector>

#include "impl/core/client.hpp"
#include "impl/core/result.hpp"
#include "impl/wire/json.hpp"

/// Push tokens in bodies: `{"transport","app","token","client"}`.
///
/// Errors     `bad_request`; `token_too_long`; `invalid_push_token` for octets that no vendor uses;
///            `apns_voip_not_supported`.
/// Threads    Pure functions.
/// Source     specs/07-wire.md (WIR), push tokens.
namespace twostep::wire {

/// Without the connection, which is not in the body.
Result<PushToken> decode_push_token(std::string_view body);

Json push_token(const PushToken& token);
Json push_token_list(const std::vector<PushToken>& tokens);

}  // namespace twostep::wire

#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "impl/core/account.hpp"
#include "impl/core/ids.hpp"
#include "impl/core/result.hpp"
#include "impl/wire/json.hpp"

/// The bodies of registering, logging in, and profiles.
///
/// Errors     `bad_request`; `invalid_email`, `invalid_handle` for what is neither.
/// Threads    Pure functions.
/// Source     specs/07-wire.md (WIR), accounts.
namespace twostep::wire {

/// Errors     also `invalid_invitation_code` and `user_creation_restricted`, for what would make it
///            the account of a team: there are none here.
Result<NewAccount> decode_new_account(std::string_view body);

/// `persist` is not in the body.
Result<Login> decode_login(std::string_view body);

/// `{"password": …}`, or nothing at all.
Result<std::optional<std::string>> decode_password(std::string_view body);

Result<Handle> decode_handle(std::string_view body);

/// Whose profiles are asked for: one of the two is empty.
struct UserQuery {
  std::vector<QualifiedUser> users;
  std::vector<Qualified<Handle>> handles;
};
Result<UserQuery> decode_user_query(std::string_view body);

struct CookieRevocation {
  std::optional<std::string> password;
  std::vector<std::string> labels;
  std::vector<std::uint64_t> numbers;
};
Result<CookieRevocation> decode_cookie_revocation(std::string_view body);

/// What everybody may see of a user.
Json profile(const Profile& profile);

/// What the user sees.
Json own_profile(const Account& account, const Domain& domain);

Json cookie_list(const std::vector<Cookie>& cookies);

}  // namespace twostep::wire

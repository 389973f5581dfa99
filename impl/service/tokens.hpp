#pragma once

#include <array>
#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "impl/core/ids.hpp"
#include "impl/core/result.hpp"
#include "impl/core/time_uuid.hpp"
#include "impl/service/ports.hpp"

/// Tokens: what proves to this backend who is asking, without asking the database.
///
/// A token is a text and a keyed hash of that text. There is no algorithm in it to choose, and
/// nothing in it is read before the hash has been found right.
///
/// Shape      `<hash>.v=1.k=1.d=<expiry>.t=<kind>.l=.u=<user>.i=<client or nothing>.…`: client
///            libraries look for `v=` and `u=`. An access token (`t=a`) ends in `c=<connection>`, a
///            cookie (`t=u`) in `r=<number>`. Clients, connections and numbers are hexadecimal.
/// Units      Expiry in whole seconds since 1970; the second named is the first that is too late.
/// Errors     A text that was altered in any way, or made with another key, is `nullopt`.
/// Threads    Immutable after construction.
/// Source     specs/05-accounts-and-devices.md (ACC).
namespace twostep::service {

using Expiry = std::chrono::sys_seconds;

/// What an access token says, whether or not it is still good.
struct AccessToken {
  Caller caller;
  Expiry expires;
};

/// What the value of a `zuid` cookie says. Whether the cookie still exists, the store knows.
struct CookieToken {
  UserId user;
  std::uint64_t number = 0;        ///< Which login of the user.
  std::optional<ClientId> client;  ///< If this value was bound to one.
  Expiry expires;
};

class TokenKeys {
 public:
  static constexpr std::size_t key_bytes = 32;
  using Key = std::array<std::uint8_t, key_bytes>;

  explicit TokenKeys(const Key& key) : key_{key} {}

  std::string make_access_token(const Caller& caller, Expiry expires) const;

  /// The question of every request: who is this? Expired tokens are nobody's.
  std::optional<Caller> check_access_token(std::string_view token, Instant now) const;

  /// An authentic access token, even an expired one: renewing it keeps its connection.
  std::optional<AccessToken> read_access_token(std::string_view token) const;

  std::string make_cookie(const CookieToken& cookie) const;

  /// As with access tokens, expiry is the caller's to look at.
  std::optional<CookieToken> read_cookie(std::string_view value) const;

 private:
  std::string sealed(std::string_view text) const;
  std::optional<std::string_view> opened(std::string_view token) const;

  Key key_;
};

/// The keys of this backend: made at its first start, kept in its store, so that tokens outlive a
/// restart and are good at every node.
boost::asio::awaitable<Result<TokenKeys>> load_token_keys(Backend& backend);

}  // namespace twostep::service

#pragma once

#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "impl/core/account.hpp"
#include "impl/core/ids.hpp"
#include "impl/core/result.hpp"
#include "impl/service/failed_logins.hpp"
#include "impl/service/ports.hpp"
#include "impl/service/tokens.hpp"

/// Registering, logging in and out, and turning a cookie into access tokens.
///
/// A login is a row; its cookie's value proves itself and names the row, so that revoking is
/// erasing. A renewed cookie, and one that is bound to a client, is another value for the same row:
/// the values before it go on working until they expire, because client libraries keep the first.
///
/// Errors     A cookie or token that is not good is 403 here, never 401: a client that gets a 401
///            comes here for a new token.
/// Threads    Coroutines over the backend's ports; any thread.
/// Source     specs/05-accounts-and-devices.md (ACC), access tokens and cookies.
namespace twostep::service {

struct LoginSettings {
  bool open_registration = true;
  std::chrono::seconds access_token{900};
  std::chrono::seconds persistent_cookie{4'838'400};  ///< 56 days.
  std::chrono::seconds session_cookie{86'400};

  /// How old a persistent cookie is when the next access offers a newer one: early enough that
  /// somebody who comes once a fortnight stays logged in, rarely enough that it costs no writes.
  std::chrono::seconds renew_after{1'209'600};

  FailedLogins::Policy failed_logins = {};
};

/// A cookie on its way to the client.
struct IssuedCookie {
  std::string value;
  bool persistent = false;  ///< Else it ends with the session, and no date is sent.
  Expiry expires;
};

struct Registration {
  Account account;
  IssuedCookie cookie;
};

struct Access {
  UserId user;
  std::string token;
  std::chrono::seconds expires_in;
  std::optional<IssuedCookie> cookie;  ///< Only if there is a new value.
};

/// Too many attempts; nothing was looked at.
struct TryAgainLater {
  std::chrono::seconds wait;
};

/// What comes with a request to `/access`.
struct AccessRequest {
  std::optional<std::string> cookie;
  std::optional<std::string> token;
  std::optional<ClientId> client;  ///< To bind to.
};

class Logins {
 public:
  /// `hash_of_nobody` is what the password of somebody who does not exist is compared with, so that
  /// it takes as long: the hash of something random, by the same `Passwords`.
  Logins(Backend& backend, const TokenKeys& keys, LoginSettings settings,
         std::string hash_of_nobody);

  boost::asio::awaitable<Result<Registration>> sign_up(NewAccount request);

  boost::asio::awaitable<Result<std::variant<Access, TryAgainLater>>> log_in(Login login);

  /// A new access token. It keeps the connection of the one it replaces, and the client it is bound
  /// to.
  boost::asio::awaitable<Result<Access>> renew(AccessRequest request);

  boost::asio::awaitable<Result<void>> log_out(AccessRequest request);

  /// The logins of a user that are not over; with labels, only those that have one of them.
  boost::asio::awaitable<Result<std::vector<Cookie>>> list(UserId user,
                                                           std::vector<std::string> labels);

  struct Revocation {
    std::optional<std::string> password;
    std::vector<std::string> labels;
    std::vector<std::uint64_t> numbers;
  };

  boost::asio::awaitable<Result<void>> revoke(UserId user, Revocation revocation);

 private:
  struct Proof {
    CookieToken login;
    std::optional<Caller> token;  ///< Authentic, of the same user, perhaps expired.
  };

  Result<Proof> proof_in(const AccessRequest& request) const;
  boost::asio::awaitable<Result<Cookie>> prolong(UserId user, std::uint64_t number);
  Cookie new_cookie(bool persistent, std::optional<std::string> label);
  Expiry now() const;
  IssuedCookie issued(const UserId& user, const Cookie& cookie,
                      std::optional<ClientId> client) const;
  Access access(const Caller& caller) const;

  Backend& backend_;
  const TokenKeys& keys_;
  const LoginSettings settings_;
  const std::string hash_of_nobody_;
  FailedLogins failed_logins_;
};

}  // namespace twostep::service
